"""What the district promised: the beneficiary's pages."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from investors.commitment_lifecycle import COMMITMENT
from investors.committing import source_in_words, standing
from investors.forms.commitments import ObjectionForm
from investors.models import Commitment
from investors.services.commitments import object_to_commitment, release_commitment
from investors.views.requests import SignedIn
from portal import deadlines
from portal.clock import working_days_left
from portal.lifecycle import StepClosed
from portal.models import Document

MOST_PRINTED = 500
_RELATED = ("organisation", "person", "owner", "message__inquiry", "application", "follows", "follow_up")


@login_required
@never_cache
@require_safe
def commitment_list(request: SignedIn) -> HttpResponse:
    """Show what was promised to the person and their organisations: what is due first on top."""
    own = Commitment.objects.made_to(request.user).by_urgency().select_related(*_RELATED)
    page = Paginator(own, 20).get_page(request.GET.get("page"))
    return render(request, "investors/commitments.html", {"page": page, "rows": _told(list(page))})


@login_required
@never_cache
@require_safe
def commitments_to_print(request: SignedIn) -> HttpResponse:
    """Show all of them in full, for paper."""
    own = Commitment.objects.made_to(request.user).by_urgency().select_related(*_RELATED)[: MOST_PRINTED + 1]
    rows = _told(list(own[:MOST_PRINTED]))
    context = {"rows": rows, "most": MOST_PRINTED if len(own) > MOST_PRINTED else 0}
    return render(request, "investors/commitments_print.html", context)


@login_required
@never_cache
@require_safe
def commitment(request: SignedIn, reference: str) -> HttpResponse:
    """Show one of them."""
    return _page(request, _own(request, reference), ObjectionForm())


@login_required
@require_POST
def object_to(request: SignedIn, reference: str) -> HttpResponse:
    """Object to what is said to be kept."""
    own, form = _own(request, reference), ObjectionForm(request.POST)
    if not form.is_valid():
        return _page(request, own, form, status=422)
    try:
        object_to_commitment(by=request.user, commitment=own, text=form.cleaned_data["text"])
    except StepClosed as closed:
        form.add_error(None, [str(reason) for reason in closed.reasons])
        return _page(request, own, form, status=409)
    messages.success(request, _("The head of service was told, and answers you."))
    return redirect(own)


@login_required
@require_POST
def release(request: SignedIn, reference: str) -> HttpResponse:
    """Say that it is not needed any more."""
    own = _own(request, reference)
    try:
        release_commitment(by=request.user, commitment=own)
    except StepClosed as closed:
        messages.error(request, " ".join(str(reason) for reason in closed.reasons))
    else:
        messages.success(request, _("The commitment is marked as no longer needed."))
    return redirect(own)


def _own(request: SignedIn, reference: str) -> Commitment:
    found = Commitment.objects.made_to(request.user).select_related(*_RELATED)
    return get_object_or_404(found, reference=reference)


def _told(commitments: list[Commitment]) -> list[dict[str, Any]]:
    """Return commitments with what the pages say of each; the holidays of all are read at once."""
    left = working_days_left({one.due_at for one in commitments if one.status == Commitment.Status.OPEN})
    return [
        {
            "commitment": one,
            "standing": standing(one),
            "source": source_in_words(one),
            "left": left.get(one.due_at) if one.status == Commitment.Status.OPEN else None,
        }
        for one in commitments
    ]


def _page(request: SignedIn, own: Commitment, form: ObjectionForm, status: int = 200) -> HttpResponse:
    (row,) = _told([own])
    due = deadlines.open_deadline(own, "remind_objection") if own.is_disputed else None
    context = {
        "row": row,
        "commitment": own,
        "documents": list(Document.objects.about(own).order_by("pk")),
        "is_sender": bool(own.message and own.message.inquiry.sender_id == request.user.pk),
        "open_steps": {door.step.name for door in COMMITMENT.allowed(request.user, own) if door.is_open},
        "objection_form": form,
        "objection_due": due.due_at if due else None,
    }
    return render(request, "investors/commitment.html", context, status=status)
