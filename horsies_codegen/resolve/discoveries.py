"""What one ``discover_tasks([...])`` lists, and which task modules a worker loads by it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from horsies_codegen.parse.expression import Attribute, Expr, Items, Name, Text
from horsies_codegen.parse.statement import ImportModule, ImportName, ImportStar, Module
from horsies_codegen.resolve.binder import Binder
from horsies_codegen.resolve.findings import Findings
from horsies_codegen.resolve.model import DiscoveredEntry
from horsies_codegen.resolve.scope import Scope, ValueSymbol
from horsies_codegen.resolve.values import Evaluator
from horsies_codegen.source.span import Place
from horsies_core.contract.draft import UNKNOWN
from horsies_core.contract.names import task_module_problem

_IMPORTERS = frozenset(
    {"importlib", "importlib.import_module", "pkgutil", "pkgutil.walk_packages", "pkgutil.iter_modules"}
)
"""What a package imports that may import its modules by their names at run time."""

_REMEDY = 'write app.discover_tasks(["myapp.tasks"])'


class Discoveries:
    """Reads the lists, and reports what a worker would refuse."""

    def __init__(self, binder: Binder, values: Evaluator, findings: Findings) -> None:
        self._binder = binder
        self._values = values
        self._findings = findings

    def entries(self, scope: Scope, expression: Expr) -> Sequence[DiscoveredEntry] | None:
        """The entries of a list, behind a name too; None if some cannot be told."""
        if isinstance(expression, Name | Attribute):
            found = self._binder.expression(scope, expression)
            if found is None or not isinstance(found.symbol, ValueSymbol) or found.symbol.node.value is None:
                return None
            return self.entries(found.symbol.scope, found.symbol.node.value)
        if isinstance(expression, Text):
            self._invalid(f"discover_tasks takes a list: discover_tasks([{expression.value!r}])", scope, expression)
            return None
        if not isinstance(expression, Items):
            return None
        entries = [self._entry(scope, item) for item in expression.items]
        known = [entry for entry in entries if entry is not None]
        return known if len(known) == len(entries) else None

    def _entry(self, scope: Scope, item: Expr) -> DiscoveredEntry | None:
        value = self._values.value(scope, item)
        if value is UNKNOWN:
            return None
        if not isinstance(value, str):
            self._invalid(f"discover_tasks takes dotted modules and .py paths as strings, not {value!r}", scope, item)
            return None
        problem = task_module_problem(value)
        if problem is not None:
            self._invalid(problem, scope, item)
            return None
        return DiscoveredEntry(value, self._place(scope, item), self._loads(scope, value, item))

    def _loads(self, scope: Scope, entry: str, item: Expr) -> tuple[str, ...]:
        """The modules that are imported with an entry; a finding if there is no such module."""
        module = next((name for name in _names(entry) if self._module(scope, name) is not None), None)
        if module is not None:
            return tuple(sorted(self._imported(scope, module)))
        if not self._may_be_elsewhere(entry):
            self._findings.add(
                "HC121",
                f"discover_tasks lists {entry}, and there is no such module",
                self._place(scope, item),
                "correct the name; a worker refuses to start",
            )
        return ()

    def _module(self, scope: Scope, name: str) -> Scope | None:
        return self._binder.modules.find(name, scope.module)

    def _may_be_elsewhere(self, entry: str) -> bool:
        """Whether an entry may name what was not given to read: an installed package, a file beside the tree."""
        return entry.endswith(".py") or not self._binder.modules.is_namespace(entry.partition(".")[0])

    def _imported(self, scope: Scope, entry: str) -> set[str]:
        """What a worker runs of a package: the entry, what is imported on the way below it, and by the listing module."""
        waiting, seen = [entry], {entry, *self._imports(scope.module)}
        while waiting:
            found = self._module(scope, waiting.pop())
            for name in () if found is None else self._imports(found.module):
                if name not in seen and name.startswith(f"{entry}."):
                    waiting.append(name)
                seen.add(name)
        if seen.intersection(_IMPORTERS):
            seen.add(f"{entry}.*")
        top = entry.partition(".")[0]
        return {name for name in seen if name.partition(".")[0] == top}

    def _imports(self, module: Module) -> Iterator[str]:
        """Every dotted name that a module's import statements may import, its own package resolved."""
        package = module.name if module.is_package else module.name.rpartition(".")[0]
        for statement in module.statements:
            match statement:
                case ImportModule(start=start, end=end):
                    yield self._binder.modules.text(module, start, end)
                case ImportName(level=level, module=source, attribute=attribute):
                    base = _absolute(package, level, source)
                    yield base
                    yield f"{base}.{attribute}" if base else attribute
                case ImportStar(level=level, module=source):
                    yield _absolute(package, level, source)
                case _:
                    pass

    def _invalid(self, message: str, scope: Scope, expression: Expr) -> None:
        self._findings.add("HC122", message, self._place(scope, expression), _REMEDY)

    def _place(self, scope: Scope, expression: Expr) -> Place:
        return self._binder.modules.place(scope.module, expression.start, expression.end)


def _names(entry: str) -> Iterator[str]:
    """The dotted names that an entry may have: a path counts from some folder above the import root or at it."""
    if not entry.endswith(".py"):
        yield entry
        return
    parts = [part for part in entry.removesuffix(".py").split("/") if part not in ("", ".", "..")]
    parts = parts[:-1] if parts and parts[-1] == "__init__" else parts
    for first in range(len(parts)):
        yield ".".join(parts[first:])


def _absolute(package: str, level: int, module: str) -> str:
    if not level:
        return module
    parts = package.split(".")
    base = parts[: len(parts) - level + 1]
    return ".".join([*base, module] if module else base)
