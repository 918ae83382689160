"""``discover_tasks`` is given what it does not take.

It takes a list of dotted modules and of paths that end in ``.py``, all of them strings, and raises for anything else.

Bad::

    app.discover_tasks("shop.orders")
    app.discover_tasks(["shop/orders"])

Good::

    app.discover_tasks(["shop.orders", "shop/more.py"])
"""

from __future__ import annotations

from horsies_codegen.lint.rule import Kind, Rule

RULE = Rule("HC122", "invalid-discovery", Kind.REFUSAL, __doc__)
