"""Why a type cannot be part of a contract: the codes of an `UnresolvedType`, each with its name and remedy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """The name that reads after *allow*, and what to do instead."""

    name: str
    help: str


_REMEDIES = (
    "rewrite it with types whose JSON form is fixed, or map it in [tool.horsies.codegen.types] and AppConfig(types=...)"
)

_ASK = f"{_REMEDIES}; else build with --allow-import, which asks the live module"

REFUSALS: dict[str, Refusal] = {
    "HC003": Refusal("unresolved-name", f"import the name or correct it; else {_ASK}"),
    "HC004": Refusal("computed-type", _ASK),
    "HC005": Refusal("unknown-external-type", _ASK),
    "HC006": Refusal(
        "opaque-metadata",
        f"use Field(...) or annotated_types constraints; else {_REMEDIES}; "
        "else, where a call of yours makes such a constraint, build with --allow-import, which asks the live module",
    ),
    "HC007": Refusal("wire-changing-hook", f"check after validation instead; else {_REMEDIES}"),
    "HC008": Refusal(
        "computed-default", "write the default as a literal or a constant, or use None and compute it inside"
    ),
    "HC009": Refusal("ambiguous-name", f"bind the name in one way; else {_ASK}"),
    "HC201": Refusal("bare-container", "say what it holds: list[str], dict[str, int], tuple[int, str]"),
    "HC202": Refusal("any-type", "use JsonValue for any JSON value, or the type that is meant"),
    "HC203": Refusal("unsupported-type", _REMEDIES),
    "HC205": Refusal(
        "secret-in-payload", "send a reference to the secret and read it inside the task; payloads are stored"
    ),
    "HC206": Refusal("type-checking-import", "import it outside of `if TYPE_CHECKING:`; the worker decodes by it"),
}
"""The codes a hole may have. HC0xx: it could not be read; HC2xx: it was read, and has no place on the wire."""

REWRITES = {
    "defaultdict": "a defaultdict travels without its factory; write dict[...] and make the defaultdict inside the task",
    "Self": "Self is no type by itself; write the name of the class in quotes",
}
"""Types that have no place on the wire while another spelling of the same has: what to write, by their names."""
