# Written by horsies-codegen. Change the tasks and build again, not this file.
# ruff: noqa
"""What payloads of ``shop.tasks.images`` are checked against before they are sent: its contracts, as a lock."""

from typing import Final

LOCK: Final = r"""
{"format": 1,
"tasks": {
"make_thumbnail": {"doc": "Make a picture smaller. A corrupt one never comes to an end; the timeout takes care of it.", "source": "shop.tasks.images:make_thumbnail", "queue": "images", "timeout_ms": 2000, "parameters": {"image_id": {"type": {"type": "str", "format": "uuid"}}, "width": {"type": {"type": "int", "gt": 0}}, "corrupt": {"type": "bool", "default": false}}, "result": {"ref": "shop.models:Thumbnail"}, "error_codes": [], "codes_open": false, "fingerprint": "eae23362a68d1d42e4b5da3c88f7af15"}
},
"types": {
"shop.models:Thumbnail": {"kind": "model", "fields": [{"name": "image_id", "type": {"type": "str", "format": "uuid"}}, {"name": "width", "type": "int"}, {"name": "height", "type": "int"}]}
}}
"""
