"""What the web server does."""
from shop import orders
from shop.catalogue import rate
from shop.mail import send_email
from shop.users import create_user, delete_user


def sign_up(request):
    create_user.send(request["name"], request["email"])  # the welcome follows
    send_email.send(
        request["email"],
        "Confirm",  # subject
        body="...",
    )


def checkout(request):
    orders.place_order.send(request["customer"], request["lines"], voucher=request.get("voucher"))


def leave(request):
    delete_user.with_options(priority=1).send(request["user"])


def stars(request, *answers):
    return rate.send(*answers)


def failed(result):
    return result.is_err() and result.err.error_code == "order-locked"
