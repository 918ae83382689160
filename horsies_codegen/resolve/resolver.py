"""Files → what their tasks come to, one file at a time; and the whole tree → `Resolution`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from horsies_codegen.diagnostic.model import in_order
from horsies_codegen.parse import Module
from horsies_codegen.resolve.annotation import TypeReader
from horsies_codegen.resolve.apps import AppReader
from horsies_codegen.resolve.binder import Binder
from horsies_codegen.resolve.callers import Callers
from horsies_codegen.resolve.classes import Classes
from horsies_codegen.resolve.findings import Collected, Findings, merged
from horsies_codegen.resolve.model import FileResolution, Resolution, ResolvedApp, ResolveOptions
from horsies_codegen.resolve.modules import Modules, Notes, Outside
from horsies_codegen.resolve.scope import Scope
from horsies_codegen.resolve.sends import SendReader
from horsies_codegen.resolve.tasks import TaskFinder
from horsies_codegen.resolve.values import Evaluator
from horsies_codegen.source.file import SourceFile, may_send
from horsies_codegen.source.survey import Entry
from horsies_codegen.source.tree import SourceTree


def may_define_tasks(file: SourceFile) -> bool:
    """Whether a file's bytes say that it may define tasks or list task modules: a filter before any parse."""
    return file.mentions(b".task") or (file.mentions(b"task") and file.mentions(b"horsies"))


class Resolver:
    """Resolves files of one tree. What it says of a file depends on that file and on `FileResolution.notes`, on nothing else.

    Only summaries of modules are kept from one file to the next, and of those only so many.
    """

    def __init__(
        self,
        tree: SourceTree,
        options: ResolveOptions | None = None,
        *,
        outside: Outside | None = None,
        parsed: Mapping[str, Module] | None = None,
    ) -> None:
        self._options = options or ResolveOptions()
        self._modules = Modules(tree, outside, parsed or {})

    def file(self, file: SourceFile) -> FileResolution:
        """The tasks of a file and its sends, with what was found wrong. Never raises."""
        modules = self._modules
        scope = modules.begin(file)
        found = self._defined(scope) if may_define_tasks(file) else _NOTHING
        sends = tuple(SendReader(modules, self._options.python).sends(scope)) if scope.module.sends else ()
        looked_into = tuple(module.path for module in modules.looked_into)
        return replace(found, sends=sends, looked_into=looked_into, notes=modules.notes)

    def _defined(self, scope: Scope) -> FileResolution:
        """What a module defines. Only files that are looked into for that have to be Python."""
        modules = self._modules
        binder = Binder(modules, self._options.python)
        values = Evaluator(binder)
        findings = Findings(modules)
        types = TypeReader(binder, values, self._options.types, lambda reader: Classes(reader, self._options.python))
        apps = AppReader(binder, values)
        tasks = tuple(TaskFinder(binder, values, types, apps, findings).tasks(scope))
        for module in modules.own_modules:
            findings.syntax(module)
        return replace(_NOTHING, tasks=tasks, apps=apps.apps, collected=findings.collected())


_NOTHING = FileResolution((), {}, Collected(), (), Notes({}, {}))


def resolve(
    tree: SourceTree,
    options: ResolveOptions | None = None,
    *,
    outside: Outside | None = None,
    parsed: Mapping[str, Module] | None = None,
) -> Resolution:
    """Every task of a tree, with what was found wrong. Never raises.

    ``outside`` finds installed modules (`horsies_codegen.source.external.ExternalModules`). ``parsed`` holds summaries by
    path that were made before; what is missing is parsed when it is needed.
    """
    return joined(resolved_files(tree, options, outside=outside, parsed=parsed))


def resolved_files(
    tree: SourceTree,
    options: ResolveOptions | None = None,
    *,
    outside: Outside | None = None,
    parsed: Mapping[str, Module] | None = None,
) -> list[FileResolution]:
    """What each file of a tree comes to that may define tasks, in order of path, then those that may send them.

    As `resolve`, not yet joined.
    """
    resolver = Resolver(tree, options, outside=outside, parsed=parsed)
    defining = {file.path: resolver.file(file) for file in tree.files() if may_define_tasks(file)}
    functions = {task.draft.function for part in defining.values() for task in part.tasks}
    return [*defining.values(), *(resolver.file(file) for _, file in callers(tree, functions, defining))]


def callers(
    tree: SourceTree, functions: Collection[str], others: Collection[str], processes: int = 1
) -> Iterator[tuple[Entry, SourceFile]]:
    """The files that may send tasks of these functions, in order of path, without ``others``, which are known already.

    Of a file that was named by itself it is not asked whether it sends any of these: what it imports is not part of the tree.
    """
    sending = Callers(functions)
    given = frozenset(entry.path for entry in tree.given)
    if functions:
        found = tree.sifted(may_send, processes, without=others)
    else:
        found = ((entry, tree.read(entry)) for entry in tree.given if entry.path not in others)
    for entry, file in found:
        if not file.problem and (file.data in sending or (entry.path in given and may_send(file.data))):
            yield entry, file


def joined(files: Iterable[FileResolution]) -> Resolution:
    """What several files come to together, in the order that they are given in."""
    parts = tuple(files)
    return Resolution(
        tasks=tuple(task for part in parts for task in part.tasks),
        sends=tuple(send for part in parts for send in part.sends),
        apps=joined_apps(part.apps for part in parts),
        diagnostics=in_order(merged(part.collected for part in parts)),
        files=len({path for part in parts for path in part.looked_into}),
    )


def joined_apps(parts: Iterable[Mapping[str, ResolvedApp]]) -> Mapping[str, ResolvedApp]:
    """The apps that several files speak of. Each file knows of those ``discover_tasks`` that stand in it."""
    apps: dict[str, ResolvedApp] = {}
    for part in parts:
        for identity, app in part.items():
            known = apps.get(identity)
            apps[identity] = app if known is None else _with_discovered(known, app)
    return dict(sorted(apps.items()))


def _with_discovered(app: ResolvedApp, other: ResolvedApp) -> ResolvedApp:
    if not other.listings:
        return app
    return replace(
        app,
        discovered=(*app.discovered, *other.discovered),
        listings=(*app.listings, *other.listings),
        discovery_open=app.discovery_open or other.discovery_open,
    )
