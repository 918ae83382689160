"""The wire form of errors that horsies itself reports."""

from __future__ import annotations

import json
from collections.abc import Mapping


def error_result(error_code: str, message: str, data: Mapping[str, object] | None = None) -> bytes:
    """The bytes of ``{"err": ...}``. ``data`` must be JSON."""
    error = {"error_code": str(error_code), "message": message, "data": data}
    return json.dumps({"err": error}, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def error_message(result: bytes) -> str | None:
    """The message in the wire form of an error; None if it has none, or is no such wire form."""
    try:
        match json.loads(result):
            case {"err": {"message": str() as message}}:
                return message
            case _:
                return None
    except ValueError:
        return None
