"""Names → types → drafts, with the place of every part: what the compiler knows of a tree of task modules.

What: `resolve` takes a tree of source files and gives one `ResolvedTask` for each function under ``@app.task(...)``, one
`ResolvedSend` for each call that certainly sends one, the apps, and diagnostics. A draft equals the one that the decorator
builds from the live function.

How: `binder` follows names through scopes and imports of every kind; `values` evaluates constants; `annotation` reads
types, `classes`, `models`, `enums` and `members` read what they name; `tasks`, `options`, `errors` and `apps` read
decorated functions; `sends` reads what is sent, with names as `certain` binds them. Modules are parsed when a name leads to them.

Invariants. Nothing is imported and nothing is run. Nothing raises: what cannot be read becomes a hole (`UnresolvedType`)
and a diagnostic at its exact expression, with each hop of the look-up and what to do; never a guess, never ``Any``. The
order of files, of names and of the file system changes nothing. What a file comes to depends on its own text and on the
look-ups that are noted meanwhile (`modules`), so files can be resolved in any process, and results kept between runs.

Why a table of known names (`known`) instead of reading pydantic's source: what ``pydantic.PositiveInt`` means on the wire
is fixed by our dialect, not by the version that happens to be installed.
"""

from horsies_codegen.resolve.model import (
    CodeUse,
    DiscoveredEntry,
    FileResolution,
    Origins,
    OtherDecorator,
    Resolution,
    ResolvedApp,
    ResolvedSend,
    ResolvedTask,
    ResolveOptions,
)
from horsies_codegen.resolve.resolver import (
    Resolver,
    callers,
    joined,
    joined_apps,
    may_define_tasks,
    resolve,
    resolved_files,
)

__all__ = [
    "CodeUse",
    "DiscoveredEntry",
    "FileResolution",
    "Origins",
    "OtherDecorator",
    "Resolution",
    "ResolveOptions",
    "ResolvedApp",
    "ResolvedSend",
    "ResolvedTask",
    "Resolver",
    "callers",
    "joined",
    "joined_apps",
    "may_define_tasks",
    "resolve",
    "resolved_files",
]
