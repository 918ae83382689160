"""The wire form of contracts: nodes, definitions and whole contracts ⇄ plain JSON values.

It is what the lock file, the clients and the database hold. Reading trusts nothing: whatever does not fit raises
`WireError`, which names the place by a JSON pointer. A scalar without constraints is written as one word (``"int"``), a
type with attributes as an object whose ``type`` is that word; attributes at their defaults are left out.
"""

from horsies_core.contract.wire.decode import decode_contract, decode_contract_body, decode_definition, decode_type
from horsies_core.contract.wire.encode import (
    encode_contract,
    encode_contract_body,
    encode_definition,
    encode_type,
)
from horsies_core.contract.wire.untrusted import Json, JsonObject, WireError

__all__ = [
    "Json",
    "JsonObject",
    "WireError",
    "decode_contract",
    "decode_contract_body",
    "decode_definition",
    "decode_type",
    "encode_contract",
    "encode_contract_body",
    "encode_definition",
    "encode_type",
]
