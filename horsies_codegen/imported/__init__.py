"""``--allow-import``: what the source does not say is asked of the live module, in a process of its own.

What: for tasks whose types could not be read (made at run time, from packages without source, under conditions), the
contract that the decorator builds takes the place of the one that the compiler could not. The lock then says so:
``"provenance": "imported"``.

How: `ask` starts the interpreter that runs the compiler, isolated from the user's site and environment of Python (``-I``), with
bounded processor time, memory and time on the clock, in a session of its own that is killed as a whole. Sends are refused
while modules are imported. `fill` puts the answers in.

Invariants. Nothing is imported unless the user said so, and never in the compiler's own process. Only tasks that could not be
read are asked about. What the live front end refuses stays refused: the worker would refuse it too.
"""

from horsies_codegen.imported.ask import Answer, Limits, ask
from horsies_codegen.imported.fill import Ask, filled, needs_asking

__all__ = ["Answer", "Ask", "Limits", "ask", "filled", "needs_asking"]
