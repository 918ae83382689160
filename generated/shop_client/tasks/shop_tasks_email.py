# Written by horsies-codegen. Change the tasks and build again, not this file.
"""The tasks of ``shop.tasks.email``."""

from __future__ import annotations

from typing import Final, Literal, NotRequired, TypeAlias

from horsies.client import UNSET, OtherErrorCode, TaskHandle, TaskStub
from typing_extensions import TypedDict


class SendEmailPayload(TypedDict):
    """The payload of ``send_email``."""

    to: str
    subject: str
    template: NotRequired[Literal["receipt", "shipped", "delayed"]]
    cc: NotRequired[list[str] | None]


class SendEmailCodes:
    """Error codes that ``send_email`` is known to give back."""

    BAD_ADDRESS: Final = "BAD_ADDRESS"


SendEmailErrorCode: TypeAlias = Literal["BAD_ADDRESS"] | OtherErrorCode
"""What ``send_email`` fails with; a newer worker may have more."""


class SendEmail(
    TaskStub[SendEmailPayload, None, SendEmailErrorCode],
    task="send_email",
    contracts="..contracts.shop_tasks_email",
):
    """Send an e-mail.

    Task ``send_email`` on queue ``critical``.

    Left out, a parameter keeps the task's own default: ``template``
    "receipt", ``cc`` null.

    Source: ``shop.tasks.email:send_email``.
    """

    def send(
        self,
        *,
        to: str,
        subject: str,
        template: Literal["receipt", "shipped", "delayed"] = UNSET,
        cc: list[str] | None = UNSET,
    ) -> TaskHandle[None, SendEmailErrorCode]:
        """Send an e-mail.

        Left out, a parameter keeps the task's own default: ``template``
        "receipt", ``cc`` null.
        """
        return self._send(
            {
                "to": to,
                "subject": subject,
                "template": template,
                "cc": cc,
            }
        )

    async def send_async(
        self,
        *,
        to: str,
        subject: str,
        template: Literal["receipt", "shipped", "delayed"] = UNSET,
        cc: list[str] | None = UNSET,
    ) -> TaskHandle[None, SendEmailErrorCode]:
        """Like `send`, without blocking the event loop."""
        return await self._send_async(
            {
                "to": to,
                "subject": subject,
                "template": template,
                "cc": cc,
            }
        )
