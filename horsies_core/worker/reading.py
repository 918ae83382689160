"""How a payload is to be read, in one number that fits into an order.

`OWN`: it was encoded by the very contract that the worker serves, so what does not fit is broken. `FOREIGN`: by another
version's contract, so what does not fit is left for a worker that can read it. From `FIRST_UPCASTER` on: by the very signature
of one of the task's upcasters.
"""

from __future__ import annotations

OWN, FOREIGN, FIRST_UPCASTER = 0, 1, 2
