"""A task is a generator: it yields.

A task gives back one result. Calling a generator function runs none of it, so such a task would do nothing at all.

Bad::

    @app.task("pages")
    def pages(*, count: int) -> TaskResult[list[int], TaskError]:
        yield count

Good::

    @app.task("pages")
    def pages(*, count: int) -> TaskResult[list[int], TaskError]:
        return TaskResult(ok=list(range(count)))
"""

from __future__ import annotations

from horsies_codegen.lint.rule import law

RULE = law("HC106", __doc__)
