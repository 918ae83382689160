"""One report with everything in it, for the snapshots; and the judges of documents."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs

from horsies_codegen.diagnostic import Diagnostic, Edit, Fix, Level, Related, Report, Safety
from horsies_codegen.diagnostic.render.machine import REPORT_SCHEMA_FILE
from horsies_codegen.source import Place, SourceText, Span, point

TASKS = """\
from shop.app import app

@app.task("send_email")
def send_email(to: str, subject: str) -> TaskResult[None, TaskError]:
\tnote = "日本語 👩\u200d💻", retry(0)
    return send(
        to,
        subject,
        one=1,
        two=2,
        three=3,
        four=4,
    )
# \x1b[31mred\x1b[0m
"""
OTHER = '@app.task("send_email")\ndef other() -> TaskResult[None, TaskError]: ...\n'
LONG = f'VALUES = "{"x" * 150}", undefined_name, "{"y" * 150}"\n'

TEXTS = {"src/shop/tasks.py": TASKS, "src/shop/other.py": OTHER, "src/shop/long.py": LONG}


_SARIF_SCHEMA = Path(__file__).parents[1] / "codegen" / "diagnostic" / "data" / "sarif-2.1.0-rtm.5.json"


def json_validator() -> jsonschema_rs.Validator:
    """Judges by the schema that we publish."""
    return jsonschema_rs.validator_for(json.loads(REPORT_SCHEMA_FILE.read_text()))


def sarif_validator() -> jsonschema_rs.Validator:
    """Judges by the official schema.

    One pattern of it is left out, that of a language (we write none): it has a stray bracket, which browsers take and
    stricter readers of regular expressions refuse.
    """
    schema = json.loads(_SARIF_SCHEMA.read_text())
    for holder in ("run", "toolComponent"):
        del schema["definitions"][holder]["properties"]["language"]["pattern"]
    return jsonschema_rs.validator_for(schema)


def place(path: str, text: str, *, after: str = "") -> Place:
    """Where a text stands in one of the files."""
    source = SourceText(TEXTS[path])
    start = TEXTS[path].index(text, TEXTS[path].index(after))
    return Place(path, source.span(start, start + len(text)))


_SIGNATURE = place("src/shop/tasks.py", "to", after="def send_email(")

REPORT = Report.of(
    [
        Diagnostic(
            code="HC101",
            name="positional-parameter",
            level=Level.ERROR,
            message="parameter `to` of task `send_email` can be passed by position",
            place=_SIGNATURE,
            label="make it keyword-only",
            help=("put a bare `*` before it", "or, over several lines:\n\tdef send_email(\n\t\t*,"),
            fix=Fix("Insert `*, `", Safety.SAFE, (Edit(Place(_SIGNATURE.path, point(4, 16)), "*, "),)),
            task="send_email",
        ),
        Diagnostic(
            code="HC102",
            name="duplicate-name",
            level=Level.ERROR,
            message="two tasks are named `send_email`",
            place=place("src/shop/tasks.py", '"send_email"'),
            label="again here",
            related=(Related(place("src/shop/other.py", '"send_email"'), "first here"),),
            notes=("the worker could not tell them apart",),
            task="send_email",
        ),
        Diagnostic(
            code="HC301",
            name="mutable-default",
            level=Level.WARNING,
            message="after wide characters the caret still stands right",
            place=place("src/shop/tasks.py", "retry"),
            fix=Fix("Remove it", Safety.UNSAFE, (Edit(place("src/shop/tasks.py", "retry(0)"), ""),)),
        ),
        Diagnostic(
            code="HC302",
            name="several-lines",
            level=Level.NOTE,
            message="over several lines",
            place=place("src/shop/tasks.py", TASKS[TASKS.index("send(\n") : TASKS.index("# ")].rstrip()),
            label="from there to here",
        ),
        Diagnostic(
            code="HC303",
            name="control-character",
            level=Level.WARNING,
            message="a title with \x1b[2J in it",
            place=place("src/shop/tasks.py", "red"),
        ),
        Diagnostic(
            code="HC003",
            name="unresolved-name",
            level=Level.ERROR,
            message="`undefined_name` is not defined",
            place=place("src/shop/long.py", "undefined_name"),
            label="not found",
        ),
        Diagnostic(
            code="HC501",
            name="parameter-added",
            level=Level.ERROR,
            message="queued payloads lack the new required parameter `cc`",
            task="send_email",
            pointer="/parameters/cc",
            witness={"to": "a@example.org", "subject": "é"},
            help=("give it a default",),
        ),
        Diagnostic(
            code="HC901",
            name="gone",
            level=Level.WARNING,
            message="a file that cannot be shown",
            place=Place("src/shop/gone.py", Span(point(7, 3).start, point(7, 9).start)),
            label="here",
        ),
    ],
    files=12,
    tasks=34,
)
