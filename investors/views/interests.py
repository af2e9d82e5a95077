"""The pages of interests: the same address for both sides, each with its own buttons."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from investors.disclosure import closed_to_files
from investors.forms.interests import InterestMessageForm, MilestoneForm
from investors.interest_course import INTEREST_TONES, course_of, doors, side_of, waiting_for
from investors.interest_files import are_shut, files_by_message, files_for
from investors.interest_lifecycle import INTEREST
from investors.milestone_lifecycle import MILESTONE
from investors.models import Interest, Opportunity
from investors.services.interests import add_milestone, write_message
from investors.views.requests import SignedIn
from portal.lifecycle import StepClosed


@login_required
@never_cache
@require_safe
def interest_list(request: SignedIn) -> HttpResponse:
    """Show the interests of which the person is a party."""
    return _list(request)


@login_required
@never_cache
@require_safe
def interests_in(request: SignedIn, slug: str) -> HttpResponse:
    """Show the owner who is interested in one opportunity."""
    own = get_object_or_404(Opportunity.objects.of_members(request.user), slug=slug)
    return _list(request, own)


def _list(request: SignedIn, opportunity: Opportunity | None = None) -> HttpResponse:
    seen = Interest.objects.visible_to(request.user).select_related("opportunity__owner", "organisation", "person")
    if opportunity:
        seen = seen.filter(opportunity=opportunity)
    page = Paginator(seen.order_by("-expressed_at", "-pk"), 20).get_page(request.GET.get("page"))
    rows = [(one, INTEREST_TONES[one.status], side_of(request.user, one)) for one in page]
    context = {"page": page, "rows": rows, "opportunity": opportunity}
    return render(request, "investors/interests.html", context)


@login_required
@never_cache
@require_safe
def interest(request: SignedIn, reference: str) -> HttpResponse:
    """Show one interest to its two sides, and to the officer whom one of them invited."""
    return interest_page(request, visible(request, reference))


@login_required
@require_POST
def write(request: SignedIn, reference: str) -> HttpResponse:
    """Add a message to the thread."""
    own = visible(request, reference)
    form = InterestMessageForm(request.POST, request.FILES)
    if not form.is_valid():
        return interest_page(request, own, message_form=form, status=422)
    data = form.cleaned_data
    try:
        write_message(by=request.user, interest=own, text=data["text"], key=data["key"], files=data["attachments"])
    except (StepClosed, ValidationError) as refused:
        form.add_error(None, reasons_of(refused))
        return interest_page(request, own, message_form=form, status=409)
    messages.success(request, _("Your message was sent."))
    return redirect(own)


@login_required
@require_POST
def plan(request: SignedIn, reference: str) -> HttpResponse:
    """Add a milestone."""
    own = visible(request, reference)
    form = MilestoneForm(request.POST, prefix="milestone")
    if not form.is_valid():
        return interest_page(request, own, milestone_form=form, status=422)
    try:
        add_milestone(by=request.user, interest=own, **form.cleaned_data)
    except StepClosed as closed:
        form.add_error(None, reasons_of(closed))
        return interest_page(request, own, milestone_form=form, status=409)
    messages.success(request, _("The milestone was added."))
    return redirect(own)


@login_required
@require_POST
def settle(request: SignedIn, reference: str, pk: int, step: str) -> HttpResponse:
    """Mark a milestone as done, or drop it."""
    own = visible(request, reference)
    milestone = get_object_or_404(own.milestones.select_related("interest__opportunity"), pk=pk)
    try:
        MILESTONE.apply(milestone, step, by=request.user)
    except StepClosed as closed:
        messages.error(request, " ".join(reasons_of(closed)))
    return redirect(own)


def visible(request: SignedIn, reference: str) -> Interest:
    """Return an interest that the person may see; otherwise there is none."""
    related = ("opportunity__owner", "organisation", "person", "agreement_text", "officer")
    seen = Interest.objects.visible_to(request.user).select_related(*related)
    return get_object_or_404(seen, reference=reference)


def reasons_of(refused: StepClosed | ValidationError) -> list[str]:
    """Return why something was refused, in words."""
    return refused.messages if isinstance(refused, ValidationError) else [str(reason) for reason in refused.reasons]


def interest_page(request: SignedIn, own: Interest, *, status: int = 200, **forms: Any) -> HttpResponse:
    """Print the page of an interest, with a form that was refused."""
    side = side_of(request.user, own)
    forward, quiet = doors(request.user, own)
    thread = list(own.messages.select_related("author"))
    files = files_by_message(thread)
    waiting = waiting_for(own)
    no_files = closed_to_files(own) if side == "owner" else []
    context: dict[str, Any] = {
        "interest": own,
        "side": side,
        "tone": INTEREST_TONES[own.status],
        "course": course_of(own),
        "waiting": waiting,
        "is_my_turn": waiting.side in {side, "both"},
        "forward": forward,
        "quiet": quiet,
        "thread": [(message, files.get(message.pk, [])) for message in thread],
        "writes": INTEREST.can(request.user, "write", own),
        "shut": bool(files) and are_shut(request.user, own),
        "no_files": no_files,
        "plans": side != "officer" and own.is_live and own.is_disclosed,
        "milestones": own.milestones.all(),
        "documents": files_for(request.user, own),
        "acceptances": own.acceptances.all(),
        "message_form": InterestMessageForm(takes_files=not no_files),
        "milestone_form": MilestoneForm(prefix="milestone"),
        **forms,
    }
    return render(request, "investors/interest.html", context, status=status)
