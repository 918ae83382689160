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
    contracts=".._schemas.shop_tasks_email",
):
    """Send an e-mail.

    The address is checked for an @ and nothing else.

    - ``to``: str
    - ``subject``: str
    - ``template``: Literal["receipt", "shipped", "delayed"]; "receipt"
      if left out
    - ``cc``: list[str] | None; None if left out

    Task ``send_email`` on queue ``critical``.

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

        The address is checked for an @ and nothing else.

        - ``to``: str
        - ``subject``: str
        - ``template``: Literal["receipt", "shipped", "delayed"];
          "receipt" if left out
        - ``cc``: list[str] | None; None if left out
        """
        return self._send(
            to=to,
            subject=subject,
            template=template,
            cc=cc,
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
            to=to,
            subject=subject,
            template=template,
            cc=cc,
        )

    def payload(
        self,
        *,
        to: str,
        subject: str,
        template: Literal["receipt", "shipped", "delayed"] = UNSET,
        cc: list[str] | None = UNSET,
    ) -> SendEmailPayload:
        """The arguments of one send, for `send_many`."""
        return self._payload(
            to=to,
            subject=subject,
            template=template,
            cc=cc,
        )
