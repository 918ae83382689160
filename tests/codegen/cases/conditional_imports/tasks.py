import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Seen = str
else:
    Seen = int

try:
    from a_package_that_is_not_there import Amount
except ImportError:
    Amount = float

if sys.version_info >= (3, 8):
    Key = str
else:
    Key = bytes

if sys.version_info < (3,):
    Old = bytes
elif sys.version_info >= (3, 11):
    Old = bool


from horsies import Horsies, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: Seen, b: Amount, c: Key, d: Old) -> TaskResult[None, TaskError]: ...
