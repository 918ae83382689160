"""Pictures and films."""
from horsies import TaskError, TaskResult

from shop.app import app
from shop.tools import timed


@app.task("media.thumbnail", queue_name="media")
@timed
def thumbnail(image: bytes, width=200, height=200) -> TaskResult[bytes, TaskError]:
    return TaskResult(ok=image[: width * height])


@app.task("media.transcode", queue_name="media", timeout=600)
def transcode(path, codec="h264"):
    print("transcode", path, codec)


@app.task("media.frames", queue_name="media")
def frames(path: str, step: int = 10):
    for frame in range(0, 100, step):
        yield frame


@app.task(queue_name="media")
def watermark(image_id: int, text: str = "(c)"):
    return TaskResult(ok=text)


@app.task("media.purge", queue_name="media")
class PurgeMedia:
    def run(self, older_than_days=30): ...


def _probe(path: str) -> TaskResult[int, TaskError]:
    return TaskResult(ok=len(path))


probe = app.task("media.probe", queue_name="media")(_probe)
