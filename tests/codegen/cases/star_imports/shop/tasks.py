from typing import *

from pydantic import *

from shop.kinds import *
from shop.loop import A as Renamed


from horsies import Horsies, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: List[Annotated[int, Field(ge=1)]], b: Level, c: Renamed, d: PositiveInt) -> TaskResult[Optional[Level], TaskError]: ...
