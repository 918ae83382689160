import datetime as dt
import ipaddress
import uuid
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from horsies import Horsies, JsonValue, RetryPolicy, TaskError, TaskResult

app = Horsies()

@app.task("run")
def run(*, a: date, b: datetime, c: time, d: timedelta, e: UUID, f: Decimal, g: Path, h: ipaddress.IPv4Address, i: ipaddress.IPv6Address, j: ipaddress.IPv4Network, k: dt.datetime, l: uuid.UUID, m: Decimal = Decimal("1.5"), n: timedelta = timedelta(hours=1, seconds=3), o: date = date(2020, 1, 2), p: dt.datetime = dt.datetime(2020, 1, 2, 3, tzinfo=dt.timezone.utc)) -> TaskResult[Decimal, TaskError]: ...
