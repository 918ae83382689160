"""Each law refuses its bad draft with its code, place and remedy, and the good draft breaks none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from horsies_core.contract.draft import (
    UNKNOWN,
    OptionsDraft,
    ParameterDraft,
    ParameterKind,
    ReturnDraft,
    TaskDraft,
    contract_from,
)
from horsies_core.contract.laws import LAWS, Locus, duplicate_names, violations
from horsies_core.contract.retry import RetryPolicy
from horsies_core.contract.types import (
    ArrayType,
    Field,
    NumberType,
    ObjectDefinition,
    Ref,
    StringType,
    UnresolvedType,
)

GOOD = TaskDraft(
    name="resize",
    source="shop.tasks:resize",
    function="resize",
    parameters=(ParameterDraft(name="width", kind=ParameterKind.KEYWORD_ONLY, type=NumberType(kind="int")),),
    returns=ReturnDraft(shown="TaskResult[str, TaskError]", result=StringType()),
)


def parameter(kind: ParameterKind = ParameterKind.KEYWORD_ONLY, node: Any = StringType()) -> TaskDraft:  # noqa: B008
    return replace(GOOD, parameters=(ParameterDraft(name="width", kind=kind, type=node),))


def options(**given: Any) -> TaskDraft:
    return replace(GOOD, options=OptionsDraft(**given))


def retry(*codes: str) -> RetryPolicy:
    return RetryPolicy.fixed([1], auto_retry_for=list(codes))


CASES: list[tuple[str, Locus, TaskDraft]] = [
    ("HC101", Locus("parameter", "width"), parameter(ParameterKind.POSITIONAL_OR_KEYWORD)),
    ("HC101", Locus("parameter", "width"), parameter(ParameterKind.POSITIONAL_ONLY)),
    ("HC102", Locus("return"), replace(GOOD, returns=ReturnDraft(shown=None))),
    ("HC103", Locus("parameter", "width"), parameter(node=None)),
    ("HC104", Locus("return"), replace(GOOD, returns=ReturnDraft(shown="str"))),
    ("HC105", Locus("function"), replace(GOOD, is_async=True)),
    ("HC106", Locus("function"), replace(GOOD, is_generator=True)),
    ("HC107", Locus("parameter", "width"), parameter(ParameterKind.VAR_KEYWORD, None)),
    ("HC107", Locus("parameter", "width"), parameter(ParameterKind.VAR_POSITIONAL, None)),
    ("HC109", Locus("name"), replace(GOOD, name="")),
    ("HC109", Locus("name"), replace(GOOD, name=7)),
    ("HC109", Locus("name"), replace(GOOD, name="a/b")),
    ("HC109", Locus("name"), replace(GOOD, name="x" * 201)),
    ("HC109", Locus("name"), replace(GOOD, name="a\n")),
    ("HC109", Locus("name"), replace(GOOD, name="\ud800")),
    ("HC112", Locus("option", "good_until"), options(extra=("good_until",))),
    ("HC301", Locus("option", "exception_mapper"), options(exception_mapper=("timeout",))),
    ("HC301", Locus("option", "exception_mapper"), options(exception_mapper=(5,))),
    ("HC301", Locus("option", "default_unhandled_error_code"), options(default_unhandled_error_code="A__B")),
    ("HC301", Locus("option", "retry_policy"), options(retry_policy=retry("lower"))),
    ("HC302", Locus("option", "exception_mapper"), options(exception_mapper=("TASK_TIMEOUT",))),
    ("HC302", Locus("option", "retry_policy"), options(retry_policy=retry("TASK_CANCELLED"))),
    ("HC304", Locus("option", "retry_policy"), options(retry_policy=retry("TASK_TIMEOUT"))),
    ("HC306", Locus("option", "retry_policy"), options(retry_policy={"max_retries": 3})),
    ("HC306", Locus("option", "retry_policy"), options(retry_policy=retry())),
    ("HC307", Locus("option", "exception_mapper"), options(exception_mapper=["TIMEOUT"])),
    ("HC403", Locus("option", "timeout_ms"), options(timeout_ms=999)),
    ("HC403", Locus("option", "timeout_ms"), options(timeout_ms="5s")),
    ("HC403", Locus("option", "timeout_ms"), options(timeout_ms=True)),
    ("HC403", Locus("option", "timeout_ms"), options(timeout_ms=10**12)),
    ("HC404", Locus("option", "queue_name"), options(queue_name="")),
    ("HC404", Locus("option", "queue_name"), options(queue_name="a b")),
    ("HC404", Locus("option", "queue_name"), options(queue_name=3)),
    ("HC405", Locus("option", "aliases"), options(aliases=("resize",))),
    ("HC405", Locus("option", "aliases"), options(aliases="old")),
    ("HC410", Locus("option", "upcasters"), options(upcasters=5)),
    ("HC410", Locus("option", "upcasters"), options(upcasters=(5,))),
    ("HC202", Locus("parameter", "width"), parameter(node=ArrayType(item=UnresolvedType("Any", "HC202")))),
]


@pytest.mark.parametrize(("code", "locus", "draft"), CASES)
def test_a_broken_law_names_code_place_and_remedy(code: str, locus: Locus, draft: TaskDraft) -> None:
    (found,) = violations(draft)
    assert (found.code, found.locus) == (code, locus)
    assert found.name
    assert found.message
    assert found.help


@pytest.mark.parametrize(
    ("key", "start"),
    [
        ("timout_ms", "did you mean timeout_ms? the options are"),
        ("qeue_name", "did you mean queue_name? the options are"),
        ("colour", "the options are"),
    ],
)
def test_an_unknown_option_is_met_with_the_one_that_was_meant(key: str, start: str) -> None:
    [violation] = violations(options(extra=(key,)))
    assert violation.help.startswith(start)


def test_every_law_has_a_case() -> None:
    assert {law.code for law in LAWS} <= {code for code, _, _ in CASES}
    assert len({law.code for law in LAWS}) == len({law.name for law in LAWS}) == len(LAWS)


def test_a_lawful_draft_becomes_the_contract() -> None:
    draft = replace(
        GOOD,
        options=OptionsDraft(
            queue_name="images",
            timeout_ms=1000,
            retry_policy=retry("TASK_TIMEOUT", "LATE"),
            exception_mapper=("LATE", "BROKEN"),
            default_unhandled_error_code="OTHER",
            aliases=("shrink",),
        ),
    )
    assert list(violations(draft)) == []
    contract = contract_from(draft)
    assert contract.queue == "images"
    assert contract.timeout_ms == 1000
    assert contract.mapped_codes == ("BROKEN", "LATE", "OTHER")
    assert contract.aliases == ("shrink",)
    assert contract.parameters[0].name == "width"


def test_unknown_values_break_no_law_and_stand_for_the_default() -> None:
    draft = replace(
        GOOD,
        name=UNKNOWN,
        options=OptionsDraft(queue_name=UNKNOWN, timeout_ms=UNKNOWN, retry_policy=UNKNOWN, exception_mapper=UNKNOWN),
    )
    assert list(violations(draft)) == []
    contract = contract_from(replace(draft, name="resize"))
    assert (contract.queue, contract.timeout_ms, contract.retry) == ("default", None, None)


def test_a_hole_deep_in_a_recursive_definition_is_found_once() -> None:
    node = ObjectDefinition(
        name="m:Node",
        kind="model",
        fields=(
            Field(name="next", type=Ref("m:Node"), accept=("next",), emit="next"),
            Field(name="bad", type=UnresolvedType("no such name", "HC003"), accept=("bad",), emit="bad"),
        ),
    )
    draft = replace(
        GOOD,
        returns=ReturnDraft(shown="TaskResult[Node, TaskError]", result=Ref("m:Node")),
        definitions={"m:Node": node},
    )
    (found,) = violations(draft)
    assert (found.code, found.name, found.locus) == ("HC003", "unresolved-name", Locus("return"))


def test_an_unlawful_draft_is_no_contract() -> None:
    with pytest.raises(ValueError, match="not resolved"):
        contract_from(parameter(node=None))


def test_duplicate_names_show_every_source_in_order() -> None:
    owners = [("a", "m:one"), ("b", "m:two"), ("a", "n:three")]
    assert duplicate_names(owners) == {"a": ("m:one", "n:three")}


@pytest.mark.parametrize(
    "build",
    [
        lambda: RetryPolicy.fixed([], auto_retry_for=["A"]),
        lambda: RetryPolicy.fixed([-1], auto_retry_for=["A"]),
        lambda: RetryPolicy.fixed([1] * 101, auto_retry_for=["A"]),
        lambda: RetryPolicy.exponential(base_seconds=0, auto_retry_for=["A"]),
        lambda: RetryPolicy.exponential(base_seconds=1, max_retries=0, auto_retry_for=["A"]),
        lambda: RetryPolicy.exponential(base_seconds=1, cap_seconds=0, auto_retry_for=["A"]),
    ],
)
def test_a_retry_policy_out_of_range_is_refused(build: Any) -> None:
    with pytest.raises(ValueError, match=r"must be|empty"):
        build()


@pytest.mark.parametrize(
    "build",
    [
        lambda: RetryPolicy.fixed("60", auto_retry_for=["A"]),  # type: ignore[arg-type]
        lambda: RetryPolicy.fixed([True], auto_retry_for=["A"]),
        lambda: RetryPolicy.fixed([1.5], auto_retry_for=["A"]),  # type: ignore[list-item]
        lambda: RetryPolicy.fixed([1], auto_retry_for="A"),
        lambda: RetryPolicy.fixed([1], auto_retry_for=[1]),  # type: ignore[list-item]
    ],
)
def test_a_retry_policy_of_wrong_types_is_refused(build: Any) -> None:
    with pytest.raises(TypeError):
        build()
