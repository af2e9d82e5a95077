"""Complaining, and the complainant's pages of it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from investors.complaint_course import COMPLAINT_TONES, course_of
from investors.complaint_files import files_by_subject
from investors.complaint_lifecycle import COMPLAINT
from investors.forms.complaints import ComplaintForm, ComplaintMessageForm
from investors.models import Complaint
from investors.services.complaints import make_complaint, write_about_complaint
from investors.services.inquiries import TooMany
from investors.views.requests import SignedIn
from portal.lifecycle import StepClosed

DRAFT = "complaint_draft"
"""The session's key of a complaint that was sent after the session had ended."""

_LONGEST_DRAFT = 20_000


@require_safe
def about_complaints(request: HttpRequest) -> HttpResponse:
    """Say what belongs here, what does not, and what happens by when."""
    return render(request, "investors/about_complaints.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_complaint(request: HttpRequest) -> HttpResponseBase:
    """Let a person who is signed in complain; what was sent after the session ended waits for them."""
    user = request.user
    if not user.is_authenticated:
        _keep(request)
        return redirect_to_login(reverse("investors:new_complaint"))
    if request.method != "POST":
        form = ComplaintForm(initial={"language": get_language(), **request.session.get(DRAFT, {})}, user=user)
        return _complain(request, form)
    form = ComplaintForm(request.POST, request.FILES, user=user)
    if not form.is_valid():
        return _complain(request, form, status=422)
    try:
        complaint = make_complaint(by=user, grievance=form.grievance(), key=form.cleaned_data["key"])
    except TooMany:
        form.add_error(None, _("You have made many complaints today. Your text is kept here; try tomorrow."))
        return _complain(request, form, status=429)
    except StepClosed as closed:
        form.add_error(None, [str(reason) for reason in closed.reasons])
        return _complain(request, form, status=409)
    request.session.pop(DRAFT, None)
    messages.success(request, _("Your complaint was received. Its reference is %s.") % complaint.reference)
    return redirect(complaint)


def _keep(request: HttpRequest) -> None:
    if request.method == "POST":
        typed = {name: request.POST.get(name, "")[:_LONGEST_DRAFT] for name in ComplaintForm.base_fields}
        request.session[DRAFT] = {name: text for name, text in typed.items() if text and "\x00" not in text}


def _complain(request: HttpRequest, form: ComplaintForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "kept": not form.is_bound and DRAFT in request.session}
    return render(request, "investors/new_complaint.html", context, status=status)


@login_required
@never_cache
@require_safe
def complaint_list(request: SignedIn) -> HttpResponse:
    """Show the person's own complaints."""
    page = Paginator(Complaint.objects.sent_by(request.user), 20).get_page(request.GET.get("page"))
    rows = [(complaint, COMPLAINT_TONES[complaint.status]) for complaint in page]
    return render(request, "investors/complaints.html", {"page": page, "rows": rows})


@login_required
@never_cache
@require_safe
def complaint(request: SignedIn, reference: str) -> HttpResponse:
    """Show one of the person's own complaints."""
    return _page(request, _own(request, reference))


@login_required
@require_POST
def reply(request: SignedIn, reference: str) -> HttpResponse:
    """Add the complainant's message, or the material that was missing."""
    own = _own(request, reference)
    form = ComplaintMessageForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, own, form, status=422)
    data = form.cleaned_data
    sent = {"text": data["text"], "key": data["key"], "files": data["attachments"]}
    try:
        write_about_complaint(by=request.user, complaint=own, **sent)
    except StepClosed as closed:
        form.add_error(None, [str(reason) for reason in closed.reasons])
        return _page(request, own, form, status=409)
    messages.success(request, _("Your message was added."))
    return redirect(own)


@login_required
@require_POST
def withdraw(request: SignedIn, reference: str) -> HttpResponse:
    """End a complaint as the complainant wishes."""
    own = _own(request, reference)
    if request.POST.get("sure") != "yes":
        messages.error(request, _("Tick the box if you want to withdraw the complaint."))
        return redirect(own)
    try:
        COMPLAINT.apply(own, "withdraw", by=request.user)
    except StepClosed as closed:
        messages.error(request, " ".join(str(reason) for reason in closed.reasons))
    else:
        messages.success(request, _("The complaint is withdrawn."))
    return redirect(own)


def _own(request: SignedIn, reference: str) -> Complaint:
    related = Complaint.objects.sent_by(request.user).select_related("handler", "organisation")
    return get_object_or_404(related, reference=reference)


def _page(
    request: SignedIn, own: Complaint, form: ComplaintMessageForm | None = None, status: int = 200
) -> HttpResponse:
    thread = list(own.messages.public().select_related("author"))  # type: ignore[attr-defined]
    files = files_by_subject(own, thread)
    context: dict[str, Any] = {
        "complaint": own,
        "tone": COMPLAINT_TONES[own.status],
        "course": course_of(own),
        "first_files": files.get(own, []),
        "thread": [(message, files.get(message, [])) for message in thread],
        "persons": own.complained_of.exclude(named="").values_list("named", flat=True).distinct(),
        "open_steps": {door.step.name for door in COMPLAINT.allowed(request.user, own) if door.is_open},
        "form": form or ComplaintMessageForm(),
    }
    return render(request, "investors/complaint.html", context, status=status)
