"""The base of a client's pydantic models. Apart, because it loads pydantic."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, model_serializer


class WireModel(BaseModel):
    """On the wire an object of the fields that were given; a field that was not is ``UNSET``."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, strict=True)

    @model_serializer(mode="plain")
    def _only_given(self) -> dict[str, Any]:
        """The given fields under their wire names. Each value is written by its own type."""
        given = self.model_fields_set
        return {
            str(field.validation_alias or name): getattr(self, name)
            for name, field in type(self).model_fields.items()
            if name in given
        }
