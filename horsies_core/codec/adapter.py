"""Named values ⇄ the text of a JSON object, through pydantic, strict both ways and proven to lose nothing.

Writers are closed, readers are as open as each type says: keys that a TypedDict does not have are refused where they
would be lost in silence, and ignored where a newer writer may have added them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from types import UnionType
from typing import Annotated, Any, Literal, NotRequired, TypeAlias, Union, cast, get_args, get_origin

from pydantic import BeforeValidator, ConfigDict, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError, to_json
from typing_extensions import TypedDict

from horsies_core.codec.difference import first_difference, non_finite
from horsies_core.codec.findings import problems_of
from horsies_core.codec.lossless import needs_no_proof
from horsies_core.codec.problem import Misfit, misfit, pointer
from horsies_core.codec.schema_check import SchemaCheck
from horsies_core.codec.text import parse, parse_own
from horsies_core.codec.unwritable import unwritable_place

Reorder: TypeAlias = Callable[[object], object]


def _object_type(annotations: Mapping[str, object], optional: frozenset[str], config: ConfigDict) -> Any:
    """A ``TypedDict`` of the names; the optional ones may be absent, and then stay absent."""
    fields = {
        name: NotRequired[readable(annotation)] if name in optional else readable(annotation)
        for name, annotation in annotations.items()
    }
    made = cast("Any", TypedDict)("Payload", fields)
    made.__pydantic_config__ = config
    return made


def readable(annotation: object) -> object:
    """The annotation with ``Iterable`` read as a list, which can be checked now and looked at twice."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Iterable:
        item = readable(inner[0])
        return Annotated[list[item], BeforeValidator(_listed)]  # type: ignore[valid-type]
    if origin is Annotated:
        base, *metadata = inner
        return Annotated[(readable(base), *metadata)]
    if origin is Union or origin is UnionType:
        return Union[tuple(readable(member) for member in inner)]  # noqa: UP007 -- built at run time
    return annotation


class Adapter:
    """Strict encoding and decoding of one object, with a schema check on the JSON in between.

    ``is_lossless`` says that all values are of types that need no proof (`horsies_core.codec.lossless`).
    """

    __slots__ = ("_check", "_dump", "_from_json", "_is_lossless", "_reorder", "_validate")

    def __init__(
        self,
        annotations: Mapping[str, object],
        optional: frozenset[str],
        schema: Mapping[str, Any],
        reorder: Reorder | None = None,
        *,
        is_lossless: bool = False,
    ) -> None:
        writer: TypeAdapter[Any] = TypeAdapter(_object_type(annotations, optional, ConfigDict(extra="forbid")))
        reader: TypeAdapter[Any] = TypeAdapter(_object_type(annotations, optional, ConfigDict()))
        self._validate = writer.validator.validate_python
        self._dump = writer.serializer.to_json
        self._from_json = reader.validator.validate_json
        self._check = SchemaCheck(schema).check
        self._reorder = reorder
        self._is_lossless = is_lossless

    def encode(self, value: object) -> bytes:
        """The JSON text of a value. Raises `Misfit` for one that does not fit, or would not come back as it is."""
        try:
            return self._encode(value)
        except Misfit:
            raise
        except Exception as error:
            raise _raised(error) from error

    def decode(self, data: bytes) -> Any:
        """The value of JSON text. Raises `Misfit` for text that does not fit."""
        try:
            if self._is_lossless and (value := self._own(data)) is not None:
                return value
            parsed = parse(data)
            self._check(parsed)
            return self._decoded(data, parsed)
        except Misfit:
            raise
        except Exception as error:
            raise _raised(error) from error

    def _encode(self, value: object) -> bytes:
        try:
            checked = self._validate(value, strict=True)
        except ValidationError as error:
            raise Misfit(problems_of(error, value)) from None
        data = self._dumped(checked)
        if self._is_lossless and needs_no_proof(data):
            return data
        try:
            return self._proven(checked, data)
        except Misfit:
            _refuse_non_finite(checked)
            self._dumped(checked, warnings="error")
            raise

    def _own(self, data: bytes) -> Any:
        """The value of JSON text that a writer like this one would write, byte for byte; None for any other text."""
        if not needs_no_proof(data):
            return None
        try:
            value = self._from_json(data, strict=True)
        except ValidationError:  # said again, in the order in which all texts are looked at
            return None
        return value if self._dump(value, round_trip=True, by_alias=True, warnings=False) == data else None

    def _proven(self, checked: object, data: bytes) -> bytes:
        """The final text, after it was read back as a reader would."""
        parsed = parse_own(data)
        self._check(parsed)
        if self._reorder is not None:
            ordered = to_json(self._reorder(parsed))
            with suppress(Misfit):  # of a list that stands for a set, as in a client, the order is what was sent
                return self._same(checked, ordered, parsed)
        return self._same(checked, data, parsed)

    def _same(self, checked: object, data: bytes, parsed: object) -> bytes:
        """The text, if it reads as what was sent."""
        came_back = self._decoded(data, parsed)
        if came_back != checked:
            _refuse_loss(checked, came_back)
        return data

    def _dumped(self, checked: object, warnings: bool | Literal["error"] = False) -> bytes:
        """The JSON text. pydantic's own doubts ("error") are heard only of what then fails the proof: asking for them always
        would cost as much as all other steps together, and what passes the proof has lost nothing.
        """
        try:
            return self._dump(checked, round_trip=True, by_alias=True, warnings=warnings)
        except (PydanticSerializationError, ValueError, RecursionError) as error:
            place = unwritable_place(checked, self._write_part)
            raise misfit(pointer(place), f"cannot be written as JSON: {_first_line(error)}") from None

    def _write_part(self, checked: object, include: Any) -> None:
        self._dump(checked, include=include, round_trip=True, by_alias=True, warnings="error")

    def _decoded(self, data: bytes, parsed: object) -> Any:
        try:
            return self._from_json(data, strict=True)
        except ValidationError as error:
            raise Misfit(problems_of(error, parsed)) from None


def _listed(value: object) -> object:
    return list(cast("Iterable[object]", value)) if isinstance(value, Iterable) else value


def _refuse_loss(sent: object, came_back: object) -> None:
    found = first_difference(sent, came_back)
    if found is not None:
        path, how = found
        raise misfit(pointer(path), how)


def _refuse_non_finite(checked: object) -> None:
    found = non_finite(checked)
    if found is not None:
        path, how = found
        raise misfit(pointer(path), how)


def _raised(error: Exception) -> Misfit:
    """The verdict where a validator or an ``__eq__`` of the user's own raised."""
    return misfit("", f"checking it raised {type(error).__qualname__}: {_first_line(error)}")


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
