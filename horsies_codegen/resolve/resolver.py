"""The whole tree → `Resolution`."""

from __future__ import annotations

from collections.abc import Mapping

from horsies_codegen.diagnostic.model import in_order
from horsies_codegen.parse import Module
from horsies_codegen.resolve.annotation import TypeReader
from horsies_codegen.resolve.apps import AppReader
from horsies_codegen.resolve.binder import Binder
from horsies_codegen.resolve.classes import Classes
from horsies_codegen.resolve.findings import Findings
from horsies_codegen.resolve.model import Resolution, ResolvedTask, ResolveOptions
from horsies_codegen.resolve.modules import Modules, Outside
from horsies_codegen.resolve.tasks import TaskFinder
from horsies_codegen.resolve.values import Evaluator
from horsies_codegen.source.file import SourceFile
from horsies_codegen.source.tree import SourceTree


def may_define_tasks(file: SourceFile) -> bool:
    """Whether a file's bytes say that it may define tasks or list task modules: a filter before any parse."""
    return file.mentions(b".task") or (file.mentions(b"task") and file.mentions(b"horsies"))


def resolve(
    tree: SourceTree,
    options: ResolveOptions | None = None,
    *,
    outside: Outside | None = None,
    parsed: Mapping[str, Module] | None = None,
) -> Resolution:
    """Every task of a tree, with what was found wrong. Never raises.

    ``outside`` finds installed modules (`horsies_codegen.source.external.ExternalModules`). ``parsed`` holds summaries by
    path that were made before, in other processes or from a cache; what is missing is parsed when it is needed.
    """
    options = options or ResolveOptions()
    modules = Modules(tree, outside, parsed or {})
    binder = Binder(modules, options.python)
    values = Evaluator(binder)
    findings = Findings(modules)
    types = TypeReader(binder, values, options.types, lambda reader: Classes(reader, options.python))
    apps = AppReader(binder, values)
    finder = TaskFinder(binder, values, types, apps, findings)
    tasks: list[ResolvedTask] = []
    for file in tree.files():
        if may_define_tasks(file):
            scope = modules.scope_of(file)
            modules.project_paths.add(file.path)
            tasks.extend(finder.tasks(scope))
    for module in modules.project_modules():
        findings.syntax(module)
    return Resolution(tuple(tasks), dict(sorted(apps.apps.items())), in_order(findings.all()), modules.parsed_count)
