"""The verdict finds each of the wrongs that it is there for: a good ending, spoilt in one way at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from storm.journal import Journal
from storm.plan import Send
from storm.producer import Producer, Sent
from storm.verdict import Evidence, Verdict

FAST, FLAKY, FAR, LATE = 0, 1, 2, 3
IDS = [UUID(int=number + 1) for number in range(4)]
HOLDER, ROLE, OTHER = 7, "storm_0_0", "storm_1_0"


class NoFleet:
    """Workers of which nothing is known but that they are gone."""

    def __init__(self) -> None:
        self.all: list[Any] = []
        self.survivors: list[str] = []
        self.left: list[str] = []

    def orphans(self) -> list[str]:
        return self.left


class Case:
    """A storm of four tasks that went well."""

    def __init__(self) -> None:
        kinds = {FAST: "fast", FLAKY: "flaky", FAR: "far", LATE: "expiring"}
        self.producer = Producer(lambda: None)
        for key, kind in kinds.items():
            send = Send(key=key, kind=kind, name=kind, arguments={"key": key})
            self.producer.sent[key] = Sent(send, IDS[key], f'{{"key":{key}}}', 100.0 if key == LATE else None)
        self.fleet: Any = NoFleet()
        self.journal = Journal()
        for key, times in ((FAST, 1), (FLAKY, 2)):
            self.journal.begun[key] = [50.0] * times
            self.journal.ended[key] = [51.0] * times
        past = [{"attempt": 1, "error_code": "FLAKY"}]
        self.live: list[Any] = [(IDS[FAR], '{"key":2}', None, 0, 0)]
        self.ended: list[Any] = [
            (IDS[FAST], '{"key":0}', "COMPLETED", 1, None, {"ok": 0}, None, None, 0),
            (IDS[FLAKY], '{"key":1}', "COMPLETED", 2, None, {"ok": 1}, past, None, 0),
            (IDS[LATE], '{"key":3}', "EXPIRED", 0, "TASK_EXPIRED", {"err": {}}, None, 0.1, 0),
        ]
        claims = [(FAST, 1), (FLAKY, 1), (FLAKY, 2)]
        self.audit: list[Any] = [
            (number, "claim", IDS[key], ROLE, HOLDER, claim, True, 0.0) for number, (key, claim) in enumerate(claims)
        ]

    def wrong(self) -> tuple[str, ...]:
        evidence = Evidence(tuple(self.live), tuple(self.ended), tuple(self.audit), {HOLDER: ROLE})
        return Verdict(self.producer, self.fleet, self.journal, evidence).wrong

    def change(self, key: int, column: int, value: object) -> None:
        row = list(self.ended[key])
        row[column] = value
        self.ended[key] = tuple(row)


SPOILT: dict[str, Callable[[Case], object]] = {
    "task 0 (fast) is there 0 times": lambda case: case.ended.pop(0),
    "task 0 (fast) is there 2 times": lambda case: case.live.append((IDS[FAST], '{"key":0}', None, 0, 0)),
    "task 2 (far) is there 0 times": lambda case: case.live.clear(),
    "was never sent": lambda case: case.live.append((UUID(int=99), "", None, 0, 0)),
    "is not as it was sent": lambda case: case.live.__setitem__(0, (IDS[FAR], '{"key":2}', 5, 0, 1)),
    "its payload is not what was sent": lambda case: case.change(0, 1, "{}"),
    "it ended with FLAKY": lambda case: case.change(0, 4, "FLAKY"),
    "do not fit": lambda case: case.change(0, 5, {"ok": 1}),
    "it expired 5.000 s before its time": lambda case: case.change(2, 7, -5.0),
    "past attempts are numbered [2]": lambda case: case.change(1, 6, [{"attempt": 2, "error_code": "FLAKY"}]),
    "attempts do not add up: 3": lambda case: case.change(1, 3, 3),
    "attempts do not add up: 0": lambda case: case.change(0, 3, 0),
    "it had 2 attempts": lambda case: case.change(0, 3, 2),
    "user code began 2 times on 1 claims": lambda case: case.journal.begun.__setitem__(FAST, [50.0, 50.5]),
    "2 attempts came to an end, user code began 1": lambda case: case.journal.begun.__setitem__(FLAKY, [50.0]),
    "s after its expiry": lambda case: case.journal.begun.__setitem__(LATE, [103.0]),
    "user code of a waiting task began": lambda case: case.journal.begun.__setitem__(FAR, [50.0]),
    "its user code never ended": lambda case: case.journal.ended.pop(FAST),
    "was not its to make": lambda case: case.audit.append((9, "end", IDS[FAST], OTHER, HOLDER, 1, False, 0.0)),
    "claim 3 of": lambda case: case.audit.append((9, "claim", IDS[FAST], ROLE, HOLDER, 3, True, 0.0)),
    "the limit of queue pair was exceeded": lambda case: case.journal.exceeded.append(("pair", "0.0", ("1.0", "2.0"))),
    "process 17 was left behind": lambda case: case.fleet.left.append("17"),
    "process 18 outlived it": lambda case: case.fleet.survivors.append("18"),
}


def test_a_good_ending_has_nothing_wrong() -> None:
    assert Case().wrong() == ()


@pytest.mark.parametrize("what", SPOILT)
def test_a_spoilt_one_is_found(what: str) -> None:
    case = Case()
    SPOILT[what](case)
    assert any(what in sentence for sentence in case.wrong()), case.wrong()
