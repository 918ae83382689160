"""Reports."""
from datetime import datetime

from horsies import TaskError, TaskResult

from shop.app import app


@app.task("")
def daily(day):
    return f"report of {day}"


@app.task("reports.weekly")
def weekly(week: int, formats: list = ["pdf"]) -> dict:
    return {"week": week, "formats": formats}


@app.task("reports.monthly")
def monthly(month: int, year: int = None) -> None:
    print(month, year)


@app.task("reports.yearly")
def yearly(year: int, breakdown: dict = None) -> TaskResult:
    if year > datetime.now().year:
        return
    return TaskResult(ok="done")


@app.task("reports.custom", good_until=None)
def custom(query: object, limit=100):
    return [limit]


def register_reports():
    @app.task("reports.adhoc")
    def adhoc(sql: str) -> TaskResult[None, TaskError]:
        return TaskResult(ok=None)

    return adhoc


weekly.send(1)
