"""Search."""
from horsies import TaskError, TaskResult

from shop.app import app


@app.task("search.index")
def index(doc_id, fields={}):
    print(doc_id, fields)


@app.task("search.drop")
def drop(doc_id: int) -> TaskResult[None, TaskError]:
    print "dropping", doc_id
    return TaskResult(ok=None)


@app.task("search.suggest")
def suggest(prefix: str, limit=10):
    return [prefix] * limit
