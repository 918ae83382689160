from typing import Annotated, Literal, Union

from pydantic import BaseModel, Field


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int = 9


class Dog(BaseModel):
    kind: Literal["dog"] = "dog"
    name: str


Pet = Annotated[Union[Cat, Dog], Field(discriminator="kind")]


class Owner(BaseModel):
    pet: Cat | Dog = Field(discriminator="kind")
    maybe: Annotated[Cat | Dog, Field(discriminator="kind")] | None = None

from horsies import Horsies, JsonValue, RetryPolicy, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: Pet, b: Owner, c: list[Pet]) -> TaskResult[Pet, TaskError]: ...
