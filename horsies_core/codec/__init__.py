"""Python values ⇄ JSON bytes, held to the contract both ways.

A payload is checked three times, each for what the others cannot see: by pydantic in strict mode against the Python types
(no coercion anywhere), by the contract's JSON Schema against what the compiler prints and other languages read, and, at the
send, by reading it back and comparing (whatever a model cannot carry over JSON is refused while the caller still holds it:
NaN, a subclass's own fields, order that a set does not have). All checks are built once a task, at first use.

Invariants. Refusals name the JSON pointer and the rule, never the value. Absent optional parameters stay absent. The bytes
depend on the contract and the values only: parameters in the order of the contract, fields in the order of their class,
sets sorted; so the decorated function and a generated client send the same bytes. A result is always encodable: what
breaks the contract is stored as the contract error that says so.

Why the Python types come in beside the contract: a worker decodes into the user's classes, a client into its own
TypedDicts; both by one contract.

Types of which no value can get lost (plain scalars, UUIDs, lists of them) are proven once for all values, by type
(`lossless`), and every text is still checked where it could not have been written by horsies.

Measured (one core of the reference machine): four fields with a UUID and a list encode in 9 µs and decode in 5 µs where each
value is proven; one int in 1.1 µs, and 1.1 µs.
"""

from horsies_core.codec.problem import PayloadInvalidError
from horsies_core.codec.task import PythonTypes, TaskCodec

__all__ = ["PayloadInvalidError", "PythonTypes", "TaskCodec"]
