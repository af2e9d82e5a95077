"""The link that a stranger's question waits for: opening it shows a button, the button sends the question."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from investors.forms.strangers import AgainForm
from investors.models import Inquiry
from investors.presentation import telephones
from investors.services.inquiries import TooMany
from investors.services.unconfirmed import (
    AccountIsClosed,
    DeadLink,
    LinkHasExpired,
    LinkIsWrong,
    TooManyMails,
    confirm_question,
    find,
    send_link_again,
)
from investors.views.inquiries import too_many
from portal.addresses import asking_from
from portal.lifecycle import StepClosed
from portal.signing_in import sign_in

_DEAD: dict[type[DeadLink], tuple[str, int]] = {
    LinkIsWrong: ("wrong", 404),
    LinkHasExpired: ("expired", 410),
    AccountIsClosed: ("closed", 403),
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_inquiry(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the link confirms, and with its button send it; a program that opens links uses nothing up."""
    try:
        if request.method != "POST":
            return _shown(request, token)
        return _confirmed(request, token)
    except DeadLink as dead:
        why, status = _DEAD[type(dead)]
        return render(request, "investors/dead_link.html", {"why": why, "form": AgainForm()}, status=status)
    except TooMany:
        error = _("Many inquiries were sent with this address in a short time. Your text is kept: try again later.")
        return too_many(_shown(request, token, error, 429))
    except StepClosed as closed:
        return _shown(request, token, " ".join(str(reason) for reason in closed.reasons), 409)


def _shown(request: HttpRequest, token: str, error: str = "", status: int = 200) -> HttpResponse:
    row = find(token)
    if row.inquiry:
        return _received(request, row.inquiry, was_used=True)
    return render(
        request, "investors/confirm_inquiry.html", {"row": row, "token": token, "error": error}, status=status
    )


def _confirmed(request: HttpRequest, token: str) -> HttpResponse:
    """Send it; only an account that was made by this very link is signed in by it."""
    inquiry, user, was_used = confirm_question(token=token)
    if user and not request.user.is_authenticated:
        sign_in(request, user)
    return _received(request, inquiry, was_used=was_used)


def _received(request: HttpRequest, inquiry: Inquiry, *, was_used: bool) -> HttpResponse:
    telephone = telephones([inquiry])[inquiry.pk]
    return render(
        request, "investors/confirmed.html", {"inquiry": inquiry, "telephone": telephone, "was_used": was_used}
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def send_again(request: HttpRequest) -> HttpResponse:
    """Send the link again; what is answered tells nobody whether anything waits for the address."""
    form = AgainForm(request.POST or None)
    if not form.is_valid():
        return render(request, "investors/send_again.html", {"form": form}, status=422 if form.is_bound else 200)
    try:
        send_link_again(email=form.cleaned_data["email"], address=asking_from(request))
    except TooManyMails:
        form.add_error(
            None, _("We have sent several links to this address within the hour. Please look for them in your mailbox.")
        )
        return too_many(render(request, "investors/send_again.html", {"form": form}, status=429))
    return render(request, "investors/send_again.html", {"form": form, "sent": True})
