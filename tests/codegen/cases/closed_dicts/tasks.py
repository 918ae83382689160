from typing_extensions import TypedDict


class Closed(TypedDict, closed=True):
    a: int


class Child(Closed):
    b: int


class OpenToInts(TypedDict, extra_items=int):
    a: str


Made = TypedDict("Made", {"a": int}, closed=True)


from horsies import Horsies, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: Closed, b: Child, c: OpenToInts, d: Made) -> TaskResult[Child, TaskError]: ...
