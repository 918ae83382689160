"""Writing to customers."""

from __future__ import annotations

from typing import Literal

from horsies import TaskError, TaskResult
from shop.app import app

Template = Literal["receipt", "shipped", "delayed"]


@app.task("send_email", queue_name="critical")
def send_email(
    *, to: str, subject: str, template: Template = "receipt", cc: list[str] | None = None
) -> TaskResult[None, TaskError]:
    """Send an e-mail.

    The address is checked for an @ and nothing else.
    """
    unreachable = [address for address in (to, *(cc or [])) if "@" not in address]
    if unreachable:
        return TaskResult(
            err=TaskError(error_code="BAD_ADDRESS", message="no such mailbox", data={"addresses": list(unreachable)})
        )
    print(f"e-mail to {to}: {subject} ({template})", flush=True)
    return TaskResult(ok=None)
