from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Dict, FrozenSet, List, Set, Tuple

from horsies import Horsies, JsonValue, RetryPolicy, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: list[int], b: set[str], c: frozenset[int], d: tuple[int, str], e: tuple[int, ...], f: dict[str, int], g: Sequence[int], h: Mapping[str, bool], i: Iterable[int], j: deque[int], k: List[int], l: Dict[str, List[int]], m: Tuple[int, ...], n: Set[int], o: FrozenSet[str], p: tuple[()], q: dict[int, str]) -> TaskResult[dict[str, list[int]], TaskError]: ...
