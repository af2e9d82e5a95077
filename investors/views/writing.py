"""Writing an opportunity: saved by the button or by itself, by several people at once, over nobody's newer text."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from investors import disclosing, presentation
from investors.completeness import missing
from investors.forms.differing import at_version, differences, settled
from investors.forms.opportunities import OpportunityForm
from investors.lifecycle import OPPORTUNITY
from investors.listing_course import course_of
from investors.models import Opportunity
from investors.rules import edits_for_owner
from investors.services.opportunities import StaleVersion, change_opportunity
from investors.views.requests import SignedIn
from portal import deadlines
from portal.autosave import takes_json
from portal.lifecycle import StepClosed
from portal.local_form import clock_time
from portal.models import StepTaken

CHANGEABLE = {Opportunity.Status.DRAFT, Opportunity.Status.RETURNED}


def own_or_404(request: SignedIn, slug: str) -> Opportunity:
    """Return an opportunity of the person's organisations."""
    return get_object_or_404(Opportunity.objects.of_members(request.user).select_related("owner"), slug=slug)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@takes_json
def edit(request: SignedIn, slug: str) -> HttpResponse:
    """Show an opportunity of one's own, and save the draft; ``submit`` also sends it to the district."""
    own = own_or_404(request, slug)
    if request.method != "POST":
        return page(request, own, OpportunityForm(opportunity=own))
    form = OpportunityForm(settled(request.POST, own), opportunity=own)
    if not form.is_valid():
        return _refused(request, own, form)
    try:
        saved = change_opportunity(
            by=request.user,
            opportunity=own,
            values=form.values(),
            clusters=form.cleaned_data["clusters"],
            version=form.cleaned_data["version"],
        )
    except StaleVersion as stale:
        return _stale(request, stale.current)
    except StepClosed as closed:
        return _closed(request, own, form, closed)
    return _saved(request, saved)


@login_required
@never_cache
@require_safe
def version(request: SignedIn, slug: str) -> HttpResponse:
    """Say which version is saved; the form asks again and again, and brings a newer one together with its own."""
    return render(request, "investors/_version.html", {"opportunity": own_or_404(request, slug)})


def _saved(request: SignedIn, saved: Opportunity) -> HttpResponse:
    if not request.accepts("text/html"):
        words = _("Saved at %(time)s") % {"time": clock_time(timezone.now())}
        return JsonResponse({"version": saved.version, "words": words})
    if "submit" not in request.POST:
        messages.success(request, _("The draft is saved."))
        return redirect("investors:own_opportunity", saved.slug)
    form = OpportunityForm(at_version(request.POST, saved.version), opportunity=saved)
    form.is_valid()
    form.tell_missing(missing(saved))
    if form.errors:
        return page(request, saved, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    if disclosing.telling(saved) and request.POST.get("telling") != disclosing.seal(saved):
        return page(request, saved, form, HTTPStatus.UNPROCESSABLE_ENTITY, asked=True)
    return take(request, saved, "submit")


def take(request: SignedIn, own: Opportunity, step: str) -> HttpResponse:
    """Take a step, and say how it went on the page it leads back to."""
    try:
        OPPORTUNITY.apply(own, step, by=request.user)
    except StepClosed as closed:
        for reason in closed.reasons:
            messages.error(request, str(reason))
    else:
        messages.success(request, _("Done. The status is now: %s.") % own.get_status_display())
    return redirect("investors:own_opportunity", own.slug)


def _refused(request: SignedIn, own: Opportunity, form: OpportunityForm) -> HttpResponse:
    if request.accepts("text/html"):
        return page(request, own, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    labels = [str(form.fields[name].label) for name in form.errors if name in form.fields]
    words = _("Not saved: look again at %(fields)s.") % {"fields": ", ".join(labels)}
    return JsonResponse({"words": words}, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _stale(request: SignedIn, newer: Opportunity) -> HttpResponse:
    if not request.accepts("text/html"):
        return JsonResponse({"version": newer.version}, status=HTTPStatus.CONFLICT)
    form = OpportunityForm(at_version(request.POST, newer.version), opportunity=newer)
    form.is_valid()
    return page(request, newer, form, HTTPStatus.CONFLICT, conflicts=differences(form, newer))


def _closed(request: SignedIn, own: Opportunity, form: OpportunityForm, closed: StepClosed) -> HttpResponse:
    reasons = [str(reason) for reason in closed.reasons]
    if not request.accepts("text/html"):
        return JsonResponse({"words": " ".join(reasons)}, status=HTTPStatus.FORBIDDEN)
    form.add_error(None, reasons)
    return page(request, own, form, HTTPStatus.CONFLICT)


def page(
    request: SignedIn, own: Opportunity, form: OpportunityForm, status: int = HTTPStatus.OK, **more: Any
) -> HttpResponse:
    """Show an opportunity of one's own: the form while it may be written, and what it says otherwise."""
    reasons = StepTaken.objects.about(own).filter(step__in=["return", "take_down"]).last()
    review = deadlines.open_deadline(own, "escalate_review")
    writes = own.status in CHANGEABLE and edits_for_owner(request.user, own)
    context = {
        "opportunity": own,
        "review_due": review.due_at if review else None,
        "form": form if writes else None,
        "missing": list(missing(own)) if writes and not form.errors else [],
        "telling": [(form[each.field], each.words) for each in disclosing.telling(own)] if writes else [],
        "seal": disclosing.seal(own),
        "doors": [door for door in OPPORTUNITY.allowed(request.user, own) if door.step.name != "submit"],
        "facts": presentation.facts_of(own),
        "tone": presentation.OPPORTUNITY_TONES[own.status],
        "course": course_of(own),
        "returned": reasons if own.status == Opportunity.Status.RETURNED else None,
        **more,
    }
    return render(request, "investors/own_opportunity.html", context, status=status)
