from __future__ import annotations

from pydantic import BaseModel


class A(BaseModel):
    b: B | None = None


from shop.loop_back import B

A.model_rebuild()
