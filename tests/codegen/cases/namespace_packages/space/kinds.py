from typing import NewType

Sku = NewType("Sku", str)
