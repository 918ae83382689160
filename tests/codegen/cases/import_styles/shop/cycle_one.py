from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel


class One(BaseModel):
    n: int


from . import cycle_two
