"""Emitters: contracts in, ``{path: text}`` out. Nothing here reads or writes a file of the user's.

What: `emit` gives every file of a build: the lock, a JSON Schema for each task's parameters and result, and the client
package. Types become expressions (`python_types`, `expression`), expressions and words become a view (`view`), and
templates print the view.

The client package::

    <package>/__init__.py             Client: one attribute a task, stubs loaded when first asked for
    <package>/models.py               the user's types: TypedDicts (or dataclasses, or pydantic models), enums, NewTypes
    <package>/tasks/<module>.py       the stubs of one module: payload types, error codes, typed sends
    <package>/_schemas/<module>.py    what their payloads are checked against: the contracts, as text of a lock
    <package>/py.typed
    pyproject.toml                    on request: what makes the package a distribution of its own

A stub is a `horsies.client.TaskStub[Payload, Result, ErrorCode]`; it names its task and, relative to itself, the module
whose ``LOCK`` holds the contract. ``Client._tasks`` says for each attribute ``.module:Class``, relative to the package; type
checkers go by the attributes and do not see it, since they would infer every text in it.

Invariants. Equal contracts give equal bytes, on every machine and Python: order comes from names, never from discovery;
there is no time, host, path, line number or tool version in a body. Output passes mypy strict, pyright strict, and ruff's
linter and formatter at every line length from 79. Inside the package imports are relative; outside it needs
``horsies.client`` and the standard library, and importing it loads neither pydantic nor psycopg.
"""

from horsies_codegen.emit.asyncapi import asyncapi_text
from horsies_codegen.emit.build import LOCK_PATH, Printer, emit, is_package_name, module_of
from horsies_codegen.emit.markdown import markdown_text
from horsies_codegen.emit.options import ClientOptions
from horsies_codegen.emit.portion import Names, Portion, definitions_of, names_of, portion_of
from horsies_codegen.emit.schemas import schema_text
from horsies_codegen.emit.templates import TemplateError
from horsies_codegen.emit.view import VIEW_VERSION

__all__ = [
    "LOCK_PATH",
    "VIEW_VERSION",
    "ClientOptions",
    "Names",
    "Portion",
    "Printer",
    "TemplateError",
    "asyncapi_text",
    "definitions_of",
    "emit",
    "is_package_name",
    "markdown_text",
    "module_of",
    "names_of",
    "portion_of",
    "schema_text",
]
