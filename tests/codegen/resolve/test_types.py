"""Types whose syntax the oldest supported Python cannot run, and what the configuration says about types."""

from __future__ import annotations

import pytest
from resolving import codes, one_parameter, only, resolve_files, resolve_text

from horsies_codegen.resolve import Resolution, ResolveOptions
from horsies_core.contract.draft import contract_from
from horsies_core.contract.types import (
    AliasDefinition,
    ArrayType,
    MapType,
    NullType,
    NumberType,
    ObjectDefinition,
    Ref,
    StringType,
    TypeNode,
    UnionType,
)

INT = NumberType(kind="int")
STR = StringType()


def _type(found: Resolution) -> TypeNode:
    assert codes(found) == []
    (task,) = found.tasks
    return contract_from(task.draft).parameters[0].type


def test_a_recursive_alias_of_pep_695() -> None:
    found = one_parameter("Tree", "type Tree = dict[str, Tree] | None")
    assert _type(found) == Ref("tasks:Tree")
    assert found.tasks[0].draft.definitions["tasks:Tree"] == AliasDefinition(
        name="tasks:Tree",
        kind="alias",
        target=UnionType((MapType(key=STR, value=Ref("tasks:Tree")), NullType())),
    )


def test_a_generic_alias_and_a_generic_class_of_pep_695_and_696() -> None:
    before = (
        "from pydantic import BaseModel\n"
        "type Named[K, V = int] = dict[K, V]\n"
        "class Page[T: object](BaseModel):\n    items: list[T]\n    more: Named[str, T]\n"
    )
    found = one_parameter("Page[str] | Named[str]", before)
    assert _type(found) == UnionType((Ref("tasks:Page(str)"), Ref("tasks:Named(str,int)")))
    definitions = found.tasks[0].draft.definitions
    page = definitions["tasks:Page(str)"]
    assert isinstance(page, ObjectDefinition)
    assert [field.type for field in page.fields] == [ArrayType(item=STR), Ref("tasks:Named(str,str)")]
    named = definitions["tasks:Named(str,int)"]
    assert isinstance(named, AliasDefinition)
    assert named.target == MapType(key=STR, value=INT)


@pytest.mark.parametrize(("python", "expected"), [((3, 11), STR), ((3, 13), INT)])
def test_version_tests_are_answered_for_the_version_asked(python: tuple[int, int], expected: TypeNode) -> None:
    text = (
        "import sys\nif sys.version_info >= (3, 12):\n    Key = int\nelse:\n    Key = str\n"
        '@app.task("run")\ndef run(*, x: Key) -> TaskResult[None, TaskError]: ...\n'
    )
    assert _type(resolve_text(text, ResolveOptions(python=python))) == expected


@pytest.mark.parametrize(
    ("replacement", "expected"),
    [("str", STR), ("list[int]", ArrayType(item=INT)), ("wire.Money", Ref("wire:Money"))],
)
def test_the_configuration_maps_a_type_that_cannot_be_read(replacement: str, expected: TypeNode) -> None:
    text = 'from acme.money import Money\n@app.task("run")\ndef run(*, x: Money) -> TaskResult[None, TaskError]: ...\n'
    wire = "from typing_extensions import TypedDict\nclass Money(TypedDict):\n    cents: int\n"
    dotted = text.replace("from acme.money import Money", "import acme.money").replace(
        "x: Money", "x: acme.money.Money"
    )
    assert codes(resolve_text(text)) == codes(resolve_text(dotted)) == ["HC005"]
    assert _type(resolve_text(dotted, ResolveOptions(types={"acme.money.Money": replacement}), wire=wire)) == expected
    assert _type(resolve_text(text, ResolveOptions(types={"acme.money.Money": replacement}), wire=wire)) == expected


def test_namespace_packages_and_several_roots() -> None:
    files = {
        "one/pyproject.toml": "",
        "one/src/space/models.py": "from pydantic import BaseModel\nclass A(BaseModel):\n    n: int\n",
        "one/src/space/deep/tasks.py": (
            "from horsies import Horsies, TaskError, TaskResult\nimport space.models\nfrom .. import models as m\n"
            'app = Horsies()\n@app.task("run")\ndef run(*, x: list[space.models.A], y: m.A) -> TaskResult[None, TaskError]: ...\n'
        ),
    }
    found = resolve_files(files)
    assert _type(found) == ArrayType(item=Ref("space.models:A"))


def test_a_type_for_checkers_only_is_read_and_reported() -> None:
    found = one_parameter(
        "D", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from decimal import Decimal as D"
    )
    assert only(found).code == "HC206"
    assert found.tasks[0].draft.parameters[0].type == NumberType(kind="decimal")
