"""Claiming an organisation, and withdrawing a claim."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from firms.forms.claims import ClaimForm
from firms.models import Claim, Organisation
from firms.services.claims import submit_claim, withdraw_claim
from firms.views.merged import follows_merges
from portal.lifecycle import StepClosed


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@follows_merges
def claim_organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """Claim a listed organisation with an authorisation letter."""
    organisation = get_object_or_404(Organisation.objects.listed(), slug=slug)
    form = ClaimForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            submit_claim(by=request.user, organisation=organisation, **form.cleaned_data)  # type: ignore[arg-type]
        except StepClosed as closed:
            form.add_error(None, [str(reason) for reason in closed.reasons])
        else:
            messages.success(request, _("Your claim was sent. The registry officer compares the letter and answers."))
            return redirect("firms:desk")
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "firms/claim.html", {"form": form, "organisation": organisation}, status=status)


@require_POST
@login_required
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw one's own claim."""
    claim = get_object_or_404(Claim.objects.filter(claimant=request.user), pk=pk)  # type: ignore[misc]
    try:
        withdraw_claim(by=request.user, claim=claim)  # type: ignore[arg-type]
    except StepClosed as closed:
        messages.error(request, " ".join(str(reason) for reason in closed.reasons))
    else:
        messages.success(request, _("Your claim was withdrawn."))
    return redirect("firms:desk")
