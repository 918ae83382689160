"""What the compiler is for: everything in this module would have failed later, and none of it is imported to find out."""

import torch  # not installed here, and not needed to compile
from horsies import Horsies, TaskError, TaskResult

app = Horsies()


@app.task("send_email")
def send_email(to: str, subject, *, urgent: bool = False) -> TaskResult[None, TaskError]:
    return TaskResult(ok=None)


@app.task("embed_text")
def embed_text(*, text: str):
    return torch.zeros(3)


@app.task("send_email")
async def send_email_again(*, to: str) -> str:
    return to
