"""Object definitions as dataclasses or pydantic models, for clients that want them instead of TypedDicts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from horsies_codegen.config.model import ModelStyle
from horsies_codegen.emit.expression import INDENT, WIDTH, Expression, Import, Room, fitted, laid_out, roots_of
from horsies_codegen.emit.identifiers import distinct, is_plain_key, short_hash
from horsies_codegen.emit.literals import string_literal
from horsies_codegen.emit.view import FieldView, KeyView, ObjectView

_METHODS_OF_MODEL = (
    "construct copy dict from_orm json model_computed_fields model_config model_construct model_copy model_dump "
    "model_dump_json model_extra model_fields model_fields_set model_json_schema model_parametrized_name "
    "model_post_init model_rebuild model_validate model_validate_json model_validate_strings parse_file parse_obj "
    "parse_raw schema schema_json update_forward_refs validate"
)
_TAKEN = frozenset(_METHODS_OF_MODEL.split())
"""What a field must not hide in a pydantic model; dataclasses keep to the same names."""

_BASES: dict[ModelStyle, tuple[Import, ...]] = {
    "dataclass": (Import("dataclasses", "dataclass"), Import("horsies.client", "WireObject")),
    "pydantic": (Import("horsies.client_models", "WireModel"),),
    "typed-dict": (),
}


@dataclass(frozen=True, slots=True)
class _Field:
    """One field: wire name, type, and what it is called."""

    key: str
    type: Expression
    required: bool
    name: str


class Objects:
    """The fields of one class, and what its module has to import for them."""

    def __init__(self, entries: Iterable[tuple[str, Expression, bool]], style: ModelStyle) -> None:
        listed = list(entries)
        used = {root for _, kind, _ in listed for root in roots_of(kind)}
        names = distinct({key: _ladder(key, used) for key, _, _ in listed})
        self._style: ModelStyle = style
        self._fields = [_Field(key, kind, required, names[key]) for key, kind, required in listed]
        self.expressions = tuple(fitted(field.type, self._room(field)) for field in self._fields)

    @property
    def imports(self) -> Iterable[Import]:
        """The base class, and what the fields need besides their types."""
        yield from _BASES[self._style]
        if not all(field.required for field in self._fields):
            yield Import("horsies.client", "UNSET")
        if self._style == "pydantic" and any(field.key != field.name for field in self._fields):
            yield Import("pydantic", "Field")

    def view(self, class_name: str, doc: str) -> ObjectView:
        """The class."""
        lines = (self._line(field, kind) for field, kind in zip(self._fields, self.expressions, strict=True))
        renamed = (field for field in self._fields if field.key != field.name)
        keys = (KeyView(name=string_literal(field.name), key=string_literal(field.key)) for field in renamed)
        return ObjectView(
            class_name=class_name,
            doc=doc,
            fields=tuple(FieldView(declaration=line) for line in lines),
            is_functional=False,
            style=self._style,
            keys=tuple(keys) if self._style == "dataclass" else (),
        )

    def _line(self, field: _Field, kind: Expression) -> str:
        line = f"{field.name}: {laid_out(kind, self._room(field))}{self._default(field)}"
        is_long = len(INDENT + line.rpartition("\n")[2]) > WIDTH
        return f"{line}  # fmt: skip" if is_long and "Field(" in line else line

    def _room(self, field: _Field) -> Room:
        return Room(1, len(INDENT) + len(field.name) + 2, len(self._default(field)))

    def _default(self, field: _Field) -> str:
        if self._style == "pydantic" and field.key != field.name:
            default = "" if field.required else "default=UNSET, "
            return f" = Field({default}validation_alias={string_literal(field.key)})"
        return "" if field.required else " = UNSET"


def _ladder(key: str, used: set[str]) -> tuple[str, ...]:
    """The names that a field may have: its key, where it is one and hides nothing; else the key made into one."""
    if is_plain_key(key) and not key.startswith("_") and key not in used | _TAKEN:
        return (key,)
    words = "".join(character if ("a" + character).isidentifier() else "_" for character in key).strip("_")
    name = f"{words if words[:1].isidentifier() else 'field_' + words}_"
    return (name, f"{name}{short_hash(key)}")
