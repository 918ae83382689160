from typing import NotRequired

from typing_extensions import ReadOnly, TypedDict


class Loose(TypedDict, total=False):
    a: "ReadOnly[int]"
    b: ReadOnly[NotRequired[str]]


from horsies import Horsies, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: Loose) -> TaskResult[Loose, TaskError]: ...
