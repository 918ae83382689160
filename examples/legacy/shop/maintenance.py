"""At night."""
from horsies import TaskError, TaskResult

from shop.app import app


@app.task
def vacuum():
    print("vacuum")


@app.task
def rotate_logs(keep=7):
    print("rotate", keep)
    return keep


@app.task("maintenance.backup", time_limit=3600)
def backup(target, compress=True):
    return f"{target}.gz" if compress else target


@app.task("maintenance.expire")
def expire(days: int = 30, kinds: list = ["cart"]) -> int:
    return days


@app.task("maintenance.ping")
async def ping(host: str, port: int = 80):
    return True


@app.task("maintenance.heal")
def heal(node: str, retries=3, backoff=1.5) -> TaskResult[None, TaskError]:
    return TaskResult(err=TaskError(error_code="node.down"))
