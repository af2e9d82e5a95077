"""The sender's pages of their inquiries: where each stands, and what they can do."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from investors import news, presentation
from investors.expecting import usually
from investors.forms.inquiries import MessageForm, RatingForm
from investors.lifecycle import INQUIRY
from investors.models import Inquiry
from investors.services.exporting import pack_inquiry
from investors.services.inquiries import rate_answer, write_message
from investors.threads import thread_of
from investors.views.requests import SignedIn
from portal.lifecycle import StepClosed


@login_required
@never_cache
@require_safe
def inquiry_list(request: SignedIn) -> HttpResponse:
    """Show the person's own inquiries."""
    own = Inquiry.objects.sent_by(request.user).select_related("officer")
    page = Paginator(own, 20).get_page(request.GET.get("page"))
    return render(
        request, "investors/inquiries.html", {"page": page, "rows": presentation.lines_of(request.user, page)}
    )


@login_required
@never_cache
@require_safe
def inquiry(request: SignedIn, reference: str) -> HttpResponse:
    """Show one of the person's own inquiries, and what is new since the last look; what was merged leads on."""
    own = _own(request, reference)
    if own.merged_into:
        return redirect(own.merged_into)
    fresh = news.of(request.user, [own.reference])
    if request.method == "GET":
        news.mark_read(request.user, own.reference)
    return _page(request, own, news=fresh.get(own.reference))


@login_required
@require_POST
def reply(request: SignedIn, reference: str) -> HttpResponse:
    """Add the sender's message with its files; after the answer it opens the inquiry again."""
    own = _own(request, reference)
    form = MessageForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, own, reply_form=form, status=422)
    data = form.cleaned_data
    try:
        write_message(
            by=request.user, inquiry=own, step="reply", text=data["text"], key=data["key"], files=data["attachments"]
        )
    except ValidationError as refused:
        form.add_error("attachments", refused)
        return _page(request, own, reply_form=form, status=422)
    except StepClosed as closed:
        form.add_error(None, [str(reason) for reason in closed.reasons])
        return _page(request, own, reply_form=form, status=409)
    messages.success(request, _("Your message was added."))
    return redirect(own)


@login_required
@require_POST
def rate(request: SignedIn, reference: str) -> HttpResponse:
    """Keep the sender's rating of the answer, with a comment."""
    own = _own(request, reference)
    form = RatingForm(request.POST)
    if not form.is_valid():
        return _page(request, own, rating_form=form, status=422)
    try:
        rate_answer(by=request.user, inquiry=own, **form.cleaned_data)
    except StepClosed as closed:
        form.add_error(None, [str(reason) for reason in closed.reasons])
        return _page(request, own, rating_form=form, status=409)
    messages.success(request, _("Thank you for your rating."))
    return redirect(own)


@login_required
@require_POST
def close(request: SignedIn, reference: str) -> HttpResponse:
    """Close an answered inquiry."""
    return _take(request, _own(request, reference), "close", _("The inquiry is closed."))


@login_required
@require_POST
def withdraw(request: SignedIn, reference: str) -> HttpResponse:
    """Withdraw an inquiry that is not answered."""
    return _take(request, _own(request, reference), "withdraw", _("The inquiry is withdrawn."))


@login_required
@never_cache
@require_safe
def export(request: SignedIn, reference: str) -> FileResponse:
    """Send the inquiry, its thread and its checked files as a ZIP file."""
    own = _own(request, reference)
    return FileResponse(pack_inquiry(own), as_attachment=True, filename=f"{own.reference}.zip")


def _own(request: SignedIn, reference: str) -> Inquiry:
    related = (
        "officer", "opportunity__owner", "about_organisation", "programme", "organisation", "merged_into",
    )  # fmt: skip
    return get_object_or_404(Inquiry.objects.sent_by(request.user).select_related(*related), reference=reference)


def _take(request: SignedIn, own: Inquiry, step: str, done: str) -> HttpResponse:
    try:
        INQUIRY.apply(own, step, by=request.user)
    except StepClosed as closed:
        messages.error(request, " ".join(str(reason) for reason in closed.reasons))
    else:
        messages.success(request, done)
    return redirect(own)


def _page(request: SignedIn, own: Inquiry, status: int = 200, **shown: Any) -> HttpResponse:
    context = {
        "inquiry": own,
        "tone": presentation.INQUIRY_TONES[own.status],
        "course": presentation.course_of(own),
        "thread": thread_of(own, notes=False),
        "open_steps": {door.step.name for door in INQUIRY.allowed(request.user, own) if door.is_open},
        "telephone": presentation.telephones([own])[own.pk],
        "usually": usually([own.topic])[own.topic] if own.due_at else "",
        "reply_form": MessageForm(),
        "rating_form": RatingForm(),
        **shown,
    }
    return render(request, "investors/inquiry.html", context, status=status)
