from typing import Annotated, NotRequired, TypedDict

from horsies import Horsies, TaskError, TaskResult
from pydantic import BaseModel, Field

app = Horsies()


class Place(BaseModel):
    street: str
    city: str


class OldPlace(BaseModel):
    text: str
    part_of: "OldPlace | None" = None


class Ship(TypedDict):
    order: str
    place: NotRequired[Place]


def from_number(*, order_id: int) -> Ship:
    return {"order": str(order_id)}


def from_text(*, order_id: Annotated[int, Field(ge=1)], place: OldPlace | None = None) -> "Ship":
    return {"order": str(order_id)}


@app.task("ship", aliases=["send_off"], upcasters=[from_number, from_text])
def ship(*, order: str, place: Place | None = None) -> TaskResult[None, TaskError]: ...


class Pack(TypedDict, total=False):
    size: Annotated[int, Field(ge=2, le=9)]


def sized(*, size: Annotated[int, Field(ge=1, le=9)]) -> Pack:
    return {"size": max(2, size)}


UPCASTERS = [sized]


@app.task("pack", upcasters=UPCASTERS)
def pack(*, size: Annotated[int, Field(ge=2)] = 2) -> TaskResult[None, TaskError]: ...
