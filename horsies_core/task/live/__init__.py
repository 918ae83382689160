"""The live front end: a decorated function → the draft of its contract, by its evaluated annotations.

The twin of the compiler's static front end; on every module that both can read, the two drafts are equal, which
``tests/agreement`` holds. Classes of pydantic are recognised by name, so that a module that uses none pays for none.

Invariants. What cannot be read is a hole with a reason, never a guess. A name that the module has not defined yet is
no hole: the caller is told, and asks again.
"""
