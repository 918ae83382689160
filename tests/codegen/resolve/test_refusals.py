"""What cannot be part of a contract is refused at its exact expression, under its code, and never becomes ``Any``."""

from __future__ import annotations

import pytest
from resolving import PREAMBLE, codes, one_parameter, only, resolve_files, resolve_text, under

from horsies_core.contract.laws import holes
from horsies_core.contract.refusals import REFUSALS

_MODEL = "from pydantic import BaseModel, Field\n"


@pytest.mark.parametrize(
    ("annotation", "before", "code", "blamed"),
    [
        ("Any", "from typing import Any", "HC202", "Any"),
        ("dict[str, Any]", "from typing import Any", "HC202", "Any"),
        ("object", "", "HC202", "object"),
        ("list", "", "HC201", "list"),
        ("list[dict]", "", "HC201", "dict"),
        ("typing.Dict", "import typing", "HC201", "typing.Dict"),
        ("Missing", "", "HC003", "Missing"),
        ("'list[Missing]'", "", "HC003", "Missing"),
        ("missing.Thing", "import missing", "HC005", "missing.Thing"),
        ("Thing", "from missing import Thing", "HC005", "Thing"),
        ("make()", "def make(): ...", "HC004", "make()"),
        ("Made", "Made = make()", "HC004", "Made"),
        ("Made", "from pydantic import create_model\nMade = create_model('Made', a=(int, 1))", "HC004", "Made"),
        ("int if 1 else str", "", "HC004", "int if 1 else str"),
        ("Callable[[], int]", "from collections.abc import Callable", "HC203", "Callable[[], int]"),
        ("type[int]", "", "HC203", "type[int]"),
        ("range", "", "HC203", "range"),
        ("Counter", "from collections import Counter", "HC203", "Counter"),
        ("SecretStr", "from pydantic import SecretStr", "HC205", "SecretStr"),
        ("Annotated[int, check()]", "from typing import Annotated\ndef check(): ...", "HC006", "check()"),
        ("Annotated[int, BeforeValidator(int)]", "from typing import Annotated\nfrom pydantic import BeforeValidator",
         "HC007", "BeforeValidator(int)"),
        ("Annotated[int, Field(alias='y')]", "from typing import Annotated\n" + _MODEL, "HC006",
         "Annotated[int, Field(alias='y')]"),
        ("Annotated[int, Field(max_length=3)]", "from typing import Annotated\n" + _MODEL, "HC006",
         "Field(max_length=3)"),
        ("Thing", "class Thing: ...", "HC203", "Thing"),
        ("Thing", "class Thing(Thing): ...", "HC004", "Thing"),
        ("Thing", "class Thing(Missing): ...", "HC003", "Missing"),
        ("Loose", "from enum import Flag\nclass Loose(Flag):\n    A = 1", "HC004", "Loose"),
        ("Late", "from enum import Enum\nclass Late(Enum):\n    A = now()", "HC004", "Late"),
        ("Alias", "Alias = list['Alias']", "HC004", "'Alias'"),
        ("T", "from typing import TypeVar\nT = TypeVar('T')", "HC202", "T"),
        ("which", "for which in [int, str]: ...", "HC004", "which"),
        ("Which", "import sys\nif sys.platform == 'win32':\n    Which = int\nelse:\n    Which = str", "HC009", "Which"),
        ("Decimal", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from decimal import Decimal", "HC206",
         "Decimal"),
        ("'int | '", "", "HC003", "'int | '"),
        ("Mixed", "from enum import Enum, auto\nclass Mixed(str, Enum):\n    A = 'a'\n    B = auto()", "HC004", "Mixed"),
        ("Mixed", "from enum import StrEnum\nclass Mixed(StrEnum):\n    A = 1", "HC004", "Mixed"),
        ("Made", "from enum import Enum\nMade = Enum('Made', names=listed())", "HC004", "Enum('Made', names=listed())"),
        ("Made", "from enum import Enum\nMade = Enum('Made', ['A'], **more)", "HC004", "Enum('Made', ['A'], **more)"),
        ("set[list[int]]", "", "HC203", "list[int]"),
        ("conset(Row)", "from pydantic import conset\n" + _MODEL + "class Row(BaseModel):\n    a: int", "HC203", "Row"),
        ("Rows", _MODEL + "class Row(BaseModel):\n    a: int\nRows = frozenset[int | Row]", "HC203", "int | Row"),
        ("Page", _MODEL + "class Row(BaseModel):\n    a: int\nclass Page(BaseModel):\n    rows: set[Row]", "HC203", "Row"),
        ("Tree", _MODEL + "class Tree(BaseModel, frozen=True):\n    below: 'frozenset[Tree]'\n    tags: list[str]", "HC203",
         "Tree"),
    ],
)  # fmt: skip
def test_a_type_is_refused_at_its_expression(annotation: str, before: str, code: str, blamed: str) -> None:
    found = one_parameter(annotation, before)
    finding = only(found)
    text = PREAMBLE + f'{before}\n\n@app.task("run")\ndef run(*, x: {annotation}) -> TaskResult[None, TaskError]: ...\n'
    assert finding.code == code
    assert under(text, finding.place) in (blamed, "Alias")
    assert finding.task == "run"
    assert finding.help
    assert finding.name == REFUSALS[code].name


