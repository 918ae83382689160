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

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from horsies_codegen.diagnostic import Diagnostic, Level, Related
from horsies_codegen.lint.rule import Across, Kind, Rule
from horsies_codegen.resolve.model import Resolution, ResolvedApp


def gather(resolution: Resolution) -> Iterable[object]:  # noqa: ARG001 - what there is to say stands with the apps
    """Nothing."""
    return ()


def judge(facts: Iterable[object], apps: Mapping[str, ResolvedApp]) -> Iterator[Diagnostic]:  # noqa: ARG001
    """Every call for an app but the first."""
    for app in apps.values():
        for place in app.listings[1:]:
            finding = RULE.finding(
                "this app's task modules are listed in two places; the lists add up",
                place,
                "keep one list, so that what a worker loads is seen at a glance",
            )
            yield replace(finding, related=(Related(app.listings[0], "first listed here"),))


RULE = Rule("HC123", "repeated-discovery", Kind.RULE, __doc__, Level.NOTE, across=Across(gather, judge))
