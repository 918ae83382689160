"""What is wrong with the arguments of a send, in the words of both sides: the runtime's refusals, and the linter's findings."""

from __future__ import annotations

BY_NAME_ONLY = "a task takes its arguments by name only"
NOT_GIVEN = "required, and not given"
NO_SUCH_KEY = "there is no such key in the contract"
