"""What a star import of a known module brings: the table says what the installed modules say."""

from __future__ import annotations

from importlib import import_module

import pytest
from resolving import resolve_files

import horsies
from horsies_codegen.resolve.stars import TABLE, star_names


@pytest.mark.parametrize("module", sorted(TABLE.keys() - {"horsies"}))
def test_the_table_is_what_the_module_exports(module: str) -> None:
    exported = {name for name in import_module(module).__all__ if not name.startswith("__")}
    assert star_names(module) == exported


def test_the_table_is_what_horsies_exports() -> None:
    modules = {"client"}  # there once something has imported it, as any submodule is
    assert star_names("horsies") == {name for name in dir(horsies) if not name.startswith("_")} - modules


@pytest.mark.parametrize(
    ("stars", "annotation"),
    [
        ("from typing import *", "Annotated[Dict[str, Optional[List[int]]], 'doc']"),
        ("from pydantic import *", "conint(ge=1) | PositiveFloat | Json"),
        ("import datetime\nfrom datetime import *", "datetime | date"),
        ("from collections.abc import *", "Sequence[Mapping[str, int]]"),
        ("from typing import *\nfrom annotated_types import *", "Annotated[int, Ge(1), Lt(4)]"),
    ],
)
def test_stars_of_known_modules_are_followed(stars: str, annotation: str) -> None:
    text = f"""{stars}
from horsies import *
app = Horsies()
@app.task("t")
def t(*, v: {annotation}) -> TaskResult[None, TaskError]: ...
"""
    assert [item.message for item in resolve_files({"tasks.py": text}).diagnostics] == []


def test_an_own_name_after_a_star_is_the_own_one() -> None:
    text = """from typing import *
from horsies import *
List = list[int]
app = Horsies()
@app.task("t")
def t(*, v: List) -> TaskResult[None, TaskError]: ...
"""
    assert resolve_files({"tasks.py": text}).diagnostics == ()
