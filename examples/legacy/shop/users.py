"""People."""
from horsies import TaskError, TaskResult

from shop.app import app
from shop.mail import send_email, send_welcome


@app.task
def create_user(name, email, admin=False):
    send_welcome(1)
    send_email(email, "Hello", f"Hello {name}")
    return {"name": name}


@app.task
def delete_user(user_id):
    if not user_id:
        return False
    return True


@app.task("users.merge")
def merge_users(first: int, second: int, *, dry_run=False):
    return not dry_run


@app.task("users.anonymize", bind=True, max_retries=3)
def anonymize(self, user_id):
    try:
        print(user_id)
    except ValueError as error:
        raise self.retry(exc=error)


@app.task("users.login", timeout_ms=5)
def login(user: str, password: str) -> TaskResult[bool, TaskError]:
    return TaskResult(ok=True)  # horsies: ignore[HC204] -- was a union once


@app.task("users.sync")
def sync_users(source="ldap", full=False):
    print(source, full)
    return None


@app.task("users.lock")
def lock_user(user_id: int, reason: str = "", /) -> TaskResult[None, TaskError]:
    return TaskResult(err=TaskError(error_code="UserLocked", message=reason))
