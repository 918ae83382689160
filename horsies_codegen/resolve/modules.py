"""Modules by name: the project's own first, then installed ones, parsed only when asked for.

Every look-up is noted while a file is resolved (`Modules.noted`): what was asked and which file answered, or that none did.
The notes of a file are all that its result depends on besides its own text, so they say when a cached result still holds.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import NamedTuple, Protocol

from horsies_codegen.parse import Module, parse
from horsies_codegen.resolve.scope import Scope
from horsies_codegen.source.file import SourceFile
from horsies_codegen.source.span import Place
from horsies_codegen.source.text import SourceText
from horsies_codegen.source.tree import SourceTree

MAX_KEPT = 256
"""Modules whose summaries are kept at once; one that is asked for again later is parsed again. Bounds the memory."""


class Outside(Protocol):
    """Finds modules outside the project, such as `horsies_codegen.source.external.ExternalModules`."""

    def find(self, module: str) -> SourceFile | None:
        """The file of a module, or None."""
        ...


class Question(NamedTuple):
    """A look-up of a module by its dotted name, from a file below an import root (None: from the settings)."""

    module: str
    root: str | None


class Answer(NamedTuple):
    """The file that a look-up came to: where it is, and a hash of its bytes."""

    path: str
    root: str
    digest: str


class Notes(NamedTuple):
    """What was looked up while one file was resolved."""

    modules: Mapping[Question, Answer | None]
    namespaces: Mapping[str, bool]
    """Dotted names that were asked for as packages without a file, and whether they are."""


class Found(NamedTuple):
    """The file of a module, and whether it is the project's own."""

    file: SourceFile
    is_own: bool

    @property
    def answer(self) -> Answer:
        """The same as it is noted."""
        return Answer(self.file.path, self.file.root, self.file.digest)


def find_module(question: Question, tree: SourceTree, outside: Outside | None) -> Found | None:
    """The file of a module as Python would find it, or None; the project's own goes before installed ones."""
    own = tree.module(question.module, question.root)
    if own is not None:
        return Found(own, is_own=True)
    installed = None if outside is None else outside.find(question.module)
    return None if installed is None else Found(installed, is_own=False)


def answer_to(question: Question, tree: SourceTree, outside: Outside | None) -> Answer | None:
    """What a question comes to now, as it would be noted."""
    found = find_module(question, tree, outside)
    return None if found is None else found.answer


class Modules:
    """Summaries and scopes by module, and places by offset. ``parsed`` holds summaries that are there already, by path."""

    def __init__(self, tree: SourceTree, outside: Outside | None, parsed: Mapping[str, Module]) -> None:
        self._tree = tree
        self._outside = outside
        self._parsed = parsed
        self._loaded: OrderedDict[str, _Loaded] = OrderedDict()
        self._answers: dict[Question, Answer | None] = {}
        self._used: dict[str, _Loaded] = {}
        self._asked: dict[Question, Answer | None] = {}
        self._namespaces: dict[str, bool] = {}

    def begin(self, file: SourceFile) -> Scope:
        """Begin with another file: its scope, and empty notes. What only earlier files needed may be let go of."""
        self._asked, self._namespaces, self._used = {}, {}, {}
        while len(self._loaded) > MAX_KEPT:
            self._loaded.popitem(last=False)
        return self._load(Found(file, is_own=True)).scope

    @property
    def notes(self) -> Notes:
        """What was looked up since `begin`."""
        return Notes(self._asked, self._namespaces)

    @property
    def looked_into(self) -> tuple[Module, ...]:
        """The summaries that were used since `begin`, in order of path."""
        return tuple(self._used[path].scope.module for path in sorted(self._used))

    @property
    def own_modules(self) -> tuple[Module, ...]:
        """Those of them that are the project's own."""
        return tuple(module for module in self.looked_into if self._used[module.path].is_own)

    def find(self, name: str, near: Module) -> Scope | None:
        """The scope of a module as Python would find it from ``near``, or None."""
        is_near = near.path in self._used and self._used[near.path].is_own  # installed ones have no place in the tree
        question = Question(name, near.root if is_near else None)
        loaded = self._answered(question) if question in self._answers else self._ask(question)
        self._asked[question] = self._answers[question]
        return None if loaded is None else loaded.scope

    def is_own(self, module: Module) -> bool:
        """Whether a module is the project's, or that of the settings: not one of an installed package."""
        loaded = self._used.get(module.path)
        return loaded is None or loaded.is_own

    def is_namespace(self, name: str) -> bool:
        """Whether a dotted name is a package of the project without a file of its own."""
        found = self._namespaces[name] = name in self._tree.packages
        return found

    def place(self, module: Module, start: int, end: int) -> Place:
        """A stretch of a module's text as a place."""
        return Place(module.path, self.source(module).span(start, end))

    def text(self, module: Module, start: int, end: int) -> str:
        """The text of a stretch."""
        return self.source(module).text[start:end]

    def source(self, module: Module) -> SourceText:
        """The text of a module that was used; empty for any other."""
        loaded = self._used.get(module.path)
        return _NO_TEXT if loaded is None else loaded.source

    def _answered(self, question: Question) -> _Loaded | None:
        """What a question came to before, loaded again if it was let go of."""
        answer = self._answers[question]
        if answer is None:
            return None
        loaded = self._loaded.get(answer.path)
        if loaded is None:
            return self._ask(question)
        self._used[answer.path] = loaded
        self._loaded.move_to_end(answer.path)
        return loaded

    def _ask(self, question: Question) -> _Loaded | None:
        found = find_module(question, self._tree, self._outside)
        self._answers[question] = None if found is None else found.answer
        return None if found is None else self._load(found)

    def _load(self, found: Found) -> _Loaded:
        path = found.file.path
        loaded = self._loaded.get(path)
        if loaded is None:
            module = self._parsed.get(path)
            loaded = self._loaded[path] = _Loaded(found, parse(found.file) if module is None else module)
        self._used[path] = loaded
        self._loaded.move_to_end(path)
        return loaded


class _Loaded:
    """A file that was read, and the scope of its summary."""

    def __init__(self, found: Found, module: Module) -> None:
        self.source = found.file.source
        self.is_own = found.is_own
        self.scope = Scope(module, module.statements)


_NO_TEXT = SourceText("")
