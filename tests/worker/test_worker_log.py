"""Where log lines go: horsies' own and those of user code, in a process that did not set up logging, and in one that did."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

SCRIPT = """
import logging
{before}
from horsies_core.worker.log import set_up

set_up({form!r}, "info")
logging.getLogger("shop.orders").info("from user code")
logging.getLogger("shop.orders").debug("too quiet")
logging.getLogger("horsies.worker").info("from horsies", extra={{"fields": {{"task": "place_order"}}}})
"""


def lines(form: str, before: str = "") -> list[str]:
    script = SCRIPT.format(form=form, before=before)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout == ""
    return done.stderr.splitlines()


def test_user_code_logs_through_the_worker() -> None:
    user, own = lines("text")
    assert " INFO from user code" in user
    assert " INFO from horsies" in own
    assert own.endswith("task=place_order")


def test_json_lines_are_objects() -> None:
    user, own = map(json.loads, lines("json"))
    assert (user["event"], user["level"]) == ("from user code", "info")
    assert own["task"] == "place_order"


@pytest.mark.parametrize("own_setup", ["logging.basicConfig(format='MINE %(message)s', level=logging.INFO)"])
def test_logging_that_user_code_set_up_is_left_alone(own_setup: str) -> None:
    user, own = lines("text", own_setup)
    assert user == "MINE from user code"
    assert "MINE" not in own
