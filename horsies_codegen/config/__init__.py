"""Settings: ``[tool.horsies.codegen]`` in ``pyproject.toml``.

What: `find_config` looks from a folder upwards for the nearest ``pyproject.toml`` that has the table; `read_config` reads
one. With none, `Config()` is what every command works with.

Invariants: nothing is guessed. An unknown key, a value of the wrong type and a file that is no TOML are findings with
the place in the file, all of them at once, and the command then does not run. Paths in the file count from its folder;
they come out spelled from the working folder, as places in findings are.
"""

from horsies_codegen.config.find import find_config, key_place, read_config
from horsies_codegen.config.model import DEFAULT_OUT, DEFAULT_PACKAGE, Config

__all__ = ["DEFAULT_OUT", "DEFAULT_PACKAGE", "Config", "find_config", "key_place", "read_config"]
