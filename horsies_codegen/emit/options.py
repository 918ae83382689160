"""What may be chosen about a client besides its name."""

from __future__ import annotations

from dataclasses import dataclass

from horsies_codegen.config.model import ModelStyle


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientOptions:
    """Settings of one client package."""

    models: ModelStyle = "typed-dict"
    """What the user's models, dataclasses and TypedDicts become."""
    templates: str | None = None
    """A folder of templates that stand before the built-in ones."""
    package_version: str | None = None
    """The version in the ``pyproject.toml`` that is written beside the package; None writes none."""


DEFAULT_OPTIONS = ClientOptions()
