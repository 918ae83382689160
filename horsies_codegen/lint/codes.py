"""Which error codes a task can produce, as far as its source tells."""

from __future__ import annotations

from typing import cast

from horsies_codegen.resolve.model import Resolution, ResolvedTask
from horsies_core.contract.draft import UNKNOWN


def seen_codes(task: ResolvedTask, resolution: Resolution) -> tuple[tuple[str, ...], bool]:
    """The codes that the body, the mappers and the defaults name, sorted; and whether there may be others."""
    app = resolution.apps.get(task.app)
    options = task.draft.options
    codes = {use.code for use in task.error_codes}
    codes.update(_texts(options.exception_mapper))
    codes.update(_texts((options.default_unhandled_error_code,)))
    is_open = task.codes_open or UNKNOWN in (options.exception_mapper, options.default_unhandled_error_code)
    if app is None or app.mapped_codes is None:
        return tuple(sorted(codes)), True
    codes.update(app.mapped_codes, _texts((app.default_unhandled_error_code,)))
    return tuple(sorted(codes)), is_open


def produced_codes(task: ResolvedTask, resolution: Resolution) -> frozenset[str] | None:
    """All codes of a task's own, or None where there may be others."""
    codes, is_open = seen_codes(task, resolution)
    return None if is_open else frozenset(codes)


def _texts(values: object) -> tuple[str, ...]:
    if not isinstance(values, tuple):
        return ()
    return tuple(value for value in cast("tuple[object, ...]", values) if isinstance(value, str))
