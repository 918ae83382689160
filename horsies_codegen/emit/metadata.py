"""The ``pyproject.toml`` beside a client package: what makes it a distribution of its own, to be built and published."""

from __future__ import annotations

import json

METADATA_PATH = "pyproject.toml"

REQUIREMENTS = ("horsies>=0.1,<1", "typing-extensions>=4.12")
"""What generated code needs: raised when it begins to need something newer, so that an unchanged client stays the same."""


def metadata_text(package: str, version: str, tasks: int) -> str:
    """The file's text. ``package`` is the import name; the distribution has the same with hyphens."""
    name = package.replace(".", "-").replace("_", "-").lower()
    description = f"A typed client of {tasks:,} horsies task{'s' * (tasks != 1)}."
    requirements = "".join(f"    {_string(requirement)},\n" for requirement in REQUIREMENTS)
    return f"""\
# Written by horsies-codegen. Change the settings and build again, not this file.
[build-system]
requires = ["hatchling>=1.27,<2"]
build-backend = "hatchling.build"

[project]
name = {_string(name)}
version = {_string(version)}
description = {_string(description)}
requires-python = ">=3.11"
classifiers = ["Typing :: Typed"]
dependencies = [
{requirements}]

[tool.hatch.build.targets.wheel]
packages = [{_string(package.partition(".")[0])}]

[tool.hatch.build.targets.sdist]
only-include = [{_string(package.partition(".")[0])}]
"""


def _string(text: str) -> str:
    """A basic TOML string; what JSON escapes, TOML escapes in the same way."""
    return json.dumps(text, ensure_ascii=False)
