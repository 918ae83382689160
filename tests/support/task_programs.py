"""Hypothesis prints task packages: several modules, types of many kinds, and many ways to import them."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

_SCALARS = [
    "int", "str", "bool", "float", "None", "bytes", "Decimal", "UUID", "dt.date", "dt.datetime", "dt.timedelta", "Path",
    "JsonValue", 'Literal["a", "b"]', "Literal[1, None]", "Annotated[int, Field(gt=0)]", "PositiveInt",
    'Annotated[str, Field(max_length=5)]', "AwareDatetime",
]  # fmt: skip
_KEYS = ["str", "int", "UUID"]
_HEAD = """from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum, auto
from pathlib import Path
from typing import Annotated, Generic, Literal, NamedTuple, NewType, NotRequired, Optional, TypeVar, Union
from uuid import UUID

from horsies import JsonValue
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PositiveInt, RootModel
from pydantic.alias_generators import to_camel
from typing_extensions import TypedDict

T = TypeVar("T")
"""


@dataclass
class Program:
    """A package that is being printed: its modules' texts, and the names of types with the module that holds each."""

    modules: dict[str, str] = field(default_factory=dict)
    types: list[tuple[str, str, bool]] = field(default_factory=list)
    """Module, name, whether it takes one type argument."""


@st.composite
def programs(draw: st.DrawFn) -> dict[str, str]:
    """Files by path. The package's name is ``made``; ``made/tasks.py`` holds the tasks."""
    program = Program()
    for index in range(draw(st.integers(1, 3))):
        name = f"m{index}"
        lines = [_HEAD, *_imports(draw, program)]
        for number in range(draw(st.integers(1, 4))):
            lines.append(draw(_definition(program, name, f"{_KIND_NAMES[number]}{index}")))
        program.modules[name] = "\n".join(lines) + "\n"
    tasks = [_HEAD, *_imports(draw, program), "from horsies import Horsies, TaskError, TaskResult\n\napp = Horsies()\n"]
    for number in range(draw(st.integers(1, 3))):
        parameters = ", ".join(f"p{index}: {draw(_annotation(program))}" for index in range(draw(st.integers(0, 4))))
        star = f"*, {parameters}" if parameters else ""
        result = draw(_annotation(program))
        tasks.append(f'\n@app.task("t{number}")\ndef t{number}({star}) -> TaskResult[{result}, TaskError]: ...\n')
    files = {f"made/{name}.py": text for name, text in program.modules.items()}
    return {"made/__init__.py": "", **files, "made/tasks.py": "\n".join(tasks)}


_KIND_NAMES = ["First", "Second", "Third", "Fourth"]


def _imports(draw: st.DrawFn, program: Program) -> list[str]:
    """One way of importing for each module that is there already. Types are spelled ``module_Name`` afterwards."""
    lines: list[str] = []
    for module in program.modules:
        names = [name for owner, name, _ in program.types if owner == module]
        style = draw(st.sampled_from(["from", "relative", "module", "dotted", "star"]))
        spelled = [(name, f"{module}_{name}") for name in names]
        if style in ("from", "relative"):
            origin = f".{module}" if style == "relative" else f"made.{module}"
            lines.append(f"from {origin} import " + ", ".join(f"{name} as {alias}" for name, alias in spelled))
        elif style == "star":
            lines.append(f"from .{module} import *")
            lines.extend(f"{alias} = {name}" for name, alias in spelled)
        else:
            target = (
                f"from . import {module} as x_{module}" if style == "module" else f"import made.{module} as x_{module}"
            )
            lines.append(target)
            lines.extend(f"{alias} = x_{module}.{name}" for name, alias in spelled)
    return lines


def _named(program: Program, inner: st.SearchStrategy[str], own: str | None) -> st.SearchStrategy[str]:
    def spell(item: tuple[str, str, bool]) -> st.SearchStrategy[str]:
        module, name, takes_argument = item
        shown = name if module == own else f"{module}_{name}"
        return inner.map(lambda argument: f"{shown}[{argument}]") if takes_argument else st.just(shown)

    return st.sampled_from(program.types).flatmap(spell)


def _annotation(program: Program, own: str | None = None) -> st.SearchStrategy[str]:
    def wider(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        shapes = [
            inner.map(lambda item: f"list[{item}]"),
            inner.map(lambda item: f"Optional[{item}]"),
            inner.map(lambda item: "None" if item == "None" else f"{item} | None"),
            st.tuples(inner, inner).map(lambda items: f"Union[{items[0]}, {items[1]}]"),
            st.tuples(inner, inner).map(lambda items: f"tuple[{items[0]}, {items[1]}]"),
            st.tuples(st.sampled_from(_KEYS), inner).map(lambda items: f"dict[{items[0]}, {items[1]}]"),
            inner.map(lambda item: f"Annotated[list[{item}], Field(min_length=1)]"),
        ]
        if program.types:
            shapes.append(_named(program, inner, own))
        return st.one_of(shapes)

    return st.recursive(st.sampled_from(_SCALARS), wider, max_leaves=4)


@st.composite
def _definition(draw: st.DrawFn, program: Program, module: str, name: str) -> str:
    kinds = ["model", "generic", "dataclass", "dict", "tuple", "enum", "text", "new", "alias", "root", "child"]
    kind = draw(st.sampled_from(kinds))
    inner = _annotation(program, module)
    fields = [(f"f{index}", draw(inner)) for index in range(draw(st.integers(1, 3)))]
    body = "".join(f"    {key}: {annotation}\n" for key, annotation in fields)
    models = [(owner, item) for owner, item, takes in program.types if item.endswith("Model") and not takes]
    takes = kind == "generic"
    match kind:
        case "model":
            name += "Model"
            config = draw(st.sampled_from(["", '    model_config = ConfigDict(extra="forbid")\n', _CAMEL]))
            own = f'    again: "{name} | None" = None\n    hidden_one: int = Field(3, alias="Hidden", exclude=True)\n'
            text = f"class {name}(BaseModel):\n{config}{body}{own}"
        case "child" if models:
            owner, base = draw(st.sampled_from(models))
            shown = base if owner == module else f"{owner}_{base}"
            name += "Model"
            text = f"class {name}({shown}):\n    more_of_it: {draw(inner)}\n"
        case "generic":
            text = f"class {name}(BaseModel, Generic[T]):\n    item: T\n    items: list[T] = []\n{body}"
        case "dataclass":
            text = f"@dataclass(kw_only=True)\nclass {name}:\n{body}    tags: list[str] = field(default_factory=list)\n"
        case "dict":
            text = f"class {name}(TypedDict, total=False):\n{body}    last: NotRequired[int]\n"
        case "tuple":
            text = f"class {name}(NamedTuple):\n{body}    last: int = 3\n"
        case "enum":
            text = f"class {name}(Enum):\n    A = auto()\n    B = 5\n    C = auto()\n"
        case "text":
            text = f'class {name}(StrEnum):\n    A = auto()\n    B = "b" + "c"\n'
        case "new":
            text = f'{name} = NewType("{name}", {draw(st.sampled_from(_SCALARS[:4]))})\n'
        case "root":
            text = f"class {name}(RootModel[{draw(inner)}]): ...\n"
        case _:
            text = f"{name} = {draw(inner)}\n"
    program.types.append((module, name, takes))
    return text


_CAMEL = "    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)\n"
