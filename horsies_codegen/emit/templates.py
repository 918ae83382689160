"""The templates: where they stand, and the one way in which they are rendered.

They are shipped inside the wheel (``horsies_codegen/_templates``); in a checkout they stand beside the package.
A name that a template asks for and the view does not have is an error, never an empty string. Nothing is escaped: the
strings of a view are ready, and the output is not HTML.

A user's own folder stands before the built-in one: a file of the same name replaces the built-in template, which it can
still extend or import as ``builtin/<name>``. It runs in jinja2's sandbox, without the filters and globals whose output
changes from run to run, and says in its first line which version of the view it was written for.
"""

from __future__ import annotations

import difflib
import re
import traceback
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from horsies_codegen.emit.view import VIEW_VERSION

if TYPE_CHECKING:
    import jinja2

SUFFIX = ".j2"
HEADER = f"{{# horsies view {VIEW_VERSION} #}}"
"""The first line of a template of one's own."""

_HEADER = re.compile(r"\{#-?\s*horsies view (\d+)\s*-?#\}")
_OF_CHANCE = (("filters", "random"), ("globals", "lipsum"))


class TemplateError(Exception):
    """A template of the user's cannot be used. ``line`` counts from 1 in the file ``path``."""

    def __init__(self, path: str, line: int, message: str, remedy: str) -> None:
        super().__init__(message)
        self.path = path
        self.line = line
        self.message = message
        self.remedy = remedy


class Templates:
    """The built-in templates, or those of a folder with the built-in ones behind them."""

    def __init__(self, folder: str | None = None) -> None:
        self._folder = None if folder is None else Path(folder)
        self._environment = _built_in() if folder is None else _of_user(folder)
        self._printed: dict[str, str] = {}
        if folder is not None:
            self._check_headers()

    def render(self, name: str, **values: object) -> str:
        """The text of one template. Raises `TemplateError` for what a user's template does wrong."""
        if self._folder is None:
            return self._environment.get_template(name).render(values, view_version=VIEW_VERSION)
        try:
            text = self._environment.get_template(name).render(values, view_version=VIEW_VERSION)
        except Exception as error:
            raise self._wrong(error, name) from error
        self._printed[text] = name
        return text

    def check_all_used(self) -> None:
        """Raise `TemplateError` for a file of the folder that replaces no template and that none of them asks for."""
        if self._folder is None:
            return
        used = _loaded(self._environment) | set(_names(templates_folder()))
        for name in self._own():
            if name not in used:
                near = difflib.get_close_matches(name, _names(templates_folder()), n=1)
                remedy = f"did you mean {near[0]}?" if near else "delete it, or import it in one that is used"
                raise TemplateError(self._path(name), 1, "this template is never used", remedy)

    def wrong_output(self, path: str, text: str, error: SyntaxError) -> TemplateError:
        """The error for a file that the templates made, and that is no Python."""
        message = f"line {error.lineno} of {path}, which this template prints, is no Python: {error.msg}"
        remedy = "compare with the built-in template of the same name"
        return TemplateError(self._path(self._printed.get(text, "")), 1, message, remedy)

    @property
    def are_built_in(self) -> bool:
        """Whether no template is the user's."""
        return self._folder is None

    def _own(self) -> list[str]:
        return [] if self._folder is None else _names(self._folder)

    def _path(self, name: str) -> str:
        return f"{self._folder}/{name}"

    def _check_headers(self) -> None:
        if not self._own():
            raise TemplateError(str(self._folder), 1, "there is no template in this folder", "put *.j2 files into it")
        for name in self._own():
            try:
                found = _HEADER.match(Path(self._path(name)).read_text(encoding="utf-8"))
            except UnicodeDecodeError as error:
                raise TemplateError(self._path(name), 1, "this template is not UTF-8", "save it as UTF-8") from error
            if found is None:
                message = "this template does not say which version of the view it is written for"
                raise TemplateError(self._path(name), 1, message, f"begin its first line with {HEADER}")
            if int(found[1]) != VIEW_VERSION:
                message = f"this template is written for version {found[1]} of the view; this is version {VIEW_VERSION}"
                raise TemplateError(self._path(name), 1, message, "bring it up to date with docs/templates.md")

    def _wrong(self, error: Exception, name: str) -> TemplateError:
        """The error at the innermost line of the user's folder that led to it."""
        message = f"{type(error).__name__}: {' '.join(str(error).split())}"
        remedy = "what a template is given is listed in docs/templates.md"
        path, line = getattr(error, "filename", None), getattr(error, "lineno", None)
        if isinstance(path, str) and isinstance(line, int):
            return TemplateError(Path(path).as_posix(), line, message, remedy)
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(SUFFIX)]
        own = [frame for frame in frames if frame.filename.startswith(f"{self._folder}/")]
        for frame in reversed(own or frames):
            return TemplateError(Path(frame.filename).as_posix(), frame.lineno or 1, message, remedy)
        return TemplateError(self._path(name), 1, message, remedy)


def templates_folder() -> Path:
    """The folder of the built-in templates. Raises FileNotFoundError if the installation lacks it."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "_templates", package.parent / "templates"):
        if (folder / "client").is_dir():
            return folder
    raise FileNotFoundError(f"the templates of horsies-codegen are missing from {package}; install it again")


def _names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob(f"*{SUFFIX}") if path.is_file())


@cache
def _built_in() -> jinja2.Environment:
    import jinja2  # not at the top: linting needs none of it

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates_folder()),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - the output is Python, escaped where the view is made
    )


def _of_user(folder: str) -> jinja2.Environment:
    import jinja2
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    built_in = jinja2.FileSystemLoader(templates_folder())
    environment = ImmutableSandboxedEnvironment(
        loader=jinja2.ChoiceLoader(
            [jinja2.FileSystemLoader(folder), built_in, jinja2.PrefixLoader({"builtin": built_in})]
        ),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    for table, name in _OF_CHANCE:
        getattr(environment, table).pop(name)
    return environment


def _loaded(environment: jinja2.Environment) -> set[str]:
    """The names of the templates that were asked for so far."""
    cache_of = environment.cache
    return set() if cache_of is None else {key[1] for key in cache_of.keys()}  # noqa: SIM118 - an LRU cache