@pytest.mark.parametrize(
    ("members", "blamed"),
    [
        ('    @field_validator("a", mode="before")\n    def check(cls, v): return v', "check"),
        ('    @field_validator("a", mode="wrap")\n    def check(cls, v, h): return v', "check"),
        ('    @model_validator(mode="before")\n    def whole(cls, v): return v', "whole"),
        ('    @field_serializer("a")\n    def out(self, v): return v', "out"),
        ("    @model_serializer\n    def out(self): return {}", "out"),
        ("    @computed_field\n    @property\n    def more(self) -> int: return 1", "more"),
        ("    def __get_pydantic_core_schema__(cls, s, h): ...", "__get_pydantic_core_schema__"),
        ('    check = field_validator("a", mode="plain")(int)', "check"),
        ("    model_config = ConfigDict(json_encoders={int: str})", "{int: str}"),
        ("    model_config = make_config()", "model_config"),
    ],
)
def test_code_that_changes_the_wire_is_refused_where_it_stands(members: str, blamed: str) -> None:
    models = (
        "from pydantic import BaseModel, ConfigDict, computed_field, field_serializer, field_validator\n"
        "from pydantic import model_serializer, model_validator\n"
        f"class Base(BaseModel):\n    a: int\n{members}\nclass Order(Base): ...\n"
    )
    finding = only(one_parameter("Order", "from models import Order", models=models))
    assert finding.code in ("HC007", "HC004")
    assert finding.place is not None
    assert (finding.place.path, under(models, finding.place)) == ("models.py", blamed)
    assert any("parameter 'x' of task 'run'" in related.message for related in finding.related)


@pytest.mark.parametrize(
    ("kind", "decorator", "blamed"),
    [
        ("class Base(BaseModel):", "register", "register"),
        ("class Base(BaseModel):", "plugins.register('base')", "plugins.register('base')"),
        ("@dataclass\nclass Base:", "register", "register"),
        ("class Base(TypedDict):", "(lambda kind: kind)", "(lambda kind: kind)"),
    ],
)
def test_what_an_unknown_decorator_makes_of_a_class_is_not_guessed(kind: str, decorator: str, blamed: str) -> None:
    models = (
        "from dataclasses import dataclass\nfrom typing import TypedDict\nfrom pydantic import BaseModel\nimport plugins\n"
        f"def register(kind): return kind\n@{decorator}\n{kind}\n    a: int\n\nclass Order(Base): ...\n"
    )
    finding = only(one_parameter("Order", "from models import Order", models=models))
    assert finding.code == "HC004"
    assert finding.place is not None
    assert (finding.place.path, under(models, finding.place)) == ("models.py", blamed)
    assert "--allow-import" in " ".join(finding.help)


@pytest.mark.parametrize(
    "decorator", ["final", "total_ordering", "deprecated('old')", "typing_extensions.deprecated('old')", "dataclass"]
)
def test_a_decorator_that_is_known_leaves_a_class_as_it_is(decorator: str) -> None:
    before = (
        "from dataclasses import dataclass\nfrom functools import total_ordering\nimport typing_extensions\n"
        "from typing import final\nfrom warnings import deprecated\n"
        f"@{decorator}\n@dataclass\nclass Order:\n    a: int\n"
    )
    assert codes(one_parameter("Order", before)) == []


def test_every_hop_of_the_look_up_is_shown() -> None:
    files = {
        "tasks.py": PREAMBLE
        + 'from one import Thing\n@app.task("run")\ndef run(*, x: Thing) -> TaskResult[None, TaskError]: ...\n',
        "one.py": "from two import Other as Thing\n",
        "two.py": "from three import *\n",
        "three.py": "from elsewhere import Other\n",
    }
    finding = only(resolve_files(files))
    assert finding.code == "HC005"
    assert [related.place.path for related in finding.related] == ["tasks.py", "one.py", "two.py", "three.py"]


def test_a_hole_that_many_tasks_reach_is_one_finding() -> None:
    tasks = "".join(f'@app.task("t{n}")\ndef t{n}(*, x: Bad) -> TaskResult[Bad, TaskError]: ...\n' for n in range(20))
    found = resolve_text(
        "from models import Bad\n" + tasks,
        models="from pydantic import BaseModel\nclass Bad(BaseModel):\n    a: Nope\n",
    )
    finding = only(found)
    assert "and 19 more" in finding.message
    for task in found.tasks:
        (parameter,) = task.draft.parameters
        assert parameter.type is not None
        assert [hole.code for hole in holes(parameter.type, task.draft.definitions)] == ["HC003"]


@pytest.mark.parametrize(
    ("default", "code"),
    [("make()", "HC008"), ("object()", "HC008"), ("os.environ['X']", "HC008"), ("3", None), ("[1, *NUMBERS]", None)],
)
def test_a_default_is_a_value_that_can_be_told(default: str, code: str | None) -> None:
    found = one_parameter("list[int] | int", "import os\nNUMBERS = (2, 3)\ndef make(): ...", default)
    assert codes(found) == ([] if code is None else [code])


def test_a_module_that_does_not_parse_costs_no_other() -> None:
    files = {
        "good.py": PREAMBLE + '@app.task("good")\ndef good() -> TaskResult[None, TaskError]: ...\n',
        "bad.py": PREAMBLE + '@app.task("bad"\ndef bad() -> TaskResult[None, TaskError]: ...\n',
    }
    found = resolve_files(files)
    assert [task.draft.name for task in found.tasks] == ["good"]
    finding = only(found)
    assert (finding.code, finding.place and finding.place.path) == ("HC001", "bad.py")
