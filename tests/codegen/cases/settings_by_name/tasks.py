from pydantic import BaseModel, Field


class Either(BaseModel, validate_by_name=True):
    some_key: int = Field(alias="someKey")


class NameOnly(BaseModel, validate_by_name=True, validate_by_alias=False):
    some_key: int = Field(alias="someKey")


from horsies import Horsies, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: Either, b: NameOnly) -> TaskResult[Either, TaskError]: ...
