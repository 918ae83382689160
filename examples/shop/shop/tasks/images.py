"""Work on pictures: slow, and now and then a picture that hangs the decoder."""

from __future__ import annotations

import time
from uuid import UUID

from pydantic import PositiveInt

from horsies import TaskError, TaskResult
from shop.app import app
from shop.models import Thumbnail


@app.task("make_thumbnail", queue_name="images", timeout_ms=2_000)
def make_thumbnail(*, image_id: UUID, width: PositiveInt, corrupt: bool = False) -> TaskResult[Thumbnail, TaskError]:
    """Make a picture smaller. A corrupt one never comes to an end; the timeout takes care of it."""
    while corrupt:
        time.sleep(0.1)
    time.sleep(0.2)
    return TaskResult(ok=Thumbnail(image_id=image_id, width=width, height=width * 3 // 4))
