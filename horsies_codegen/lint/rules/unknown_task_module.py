"""``discover_tasks`` lists a module that is not there.

A worker that cannot import an entry refuses to start. Entries of packages that are not under the given paths are left to it.

Bad::

    # file: shop/app.py
    from horsies import Horsies

    app = Horsies()
    app.discover_tasks(["shop.order"])
    # file: shop/orders.py

Good::

    # file: shop/app.py
    from horsies import Horsies

    app = Horsies()
    app.discover_tasks(["shop.orders"])
    # file: shop/orders.py
"""

from __future__ import annotations

from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC121", "unknown-task-module", Kind.REFUSAL, __doc__)
