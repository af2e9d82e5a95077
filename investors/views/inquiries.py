"""Asking a question: in one's own name when signed in, otherwise with an e-mail address that is confirmed first."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from investors import promises
from investors.asked import Asked
from investors.forms.inquiries import SUBJECT, InquiryForm
from investors.forms.strangers import AgainForm, StrangerForm
from investors.models import Inquiry
from investors.services.inquiries import TooMany, send_inquiry
from investors.services.unconfirmed import VALID, TooManyMails, TooManySent, keep_question
from portal.addresses import asking_from
from portal.lifecycle import StepClosed


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_inquiry(request: HttpRequest) -> HttpResponse:
    """Let anyone ask; a stranger's question waits until the e-mail address is confirmed."""
    asked = Asked.find(request.POST if request.method == "POST" else request.GET)
    make = InquiryForm if request.user.is_authenticated else StrangerForm
    if request.method != "POST":
        return _ask(request, make(initial=_initial(request, asked), user=request.user), asked)
    form = make(request.POST, user=request.user)
    if not form.is_valid():
        return _ask(request, form, asked, status=422)
    try:
        return _keep(request, form, asked) if isinstance(form, StrangerForm) else _send(request, form, asked)
    except (TooMany, TooManySent):
        error = _("Many inquiries were sent in a short time. Your text is kept on this page: please try again later.")
    except TooManyMails:
        error = _("We have sent several links to this address within the hour. Please look for them in your mailbox.")
    except StepClosed as closed:
        form.add_error(None, [str(reason) for reason in closed.reasons])
        return _ask(request, form, asked, status=409)
    form.add_error(None, error)
    return too_many(_ask(request, form, asked, status=429))


def too_many(response: HttpResponse) -> HttpResponse:
    """Say when it is worth trying again."""
    response["Retry-After"] = str(timedelta(minutes=10) // timedelta(seconds=1))
    return response


def _send(request: HttpRequest, form: InquiryForm, asked: Asked) -> HttpResponse:
    assert request.user.is_authenticated  # noqa: S101 -- the view chose the form by it
    inquiry = send_inquiry(by=request.user, question=form.question(asked), key=form.cleaned_data["key"])
    messages.success(request, _("Your inquiry was received. Its reference is %s.") % inquiry.reference)
    return redirect(inquiry)


def _keep(request: HttpRequest, form: StrangerForm, asked: Asked) -> HttpResponse:
    stranger = form.stranger(asking_from(request))
    keep_question(stranger=stranger, question=form.question(asked), key=form.cleaned_data["key"])
    again = AgainForm(initial={"email": stranger.email})
    context = {"email": stranger.email, "form": again, "hours": VALID // timedelta(hours=1)}
    return render(request, "investors/link_sent.html", context)


def _initial(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    return {"language": get_language(), **_first_words(asked, request.GET.get("topic", ""))}


def _first_words(asked: Asked, topic: str) -> dict[str, str]:
    if not asked.topic:
        return {"topic": topic} if topic in Inquiry.Topic.values else {}
    if asked.organisation and topic == Inquiry.Topic.CORRECTION:
        return {"topic": topic, "subject": (_("Correction: %(name)s") % {"name": asked.title})[:SUBJECT]}
    return {"topic": asked.topic, "subject": asked.title[:SUBJECT]}


def _ask(request: HttpRequest, form: InquiryForm, asked: Asked, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "asked": asked,
        "topic": form.initial.get("topic") or asked.topic or Inquiry.Topic.OTHER,
        "acknowledge_days": promises.acknowledge_days()[-1],
        "answer_days": promises.answer_days()[-1],
    }
    return render(request, "investors/new_inquiry.html", context, status=status)
