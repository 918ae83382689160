"""Both sides of every refusal: what raises when it is defined is a finding under the same code, and what a rule says of either.

The bad example of each page is linted, and imported as a worker would: its exception carries the code of the page, or the page
is in a list of those that only reading can tell.
"""

from __future__ import annotations

import importlib
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rule_examples import JUDGED, codes, named, sources

from horsies import Horsies
from horsies_codegen.lint import Kind, Rule, find_rule
from horsies_core.contract.laws import DUPLICATE_TASK_NAME, LAWS
from horsies_core.contract.refusals import REFUSALS

ROOT = Path(__file__).parents[2]

READING_ALONE = {
    "HC001": "Python itself refuses it",
    "HC004": "the value that was made at run time is there when it runs",
    "HC005": "the package is not installed here; where it is, its types are read as they are",
    "HC009": "one of the two is bound when it runs",
    "HC010": "one process imports one of the two",
    "HC110": "the name is there when it runs",
    "HC113": "the contract is that of the function which was registered",
    "HC114": "nothing is registered until the function around it is called",
    "HC115": "the app is there when it runs",
    "HC116": "the value is there when it runs",
    "HC117": "a worker cannot miss what nobody names",
    "HC118": "both are legal",
    "HC119": "judged when a payload leaves the argument out",
    "HC123": "both are legal",
    "HC125": "judged when the task returns",
    "HC127": "the function that is registered is there when it runs",
    "HC128": "judged when it is sent; test_sends_agree.py",
    "HC129": "judged when it is sent; test_sends_agree.py",
    "HC130": "judged when it is sent; test_sends_agree.py",
    "HC131": "judged when it is sent; test_sends_agree.py",
    "HC204": "both are legal",
    "HC207": "judged when a payload is sent",
    "HC208": "both are legal",
    "HC303": "both are legal",
    "HC305": "Python keeps the last entry before anybody can look",
    "HC308": "both are legal",
    "HC309": "both are legal",
}
"""Codes that nothing raises while a module is loaded, each with its reason."""

OTHERWISE_WHEN_IT_RUNS = {
    "HC003": "Python's own NameError comes first; where annotations are strings, the code is the same",
    "HC006": "Python's own ModuleNotFoundError, for a package that is not installed here",
    "HC008": "the default is a plain value by then; one without a JSON form has the same code",
    "HC206": "the name is just not there (HC003): who would have imported it is not to be seen",
}
"""Codes that the runtime has as well, and that these examples are not refused under."""


def raised_codes() -> set[str]:
    """Every code that the runtime can raise: those of the laws, of holes in types, and the others by their text."""
    written: set[str] = set()
    for folder in ("task", "contract"):
        for path in (ROOT / "horsies_core" / folder).rglob("*.py"):
            if "compare" not in path.parts:
                written.update(re.findall(r'"(HC\d{3})[" ]', path.read_text(encoding="utf-8")))
    for path in (ROOT / "horsies_core" / name for name in ("app.py", "config.py", "producer/sender.py")):
        written.update(re.findall(r"\bHC\d{3}\b", path.read_text(encoding="utf-8")))
    return written | {law.code for law in LAWS} | {DUPLICATE_TASK_NAME[0]} | set(REFUSALS)


@contextmanager
def on_path(folder: Path) -> Iterator[None]:
    """Import from a folder, and forget afterwards what was imported."""
    before = set(sys.modules)
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            if str(folder) in str(getattr(sys.modules[name], "__file__", "") or ""):
                del sys.modules[name]


def load(example: str, folder: Path) -> None:
    """Write an example and load it as a worker does."""
    files = sources(example)
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    with on_path(folder):
        from horsies_core.task.discovery import importing

        with importing():
            modules = [
                importlib.import_module(path.removesuffix(".py").replace("/", ".").removesuffix(".__init__"))
                for path in files
            ]
        for module in modules:
            for value in vars(module).values():
                if isinstance(value, Horsies):
                    value.import_discovered()


def refusal(example: str, folder: Path) -> tuple[str | None, BaseException | None]:
    """The code that loading an example is refused under, and the exception."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            load(example, folder)
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=run)  # discovery marks its thread
    thread.start()
    thread.join()
    error = failures[0] if failures else None
    return getattr(error, "code", None), error


@pytest.mark.parametrize("rule", JUDGED, ids=named)
def test_what_a_page_calls_bad_is_refused_under_its_code(rule: Rule, tmp_path: Path) -> None:
    for index, example in enumerate(rule.examples("Bad")):
        assert rule.code in codes(example)
        code, error = refusal(example, tmp_path / str(index))
        if rule.code in OTHERWISE_WHEN_IT_RUNS:
            assert code in (None, "HC003"), error
        elif rule.code in READING_ALONE:
            assert code is None, error
        else:
            assert code == rule.code, repr(error)
            assert rule.code in str(error)
            assert rule.name in str(error)


def test_every_code_that_is_raised_is_one_that_lint_reports() -> None:
    for code in raised_codes():
        rule = find_rule(code)
        assert rule is not None, code
        assert rule.kind in (Kind.LAW, Kind.REFUSAL, Kind.RULE), code


def test_every_code_is_raised_or_in_the_list_of_those_that_are_not() -> None:
    judged = {rule.code for rule in JUDGED}
    assert judged - raised_codes() <= READING_ALONE.keys() | OTHERWISE_WHEN_IT_RUNS.keys()
    assert (READING_ALONE.keys() | OTHERWISE_WHEN_IT_RUNS.keys()) <= judged
