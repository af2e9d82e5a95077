"""A member's own opportunities: draft, submit, confirm, withdraw."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from investors import presentation
from investors.forms.opportunities import NewOpportunityForm, OpportunityForm
from investors.lifecycle import OPPORTUNITY
from investors.models import Opportunity
from investors.rules import EDITORS, edits_for_owner, roles_in_organisations
from investors.services.opportunities import StaleVersion, change_opportunity, draft_opportunity
from investors.views.requests import SignedIn
from portal import deadlines
from portal.lifecycle import StepClosed
from portal.models import StepTaken

CHANGEABLE = {Opportunity.Status.DRAFT, Opportunity.Status.RETURNED}


@login_required
@never_cache
@require_safe
def own_list(request: SignedIn) -> HttpResponse:
    """Show what the person's organisations seek and offer, in any status."""
    own = Opportunity.objects.of_members(request.user).select_related("owner").order_by("-pk")
    rows = [(opportunity, presentation.OPPORTUNITY_TONES[opportunity.status]) for opportunity in own]
    may_write = any(role in EDITORS for role in roles_in_organisations(request.user).values())
    return render(request, "investors/own_opportunities.html", {"rows": rows, "may_write": may_write})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """Begin a draft: whose it is, of which kind, its title."""
    form = NewOpportunityForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        values = {name: data[name] for name in ("title_en", "title_zh")}
        try:
            drafted = draft_opportunity(by=request.user, owner=data["owner"], kind=data["kind"], values=values)
        except StepClosed as closed:
            form.add_error(None, [str(reason) for reason in closed.reasons])
        else:
            return redirect("investors:own_opportunity", drafted.slug)
    status = 422 if form.errors else 200
    return render(request, "investors/new_opportunity.html", {"form": form}, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: SignedIn, slug: str) -> HttpResponse:
    """Show an opportunity of one's own, and save the draft; ``submit`` also sends it to the district."""
    own = _own(request, slug)
    if request.method != "POST":
        return _page(request, own, OpportunityForm(opportunity=own))
    form = OpportunityForm(request.POST, opportunity=own)
    if not form.is_valid():
        return _page(request, own, form, status=422)
    try:
        saved = change_opportunity(
            by=request.user,
            opportunity=own,
            values=form.values(),
            clusters=form.cleaned_data["clusters"],
            version=form.cleaned_data["version"],
        )
    except StaleVersion as stale:
        return _page(request, own, form, status=409, newer=stale.current)
    except StepClosed as closed:
        form.add_error(None, [str(reason) for reason in closed.reasons])
        return _page(request, own, form, status=409)
    if "submit" in request.POST:
        return _take(request, saved, "submit")
    messages.success(request, _("The draft is saved."))
    return redirect("investors:own_opportunity", own.slug)


@login_required
@require_POST
def take_step(request: SignedIn, slug: str, step: str) -> HttpResponse:
    """Take a step that needs nothing typed."""
    own = _own(request, slug)
    if step not in OPPORTUNITY.steps:
        return redirect("investors:own_opportunity", own.slug)
    return _take(request, own, step)


def _own(request: SignedIn, slug: str) -> Opportunity:
    return get_object_or_404(Opportunity.objects.of_members(request.user).select_related("owner"), slug=slug)


def _take(request: SignedIn, own: Opportunity, step: str) -> HttpResponse:
    try:
        OPPORTUNITY.apply(own, step, by=request.user)
    except StepClosed as closed:
        for reason in closed.reasons:
            messages.error(request, str(reason))
    else:
        messages.success(request, _("Done. The status is now: %s.") % own.get_status_display())
    return redirect("investors:own_opportunity", own.slug)


def _page(
    request: SignedIn,
    own: Opportunity,
    form: OpportunityForm,
    status: int = 200,
    newer: Opportunity | None = None,
) -> HttpResponse:
    reasons = StepTaken.objects.about(own).filter(step__in=["return", "take_down"]).last()
    review = deadlines.open_deadline(own, "escalate_review")
    context = {
        "opportunity": own,
        "review_due": review.due_at if review else None,
        "form": form if own.status in CHANGEABLE and edits_for_owner(request.user, own) else None,
        "doors": [door for door in OPPORTUNITY.allowed(request.user, own) if door.step.name != "submit"],
        "facts": presentation.facts_of(own),
        "tone": presentation.OPPORTUNITY_TONES[own.status],
        "returned": reasons if own.status == Opportunity.Status.RETURNED else None,
        "newer": newer,
    }
    return render(request, "investors/own_opportunity.html", context, status=status)
