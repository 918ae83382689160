from __future__ import annotations

import shop.base.core
import shop.base.core as core
from horsies import TaskError, TaskResult

from . import base
from .app import app
from .base import Other, Thing
from .conditional import Fancy, Number
from .cycle_one import One as First
from .cycle_two import Two


@app.task("imports")
def imports(
    *, a: Thing, b: Other, c: shop.base.core.Thing, d: core.Renamed, e: base.Thing, f: First, g: Two, h: Fancy, i: Number
) -> TaskResult[list[Thing], TaskError]: ...
