"""Settings: ``[tool.horsies.codegen]`` in ``pyproject.toml``, one project or several.

What: `find_projects` looks from a folder upwards for the nearest ``pyproject.toml`` that has the table; `read_projects`
reads one. Each ``[[tool.horsies.codegen.project]]`` is a project of its own, with the table's keys where it has none.
With no table, `Config()` is what every command works with.

Invariants: nothing is guessed. An unknown key, a value of the wrong type and a file that is no TOML are findings with
the place in the file, all of them at once, and the command then does not run. Paths in the file count from its folder;
they come out spelled from the working folder, as places in findings are.
"""

from horsies_codegen.config.choose import within
from horsies_codegen.config.find import find_projects, key_place, read_projects
from horsies_codegen.config.model import DEFAULT_OUT, DEFAULT_PACKAGE, Config, ModelStyle

__all__ = [
    "DEFAULT_OUT",
    "DEFAULT_PACKAGE",
    "Config",
    "ModelStyle",
    "find_projects",
    "key_place",
    "read_projects",
    "within",
]
