# Written by horsies-codegen. Change the tasks and build again, not this file.
"""The tasks of ``shop.tasks.images``."""

from __future__ import annotations

import uuid
from typing import NotRequired, TypeAlias

from horsies.client import UNSET, OtherErrorCode, TaskHandle, TaskStub
from typing_extensions import TypedDict

from .. import models


class MakeThumbnailPayload(TypedDict):
    """The payload of ``make_thumbnail``."""

    image_id: uuid.UUID
    width: int
    corrupt: NotRequired[bool]


MakeThumbnailErrorCode: TypeAlias = OtherErrorCode
"""What ``make_thumbnail`` fails with; a newer worker may have more."""


class MakeThumbnail(
    TaskStub[MakeThumbnailPayload, models.Thumbnail, MakeThumbnailErrorCode],
    task="make_thumbnail",
    contracts=".._schemas.shop_tasks_images",
):
    """Make a picture smaller. A corrupt one never comes to an end; the
    timeout takes care of it.

    - ``image_id``: uuid.UUID
    - ``width``: int; more than 0
    - ``corrupt``: bool; False if left out

    Task ``make_thumbnail`` on queue ``images``; times out after 2,000
    ms.

    Source: ``shop.tasks.images:make_thumbnail``.
    """

    def send(
        self,
        *,
        image_id: uuid.UUID,
        width: int,
        corrupt: bool = UNSET,
    ) -> TaskHandle[models.Thumbnail, MakeThumbnailErrorCode]:
        """Make a picture smaller. A corrupt one never comes to an end; the
        timeout takes care of it.

        - ``image_id``: uuid.UUID
        - ``width``: int; more than 0
        - ``corrupt``: bool; False if left out
        """
        return self._send(
            image_id=image_id,
            width=width,
            corrupt=corrupt,
        )

    async def send_async(
        self,
        *,
        image_id: uuid.UUID,
        width: int,
        corrupt: bool = UNSET,
    ) -> TaskHandle[models.Thumbnail, MakeThumbnailErrorCode]:
        """Like `send`, without blocking the event loop."""
        return await self._send_async(
            image_id=image_id,
            width=width,
            corrupt=corrupt,
        )

    def payload(
        self,
        *,
        image_id: uuid.UUID,
        width: int,
        corrupt: bool = UNSET,
    ) -> MakeThumbnailPayload:
        """The arguments of one send, for `send_many`."""
        return self._payload(
            image_id=image_id,
            width=width,
            corrupt=corrupt,
        )
