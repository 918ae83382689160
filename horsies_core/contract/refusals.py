"""Why a type cannot be part of a contract: the codes of an `UnresolvedType`, each with its name and remedy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """The name that reads after *allow*, and what to do instead."""

    name: str
    help: str


_THREE_REMEDIES = (
    "rewrite it with types whose JSON form is fixed, map it in [tool.horsies.codegen.types], "
    "or let the build import the module with --allow-import"
)

REFUSALS: dict[str, Refusal] = {
    "HC003": Refusal("unresolved-name", f"import the name or correct it; else {_THREE_REMEDIES}"),
    "HC004": Refusal("computed-type", _THREE_REMEDIES),
    "HC005": Refusal("unknown-external-type", _THREE_REMEDIES),
    "HC006": Refusal("opaque-metadata", f"use Field(...) or annotated_types constraints; else {_THREE_REMEDIES}"),
    "HC007": Refusal("wire-changing-hook", f"check after validation instead; else {_THREE_REMEDIES}"),
    "HC008": Refusal(
        "computed-default", "write the default as a literal or a constant, or use None and compute it inside"
    ),
    "HC009": Refusal("ambiguous-name", f"bind the name in one way; else {_THREE_REMEDIES}"),
    "HC201": Refusal("bare-container", "say what it holds: list[str], dict[str, int], tuple[int, str]"),
    "HC202": Refusal("any-type", "use JsonValue for any JSON value, or the type that is meant"),
    "HC203": Refusal("unsupported-type", _THREE_REMEDIES),
    "HC205": Refusal(
        "secret-in-payload", "send a reference to the secret and read it inside the task; payloads are stored"
    ),
    "HC206": Refusal("type-checking-import", "import it outside of `if TYPE_CHECKING:`; the worker decodes by it"),
}
"""The codes a hole may have. HC0xx: it could not be read; HC2xx: it was read, and has no place on the wire."""
