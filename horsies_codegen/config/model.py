"""`Config`: every setting with its default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from horsies_codegen.diagnostic import Level

ModelStyle = Literal["typed-dict", "dataclass", "pydantic"]

DEFAULT_OUT = "generated"
DEFAULT_PACKAGE = "tasks_client"
OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The settings of one project; what the command line says goes before them."""

    path: str | None = None
    """The ``pyproject.toml`` they were read from, spelled from the working folder."""
    key: tuple[str, ...] = ()
    """Where in the table the project stands: ``("project", "1")`` for the second block, nothing for the table itself."""
    name: str | None = None
    """What the project is called, where there are several."""
    paths: tuple[str, ...] = (".",)
    """Files and folders to read."""
    exclude: tuple[str, ...] = ()
    """Patterns of paths to leave out, in the manner of ``.gitignore``."""
    roots: tuple[str, ...] = ()
    """Folders where imports begin, where the layout does not say so."""
    out: str = DEFAULT_OUT
    """The folder that generated files are written to."""
    package: str = DEFAULT_PACKAGE
    """The import name of the generated client."""
    package_metadata: bool = False
    """Whether a ``pyproject.toml`` is written beside the client, so that it can be built and published."""
    package_version: str = "0.1.0"
    """The version in it."""
    models: ModelStyle = "typed-dict"
    """What the user's models and dataclasses become in the client."""
    templates: str | None = None
    """A folder of templates that stand before the built-in ones."""
    python: tuple[int, int] = OLDEST_PYTHON
    """The version that ``sys.version_info`` tests in the sources are answered for."""
    types: Mapping[str, str] = field(default_factory=dict[str, str])
    """Dotted name of a type → the annotation that stands for it on the wire."""
    select: tuple[str, ...] = ()
    """Codes or beginnings of codes that are reported; empty means all."""
    ignore: tuple[str, ...] = ()
    """Codes or beginnings of codes that are not reported."""
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Pattern of paths → codes that are not reported there."""
    baseline: str | None = None
    """The file of findings that ``lint`` holds back."""
    severity: Mapping[str, Level] = field(default_factory=dict[str, Level])
    """Code → the level at which it is reported."""
