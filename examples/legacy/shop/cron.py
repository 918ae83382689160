"""What runs on a timetable."""
from shop.maintenance import rotate_logs, vacuum
from shop.reports import daily, monthly

TIMETABLE = {"0 3 * * *": vacuum, "0 4 * * 0": rotate_logs}


def at_night(day):
    daily.send(day)
    monthly.send(1, 2025)
