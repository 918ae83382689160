from __future__ import annotations

from pydantic import BaseModel

from shop.loop import A


class B(BaseModel):
    a: list[A] = []
