"""``discover_tasks`` is called more than once for an app.

The lists add up. In other versions and other queues the second one replaced the first, and readers know that; one list shows at a
glance what a worker loads.

Bad::

    # file: shop/app.py
    from horsies import Horsies

    app = Horsies()
    app.discover_tasks(["shop.orders"])
    app.discover_tasks(["shop.parcels"])
    # file: shop/orders.py
    # file: shop/parcels.py

Good::

    # file: shop/app.py
    from horsies import Horsies

    app = Horsies()
    app.discover_tasks(["shop.orders", "shop.parcels"])
    # file: shop/orders.py
    # file: shop/parcels.py
"""

from __future__ import annotations

from horsies_codegen.diagnostic import Level
from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC123", "repeated-discovery", Kind.RULE, __doc__, Level.NOTE)
