from pydantic import BaseModel

__all__ = ["Thing", "Renamed"]


class Thing(BaseModel):
    a: int


class Renamed(BaseModel):
    thing: Thing


class _Hidden(BaseModel):
    x: int
