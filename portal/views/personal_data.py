"""What the portal holds about the person who asks: to read, to take along, to have erased."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import (
    get_reauthentication_flows,
    raise_if_reauthentication_required,
)
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal import consents
from portal.forms import SureForm
from portal.lifecycle import StepClosed
from portal.models import Consent, Erasure
from portal.personal_data import ACCOUNT, everything_about, hindrances, parts, purposes

RECENT_SECONDS = 15 * 60
"""How long a sign-in by a mailed code counts as proof of who is there."""

type View = Callable[..., HttpResponse]


def proven(view: View) -> View:
    """Ask anew who is there: by password or second factor, or by a sign-in of just now where there is neither."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if get_reauthentication_flows(request.user):
            raise_if_reauthentication_required(request, app="portal")
        elif not _signed_in_just_now(request):
            return render(request, "portal/sign_in_again.html", status=403)
        return view(request, *args, **kwargs)

    return asked


def _signed_in_just_now(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < RECENT_SECONDS


@login_required
@never_cache
@require_safe
def personal_data(request: HttpRequest) -> HttpResponse:
    """Show how much is held and for what, with the consents."""
    given: dict[str, Consent] = {}
    for consent in Consent.objects.filter(user=request.user):  # type: ignore[misc]
        given[consent.purpose] = consent  # the newest stays
    waiting = set(Erasure.objects.filter(user=request.user, done_at=None).values_list("purpose", flat=True))  # type: ignore[misc]
    context = {
        "held": [(part.title, _number(part.held(request.user))) for part in parts()],  # type: ignore[arg-type]
        "purposes": [(one, given.get(one.name), one.name in waiting) for one in purposes()],
        "account": ACCOUNT,
    }
    return render(request, "portal/personal_data.html", context)


def _number(held: Any) -> int:
    """Count the records of a part, which holds nothing where a person has nothing of it."""
    if held is None:
        return 0
    if isinstance(held, list):
        return len(held)
    return sum(len(value) for value in held.values() if isinstance(value, list))


@login_required
@never_cache
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Send all that is held about the person as a JSON file."""
    content = {"made_at": timezone.now(), **everything_about(request.user)}  # type: ignore[arg-type]
    answer = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = 'attachment; filename="personal-data.json"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@proven
def withdraw(request: HttpRequest, purpose: str) -> HttpResponse:
    """Withdraw the consent to a purpose; that of the account ends the account."""
    found = next((one for one in purposes() if one.name == purpose), None)
    if found is None:
        raise Http404
    reasons = hindrances(request.user) if purpose == ACCOUNT else []  # type: ignore[arg-type]
    form = SureForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            consents.withdraw_consent(by=request.user, purpose=purpose)  # type: ignore[arg-type]
        except StepClosed as closed:
            reasons = list(closed.reasons)
        else:
            return _done(request, purpose)
    status = 409 if request.method == "POST" and reasons else 422 if form.errors else 200
    context = {"purpose": found, "reasons": reasons, "form": form, "is_account": purpose == ACCOUNT}
    return render(request, "portal/withdraw_consent.html", context, status=status)


def _done(request: HttpRequest, purpose: str) -> HttpResponse:
    if purpose == ACCOUNT:
        logout(request)
        messages.success(request, _("Your account has ended. What it holds is erased within a few minutes."))
        return redirect("privacy")
    messages.success(request, _("Your consent is withdrawn. What is held for it is erased within a few minutes."))
    return redirect("personal_data")
