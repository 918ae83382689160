"""The shop's app: where its queues are declared and its task modules are listed.

With no broker given, horsies runs a Postgres of its own. A deployment sets HORSIES_DATABASE_URL instead.
"""

from horsies import AppConfig, Horsies, QueueConfig, QueueMode

app = Horsies(
    AppConfig(
        queue_mode=QueueMode.CUSTOM,
        queues=[
            QueueConfig(name="critical", priority=1),
            QueueConfig(name="default", priority=50),
            QueueConfig(name="images", priority=90, max_concurrency=2),
        ],
    )
)

app.discover_tasks(["shop.tasks.orders", "shop.tasks.email", "shop.tasks.images"])
