from horsies import AppConfig, Horsies, QueueConfig, QueueMode

app = Horsies(
    AppConfig(
        queue_mode=QueueMode.CUSTOM,
        queues=[QueueConfig(name="default"), QueueConfig(name="mail"), QueueConfig(name="media", priority=50)],
    )
)

app.discover_tasks(["shop.mail", "shop.orders", "shop.billing", "shop.media", "shop.reports"])
app.discover_tasks(["shop.users", "shop.catalogue", "shop.maintenace"])
