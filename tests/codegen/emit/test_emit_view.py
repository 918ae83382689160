"""The page on templates describes the view as it is."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

from horsies_codegen.emit import view
from horsies_codegen.emit.templates import HEADER, templates_folder

PAGE = (Path(__file__).parents[3] / "docs" / "templates.md").read_text(encoding="utf-8")


def test_every_part_of_the_view_is_on_the_page() -> None:
    described = {
        name: re.findall(r"`(\w+)`", fields)
        for name, fields in re.findall(r"^\*\*(\w+)\*\*: .*\nFields: (.*)$", PAGE, re.MULTILINE)
    }
    views = {name: item for name, item in vars(view).items() if dataclasses.is_dataclass(item)}
    assert described == {name: [field.name for field in dataclasses.fields(item)] for name, item in views.items()}


def test_every_template_and_block_is_on_the_page() -> None:
    assert HEADER in PAGE
    for path in templates_folder().rglob("*.j2"):
        if path.name != "macros.j2":
            assert f"| `{path.relative_to(templates_folder()).as_posix()}` |" in PAGE
        for block in re.findall(r"{% block (\w+)", path.read_text(encoding="utf-8")):
            assert f"`{block}`" in PAGE
