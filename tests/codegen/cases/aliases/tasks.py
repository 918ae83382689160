from pydantic import AliasChoices, AliasGenerator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel, to_pascal


class One(BaseModel):
    a: int = Field(alias="A")
    b: int = Field(validation_alias="B")
    c: int = Field(serialization_alias="C")
    d: int = Field(validation_alias=AliasChoices("D", "dd"), default=3)
    e: int = Field(alias="E", serialization_alias="EE")


class Camel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)
    order_id: int
    line_2_b: str
    own_name: str = Field(alias="other")


class Child(Camel):
    model_config = ConfigDict(populate_by_name=True)
    more_things: int = 0


class Split(BaseModel):
    model_config = ConfigDict(alias_generator=AliasGenerator(validation_alias=to_camel, serialization_alias=to_pascal))
    the_key: int


class Both(BaseModel, alias_generator=to_pascal, populate_by_name=True):
    some_key: int

from horsies import Horsies, JsonValue, RetryPolicy, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: One, b: Camel, c: Child, d: Split, e: Both) -> TaskResult[One, TaskError]: ...
