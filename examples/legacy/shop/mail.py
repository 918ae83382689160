"""E-mail."""
import smtplib

from horsies import RetryPolicy, TaskError, TaskResult

from shop.app import app


@app.task
def send_email(to, subject, body="", cc=[]):
    with smtplib.SMTP("localhost") as smtp:
        smtp.sendmail("shop@example.org", [to, *cc], f"Subject: {subject}\n\n{body}")


@app.task
def send_welcome(user_id, locale="en"):
    send_email(f"user-{user_id}@example.org", "Welcome")
    return True


@app.task("send_receipt", queue="mail")
def send_receipt(order_id: int, email: str = None) -> TaskResult[bool, TaskError]:
    send_email.send(email, "Your receipt", "")
    return TaskResult(ok=True)


@app.task(
    "send_newsletter",
    queue_name="mial",
    retry_policy=RetryPolicy.exponential(base_seconds=30, auto_retry_for=["SMTP_DONW", "TASK_TIMEOUT"]),
)
def send_newsletter(issue: int, recipients: list) -> TaskResult[int, TaskError]:
    try:
        for recipient in recipients:
            send_email(recipient, f"Issue {issue}")
    except smtplib.SMTPException:
        return TaskResult(err=TaskError(error_code="SMTP_DOWN"))
    return TaskResult(ok=len(recipients))


@app.task("send_sms", queue_name="mail", timeout_ms=30)
async def send_sms(number: str, text: str) -> TaskResult[None, TaskError]:
    print(number, text)
    return TaskResult(ok=None)
