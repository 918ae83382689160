from pydantic import (
    AnyHttpUrl,
    AnyUrl,
    AwareDatetime,
    EmailStr,
    FiniteFloat,
    HttpUrl,
    Json,
    NaiveDatetime,
    NegativeInt,
    NonNegativeFloat,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    PostgresDsn,
    RedisDsn,
    StrictInt,
    StrictStr,
    UUID4,
)

from horsies import Horsies, JsonValue, RetryPolicy, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: PositiveInt, b: NonNegativeInt, c: NegativeInt, d: PositiveFloat, e: NonNegativeFloat, g: AnyUrl, h: HttpUrl, i: AnyHttpUrl, j: AwareDatetime, k: NaiveDatetime, l: Json[list[int]], m: Json, n: UUID4, o: StrictInt, p: StrictStr, q: FiniteFloat, r: JsonValue, s: PostgresDsn, t: RedisDsn) -> TaskResult[PositiveInt, TaskError]: ...
