"""Installed packages, whose source is read where a name leads there."""

from __future__ import annotations

import os
from pathlib import Path

from horsies_codegen.config import Config
from horsies_codegen.source import ExternalModules, environment_paths


def installed(config: Config) -> ExternalModules:
    """The packages of the project's environment: the active one, or the one that lies beside its settings."""
    folder = Path.cwd() if config.path is None else Path(config.path).parent
    return ExternalModules(environment_paths(folder, os.environ))
