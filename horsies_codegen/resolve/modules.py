"""Modules by name: the project's own first, then installed ones, each parsed at most once and only when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Protocol

from horsies_codegen.parse import Module, parse
from horsies_codegen.resolve.scope import Scope
from horsies_codegen.source.file import SourceFile
from horsies_codegen.source.span import Place
from horsies_codegen.source.text import SourceText
from horsies_codegen.source.tree import SourceTree


class Outside(Protocol):
    """Finds modules outside the project, such as `horsies_codegen.source.external.ExternalModules`."""

    def find(self, module: str) -> SourceFile | None:
        """The file of a module, or None."""
        ...


class Modules:
    """Summaries and scopes by module, and places by offset. ``parsed`` holds summaries that are there already, by path."""

    def __init__(self, tree: SourceTree, outside: Outside | None, parsed: Mapping[str, Module]) -> None:
        self._tree = tree
        self._outside = outside
        self._parsed = dict(parsed)
        self._files: dict[str, SourceFile] = {}
        self._texts: dict[str, SourceText] = {}
        self._scopes: dict[str, Scope] = {}
        self._by_name: dict[tuple[str, str], Scope | None] = {}
        self.project_paths: set[str] = set()

    def scope_of(self, file: SourceFile) -> Scope:
        """The scope of a file of the tree."""
        self._files.setdefault(file.path, file)
        scope = self._scopes.get(file.path)
        if scope is None:
            module = self._parsed.get(file.path)
            if module is None:
                module = self._parsed[file.path] = parse(file)
            scope = self._scopes[file.path] = Scope(module, module.statements)
        return scope

    def find(self, name: str, near: Module) -> Scope | None:
        """The scope of a module as Python would find it from ``near``, or None."""
        key = (name, near.root)
        if key not in self._by_name:
            self._by_name[key] = self._find(name, near)
        return self._by_name[key]

    def _find(self, name: str, near: Module) -> Scope | None:
        own = self._tree.module(name, self._files.get(near.path))
        if own is not None:
            self.project_paths.add(own.path)
            return self.scope_of(own)
        installed = None if self._outside is None else self._outside.find(name)
        return None if installed is None else self.scope_of(installed)

    def is_namespace(self, name: str) -> bool:
        """Whether a dotted name is a package of the project without a file of its own."""
        return name in self._packages

    @cached_property
    def _packages(self) -> frozenset[str]:
        return frozenset(
            ".".join(parts[:depth])
            for parts in (entry.module.split(".") for entry in self._tree.entries)
            for depth in range(1, len(parts))
        )

    def place(self, module: Module, start: int, end: int) -> Place:
        """A stretch of a module's text as a place."""
        return Place(module.path, self._source(module.path).span(start, end))

    def text(self, module: Module, start: int, end: int) -> str:
        """The text of a stretch."""
        return self._source(module.path).text[start:end]

    def project_modules(self) -> tuple[Module, ...]:
        """The summaries of the project's own files that were looked into, in order of path."""
        return tuple(self._scopes[path].module for path in sorted(self.project_paths & self._scopes.keys()))

    @property
    def parsed_count(self) -> int:
        """How many files were looked into."""
        return len(self._scopes)

    def _source(self, path: str) -> SourceText:
        source = self._texts.get(path)
        if source is None:
            file = self._files.get(path)
            source = self._texts[path] = SourceText("" if file is None else file.text)
        return source
