from typing import Annotated

from pydantic import AfterValidator, BaseModel, field_validator, model_validator


class Checked(BaseModel):
    a: int
    b: str

    @field_validator("a")
    @classmethod
    def positive(cls, value: int) -> int:
        return value

    @model_validator(mode="after")
    def whole(self) -> "Checked":
        return self


def small(value: int) -> int:
    return value

from horsies import Horsies, JsonValue, RetryPolicy, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: Checked, b: Annotated[int, AfterValidator(small)]) -> TaskResult[Checked, TaskError]: ...
