"""The applicant's desk: applications, where each stands, and the steps the applicant takes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from firms.models import Membership
from incentives import catalogue, conditions, declarations, indicative, presenting, services
from incentives.differences import all_of
from incentives.expecting import Expected, expected
from incentives.lifecycle import APPLICATION
from incentives.models import Appeal, Application
from incentives.news import news
from incentives.writing import own_application
from portal.lifecycle import StepClosed
from portal.local_form import day
from portal.models import StepTaken

Status = Application.Status


def mine(request: HttpRequest) -> Any:
    """Return the applications of the organisations that the person acts for; staff read theirs in the admin."""
    memberships = Membership.objects.filter(user=request.user, is_active=True)  # type: ignore[misc]
    own = Application.objects.filter(organisation__in=memberships.values("organisation"))
    return own.select_related("round__programme", "programme_version", "organisation").with_due_date()


def load(request: HttpRequest, uid: UUID) -> Application:
    """Return one of the person's applications, with what its pages show."""
    found: Application = get_object_or_404(
        mine(request).prefetch_related("answers__saved_by", "documents__document", "change_requests"), uid=uid
    )
    return found


def load_to_write(request: HttpRequest, uid: UUID) -> Application:
    """Return one of the person's applications with what its questions need: they save themselves again and again.

    To be written to it is locked until the request ends, so that it is read once, however many write at once.
    """
    try:
        return own_application(request.user, uid, lock=request.method == "POST")  # type: ignore[arg-type]
    except Application.DoesNotExist:
        raise Http404 from None


def due_words(due_at: datetime | None, status: str) -> str:
    """Return by when the present step should end, in words."""
    if due_at is None:
        return ""
    words = {
        Status.DRAFT: _("Submit by %(day)s"),
        Status.RETURNED: _("Submit again by %(day)s"),
        Status.PUBLIC_NOTICE: _("Until %(day)s"),
        Status.OFFERED: _("Accept by %(day)s"),
    }
    return words.get(Status(status), _("Expected by %(day)s")) % {"day": day(due_at)}


@require_safe
@login_required
@never_cache
def applications(request: HttpRequest) -> HttpResponse:
    """List the applications of the person's organisations."""
    page = Paginator(mine(request).order_by("-id"), 20).get_page(request.GET.get("page"))
    for application in page:
        application.tone = presenting.TONES[application.status]
        application.due_words = due_words(application.due_at, application.status)
    return render(request, "incentives/applications.html", {"page": page, "open": catalogue.open_entries()})


@require_safe
@login_required
@never_cache
def application(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show an application: its tasks while it is open, where it stands afterwards."""
    found = load(request, uid)
    due = due_words(found.due_at, found.status)
    taken = list(StepTaken.objects.about(found))
    since = services.visit_application(application=found, by=request.user)  # type: ignore[arg-type]
    doors = {door.step.name: door for door in APPLICATION.allowed(request.user, found)}  # type: ignore[arg-type]
    asked = presenting.asked(found)
    context = {
        "application": found,
        "tone": presenting.TONES[Status(found.status)],
        "due": due,
        "asked": asked,
        "tasks": presenting.tasks(found, requests=asked) if found.is_open else [],
        "submit": doors.get("submit"),
        "accept_offer": doors.get("accept_offer"),
        "withdraw": doors.get("withdraw"),
        "terms": conditions.live_recommendation(found) if found.status in {Status.OFFERED, Status.ACTIVE} else None,
        **_appeal(found, taken),
        "timeline": presenting.timeline(found, taken, due, ahead_of(found, taken)),
        "since": since,
        "news": news(found, taken, since=since, reader=request.user),  # type: ignore[arg-type]
        "verdicts": conditions.verdicts(found) if found.is_open else [],
        "indication": _indication(found) if found.is_open else None,
    }
    return render(request, "incentives/application.html", context)


def ahead_of(found: Application, taken: list[StepTaken]) -> list[Expected]:
    """Return what the applicant can expect from now on."""
    entered = max((step.at for step in taken if step.source != step.target), default=None)
    return expected(found, entered=entered, due=found.due_at)


def _indication(found: Application) -> indicative.Indication:
    return indicative.of_application(found, {row.section: row.answers for row in found.answers.all()})


def _appeal(found: Application, taken: list[StepTaken]) -> dict[str, Any]:
    declined = [step for step in taken if step.step == "decline"] if found.status == Status.DECLINED else []
    why = {"declined": max(declined, key=lambda step: step.pk, default=None)}
    if made := Appeal.objects.filter(application=found).first():
        return {"appeal": made, **why}
    if not declined:
        return {}
    return {
        **why,
        "appeal_until": conditions.appeal_until(found),
        "appeal_closed": list(conditions.within_appeal_period(found)),
    }


@require_safe
@login_required
@never_cache
def receipt(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show the number and the dates to expect."""
    found = load(request, uid)
    if not found.number:
        return redirect(found)
    context = {
        "application": found,
        "due": due_words(found.due_at, found.status),
        "snapshot": found.snapshots.last(),
        "ahead": ahead_of(found, list(StepTaken.objects.about(found))),
    }
    return render(request, "incentives/receipt.html", context)


@require_safe
@login_required
@never_cache
def changes(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show what was asked to be changed and what was changed, side by side."""
    found = load(request, uid)
    comparisons = all_of(found, list(found.snapshots.order_by("id")))
    return render(request, "incentives/changes.html", {"application": found, "comparisons": comparisons})


@require_safe
@login_required
@never_cache
def answers(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show everything that was written: until it is submitted what stands there now, then what was submitted."""
    found = load(request, uid)
    snapshot = None if found.is_open else found.snapshots.last()
    context = {
        "application": found,
        "answers": presenting.answers(found, snapshot.content["answers"] if snapshot else None),
        "documents": list(presenting.wanted_documents(found)),
        "declared": declarations.made_with(snapshot.content) if snapshot else [],
        "submission": snapshot,
    }
    return render(request, "incentives/answers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def take(request: HttpRequest, uid: UUID, step: str) -> HttpResponse:
    """Ask for confirmation, then accept the offer or withdraw."""
    found = load(request, uid)
    doors = {door.step.name: door for door in APPLICATION.allowed(request.user, found)}  # type: ignore[arg-type]
    if request.method == "POST":
        try:
            services.take_step(application=found, step=step, by=request.user)  # type: ignore[arg-type]
        except StepClosed as closed:
            messages.error(request, str(closed))
        else:
            done = {"accept_offer": _("The offer is accepted."), "withdraw": _("The application is withdrawn.")}
            messages.success(request, done[step])
        return redirect(found)
    if step not in doors:
        messages.error(request, _("This cannot be done now, or only the signatory can do it."))
        return redirect(found)
    terms = conditions.live_recommendation(found)
    context = {"application": found, "step": step, "door": doors[step], "terms": terms}
    return render(request, "incentives/take.html", context)
