"""The templates: where they stand, and the one way in which they are rendered.

They are shipped inside the wheel (``horsies_codegen/_templates``); in a checkout they stand beside the package.
A name that a template asks for and the view does not have is an error, never an empty string. Nothing is escaped: the
strings of a view are ready, and the output is not HTML.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from horsies_codegen.emit.view import VIEW_VERSION

if TYPE_CHECKING:
    import jinja2


def render(name: str, **values: object) -> str:
    """The text of one template."""
    return _environment().get_template(name).render(values, view_version=VIEW_VERSION)


def templates_folder() -> Path:
    """The folder of the built-in templates. Raises FileNotFoundError if the installation lacks it."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "_templates", package.parent / "templates"):
        if (folder / "client").is_dir():
            return folder
    raise FileNotFoundError(f"the templates of horsies-codegen are missing from {package}; install it again")


@cache
def _environment() -> jinja2.Environment:
    import jinja2  # not at the top: linting needs none of it

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates_folder()),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - the output is Python, escaped where the view is made
    )
