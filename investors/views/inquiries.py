"""Asking a question."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from investors.asked import Asked
from investors.forms.inquiries import SUBJECT, InquiryForm
from investors.models import Inquiry
from investors.services.inquiries import TooMany, send_inquiry
from portal.lifecycle import StepClosed

DRAFT = "inquiry_draft"
"""The session's key of a question that was typed before signing in."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_inquiry(request: HttpRequest) -> HttpResponse:
    """Let anyone write a question; sending needs an account, and what was typed waits for it."""
    asked = _asked(request)
    if request.method != "POST":
        form = InquiryForm(initial=_initial(request, asked), user=request.user)
        return _ask(request, form, asked)
    form = InquiryForm(request.POST, user=request.user)
    if not form.is_valid():
        return _ask(request, form, asked, status=422)
    if not request.user.is_authenticated:
        request.session[DRAFT] = {**_plain(form), "asked": asked.names}
        return redirect("investors:kept_inquiry")
    try:
        inquiry = send_inquiry(by=request.user, question=form.question(asked), key=form.cleaned_data["key"])
    except TooMany:
        form.add_error(None, _("You have sent many inquiries in a short time. Your text is kept here; try later."))
        return _ask(request, form, asked, status=429)
    except StepClosed as closed:
        form.add_error(None, [str(reason) for reason in closed.reasons])
        return _ask(request, form, asked, status=409)
    request.session.pop(DRAFT, None)
    messages.success(request, _("Your inquiry was received. Its reference is %s.") % inquiry.reference)
    return redirect(inquiry)


def _plain(form: InquiryForm) -> dict[str, str]:
    data = form.cleaned_data
    return {name: str(data[name]) for name in ("topic", "subject", "text", "language", "key")}


def _asked(request: HttpRequest) -> Asked:
    named = request.POST if request.method == "POST" else request.GET
    if request.method != "POST" and not named.keys() & {"opportunity", "about"}:
        return Asked.find(request.session.get(DRAFT, {}).get("asked", {}))
    return Asked.find(named)


def _initial(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    draft = request.session.get(DRAFT)
    if draft and draft.get("asked") == asked.names:
        return draft
    return {"language": get_language(), **_first_words(asked, request.GET.get("topic", ""))}


def _first_words(asked: Asked, topic: str) -> dict[str, str]:
    if asked.opportunity:
        return {"topic": Inquiry.Topic.OPPORTUNITY, "subject": asked.opportunity.title}
    if asked.organisation is None:
        return {}
    name = asked.organisation.title
    if topic == Inquiry.Topic.CORRECTION:
        return {"topic": topic, "subject": (_("Correction: %(name)s") % {"name": name})[:SUBJECT]}
    return {"topic": Inquiry.Topic.ORGANISATION, "subject": name[:SUBJECT]}


def _ask(request: HttpRequest, form: InquiryForm, asked: Asked, status: int = 200) -> HttpResponse:
    kept = request.user.is_authenticated and DRAFT in request.session
    context = {"form": form, "asked": asked, "kept": kept}
    return render(request, "investors/new_inquiry.html", context, status=status)


@never_cache
@require_safe
def kept_inquiry(request: HttpRequest) -> HttpResponse:
    """Lead to sign-in or sign-up, and back to the question that waits in the session."""
    if request.user.is_authenticated or DRAFT not in request.session:
        return redirect("investors:new_inquiry")
    return render(request, "investors/kept_inquiry.html")
