"""What is sold."""
from __future__ import annotations

from typing import TYPE_CHECKING

from horsies import TaskError, TaskResult

from shop.app import app

if TYPE_CHECKING:
    from decimal import Decimal

from ancientorm.session import Session


@app.task
def reindex(full=True):
    print("reindex", full)


@app.task("catalogue.price")
def set_price(sku: str, price: Decimal) -> TaskResult[None, TaskError]:
    return TaskResult(ok=None)


@app.task("catalogue.load")
def load(session: Session, path: str) -> TaskResult[int, TaskError]:
    return TaskResult(ok=0)


@app.task("catalogue.rate")
def rate(sku, stars=5, comment=None):
    return {"sku": sku, "stars": stars, "comment": comment}


@app.task("catalogue.archive")
def archive(skus: list, dry_run: bool = True):
    if dry_run:
        return []
    return [sku for sku in skus]


@app.task("catalogue.tag")
def tag(sku: str, tags: tuple, weight: int = None) -> TaskResult[None, TaskError]:
    return TaskResult(ok=None)


@app.task("catalogue.notify")
def notify(sku: str, callback: object) -> bool:
    return bool(sku)
