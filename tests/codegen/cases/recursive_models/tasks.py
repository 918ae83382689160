from typing import Annotated, Generic, Literal, Optional, TypeVar

from pydantic import BaseModel, Field
from typing_extensions import TypeAliasType

T = TypeVar("T")


class Folder(BaseModel):
    name: str
    folders: "list[Folder]" = []
    parent: Optional["Folder"] = None


class Leaf(BaseModel):
    kind: Literal["leaf"] = "leaf"


class Branch(BaseModel):
    kind: Literal["branch"] = "branch"
    children: "list[Tree]" = []


Tree = Annotated[Leaf | Branch, Field(discriminator="kind")]


class Page(BaseModel, Generic[T]):
    item: T
    next: "Page[T] | None" = None


Nested = TypeAliasType("Nested", "dict[str, Nested] | int")


from horsies import Horsies, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: Folder, b: Tree, c: Page[int], d: Nested) -> TaskResult[Folder, TaskError]: ...
