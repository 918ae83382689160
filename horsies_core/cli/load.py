"""``MODULE:NAME`` → the app, with every misuse told apart."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import click

from horsies_core.app import Horsies
from horsies_core.outcome.errors import HorsiesError
from horsies_core.task.discovery import importing, what_happened

app_argument = click.argument("app_path", metavar="APP")


class AppNotLoadedError(HorsiesError):
    """What was given as ``MODULE:NAME`` leads to no app."""


def load_app(app_path: str) -> Horsies:
    """Import the module and return the app in it; the current folder is on the search path. Sends are refused meanwhile.

    Raises `AppNotLoadedError`; a broken task raises its own error.
    """
    module_name, colon, name = app_path.partition(":")
    if module_name.endswith(".py") or "/" in module_name:
        dotted = module_name.removesuffix(".py").strip("./").replace("/", ".")
        raise AppNotLoadedError(f"{app_path!r} is a path; write the module with dots: {dotted}:{name or 'app'}")
    if not (colon and name.isidentifier() and all(part.isidentifier() for part in module_name.split("."))):
        raise AppNotLoadedError(f"{app_path!r} is not MODULE:NAME; write for example shop.app:app")
    folder = str(Path.cwd())
    if folder not in sys.path:
        sys.path.insert(0, folder)
    return _app_in(_imported(module_name), module_name, name)


def _imported(module_name: str) -> object:
    try:
        with importing():
            return importlib.import_module(module_name)
    except HorsiesError:
        raise
    except ModuleNotFoundError as error:
        if error.name is not None and f"{module_name}.".startswith(f"{error.name}."):
            message = f"there is no module {error.name!r}; looked in {Path.cwd()} and on the Python path"
        else:
            message = f"{module_name} cannot be imported: it needs {error.name!r}, which is not installed"
        raise AppNotLoadedError(message) from error
    except (Exception, SystemExit) as error:
        raise AppNotLoadedError(f"{module_name} cannot be imported: {what_happened(error)}") from error


def _app_in(module: object, module_name: str, name: str) -> Horsies:
    found = getattr(module, name, None)
    if isinstance(found, Horsies):
        return found
    apps = [key for key, value in vars(module).items() if isinstance(value, Horsies)]
    hint = f"; did you mean {module_name}:{apps[0]}?" if apps else f"; no Horsies app stands in {module_name}"
    what = f"holds no {name!r}" if found is None else f"holds as {name!r} no Horsies app but {found!r:.60}"
    raise AppNotLoadedError(f"{module_name} {what}{hint}")
