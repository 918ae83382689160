# Written by horsies-codegen. Change the tasks and build again, not this file.
# ruff: noqa
"""What payloads of ``shop.tasks.email`` are checked against before they are sent: its contracts, as a lock."""

from typing import Final

LOCK: Final = r"""
{"format": 1,
"tasks": {
"send_email": {"doc": "Send an e-mail.\n\nThe address is checked for an @ and nothing else.", "source": "shop.tasks.email:send_email", "queue": "critical", "parameters": {"to": {"type": "str"}, "subject": {"type": "str"}, "template": {"type": {"type": "literal", "values": ["receipt", "shipped", "delayed"]}, "default": "receipt"}, "cc": {"type": {"type": "union", "of": [{"type": "list", "item": "str"}, "null"]}, "default": null}}, "result": "null", "error_codes": ["BAD_ADDRESS"], "codes_open": false, "fingerprint": "195062d9f21b3c3d7bf6c952268ed9b0"}
},
"types": {}}
"""
