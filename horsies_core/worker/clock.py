"""`DatabaseClock`: what the database's clock says now, without asking. The only clock that decides about ``good_until``.

The machine's time of day may be wrong by minutes, and is never looked at. Each answer of the database carries its clock, which was
read at some moment between question and answer; so each gives two bounds, and the narrowest of them hold until one contradicts.
"""

from __future__ import annotations


class DatabaseClock:
    """``ahead_s``: seconds since the epoch there, minus this process's monotonic clock; at most a little too great.

    ``is_known``: there was an answer.

    Too great rather than too small: then a task may expire a moment early, and none is started after its time.
    """

    def __init__(self) -> None:
        self.ahead_s = 0.0
        self.is_known = False

    def learn(self, theirs: float, asked_at: float, answered_at: float) -> None:
        """An answer said ``theirs``; question and answer are on the monotonic clock."""
        least, most = theirs - answered_at, theirs - asked_at
        if not self.is_known or most < self.ahead_s or least > self.ahead_s:
            self.ahead_s, self.is_known = most, True
