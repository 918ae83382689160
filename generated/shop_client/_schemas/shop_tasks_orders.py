# Written by horsies-codegen. Change the tasks and build again, not this file.
# ruff: noqa
"""What payloads of ``shop.tasks.orders`` are checked against before they are sent: its contracts, as a lock."""

from typing import Final

LOCK: Final = r"""
{"format": 1,
"tasks": {
"place_order": {"doc": "Charge the customer's card for an order.", "source": "shop.tasks.orders:place_order", "queue": "critical", "parameters": {"order": {"type": {"ref": "shop.models:Order"}}}, "result": {"ref": "shop.models:Receipt"}, "error_codes": ["CARD_DECLINED"], "codes_open": false, "fingerprint": "3e62dff8d0b160e9e7e5c31f2481720e"},
"ship_order": {"doc": "Book a parcel with the carrier, who is not always there, and give its tracking number.", "source": "shop.tasks.orders:ship_order", "queue": "default", "retry": {"strategy": "fixed", "delays_s": [1, 5], "max_retries": 2, "cap_s": 86400, "jitter": false, "auto_retry_for": ["CARRIER_DOWN"]}, "mapped_codes": ["CARRIER_DOWN"], "parameters": {"order_id": {"type": "int"}, "ship_to": {"type": {"ref": "shop.models:Address"}}, "fragile": {"type": "bool", "default": false}}, "result": "str", "error_codes": ["CARRIER_DOWN"], "codes_open": false, "fingerprint": "a9e499b060a3d0a98546b7be0c8f8daf"}
},
"types": {
"shop.models:Address": {"kind": "dataclass", "fields": [{"name": "street", "type": "str"}, {"name": "city", "type": "str"}, {"name": "country", "type": "str", "required": false, "default": "DE"}]},
"shop.models:Currency": {"kind": "enum", "members": [["EUR", "EUR"], ["USD", "USD"]]},
"shop.models:Order": {"kind": "model", "fields": [{"name": "order_id", "type": "int"}, {"name": "customer_email", "type": "str"}, {"name": "currency", "type": {"ref": "shop.models:Currency"}}, {"name": "lines", "type": {"type": "list", "item": {"ref": "shop.models:OrderLine"}, "min_items": 1}}, {"name": "ship_to", "type": {"ref": "shop.models:Address"}}, {"name": "wanted_on", "type": {"type": "union", "of": ["date", "null"]}, "required": false, "default": null}]},
"shop.models:OrderLine": {"kind": "model", "fields": [{"name": "sku", "type": {"type": "str", "pattern": "^[A-Z]{2}-[0-9]{4}$"}}, {"name": "quantity", "type": {"type": "int", "ge": 1, "le": 99}}, {"name": "unit_price", "type": "decimal"}]},
"shop.models:Receipt": {"kind": "model", "fields": [{"name": "order_id", "type": "int"}, {"name": "total", "type": "decimal"}, {"name": "currency", "type": {"ref": "shop.models:Currency"}}, {"name": "paid_at", "type": "datetime"}]}
}}
"""
