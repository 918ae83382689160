"""Which code an exception becomes, in the order of the rules."""

from __future__ import annotations

import pytest

from horsies_core.policy.exceptions import ExceptionRules, error_code_for, exception_message

FULL = ExceptionRules(
    task_mapper={ConnectionError: "TASK_MAPPED"},
    app_mapper={ConnectionError: "NEVER", KeyError: "APP_MAPPED"},
    task_default="TASK_DEFAULT",
    app_default="APP_DEFAULT",
)


@pytest.mark.parametrize(
    ("error", "rules", "code"),
    [
        (ConnectionError(), FULL, "TASK_MAPPED"),
        (ConnectionResetError(), FULL, "TASK_MAPPED"),
        (KeyError(), FULL, "APP_MAPPED"),
        (ValueError(), FULL, "TASK_DEFAULT"),
        (ValueError(), ExceptionRules(app_default="APP_DEFAULT"), "APP_DEFAULT"),
        (ValueError(), ExceptionRules(), "UNHANDLED_EXCEPTION"),
        (SystemExit(), ExceptionRules(task_mapper={BaseException: "ANY"}), "ANY"),
    ],
)
def test_rules_hold_in_their_order(error: BaseException, rules: ExceptionRules, code: str) -> None:
    assert error_code_for(error, rules) == code


def test_nearest_class_counts_whatever_the_order_of_the_mapper() -> None:
    rules = ExceptionRules(task_mapper={Exception: "ANY", OSError: "OS", ConnectionError: "NET"})
    assert error_code_for(ConnectionResetError(), rules) == "NET"
    assert error_code_for(FileNotFoundError(), rules) == "OS"
    assert error_code_for(ValueError(), rules) == "ANY"


def test_unhandled_message_is_the_one_of_the_page() -> None:
    message = exception_message("might_crash", ValueError("Something went wrong"), "UNHANDLED_EXCEPTION")
    assert message == "Unhandled exception in task might_crash: ValueError: Something went wrong"


def test_mapped_message_is_the_exception() -> None:
    assert exception_message("t", TimeoutError("slow"), "TIMEOUT") == "TimeoutError: slow"
    assert exception_message("t", TimeoutError(), "TIMEOUT") == "TimeoutError"


def test_exception_without_a_text_is_reported_all_the_same() -> None:
    class Broken(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    assert "RuntimeError" in exception_message("t", Broken(), "UNHANDLED_EXCEPTION")


def test_a_text_without_end_is_cut() -> None:
    message = exception_message("t", ValueError("x" * 5_000_000), "CODE")
    assert message.startswith("ValueError: xxx")
    assert message.endswith("x... (5,000,000 characters)")
    assert len(message) < 11_000
