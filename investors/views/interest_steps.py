"""Expressing interest, and the page on which a step of it is confirmed and taken."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from firms.models import Organisation
from investors.forms.interests import ConcludeForm, ConfirmForm, DeclineForm, ExpressionForm, PriceForm, SignForm
from investors.interest_lifecycle import INTEREST
from investors.models import Interest, Opportunity
from investors.services import interests as services
from investors.services.inquiries import TooMany
from investors.views.interests import reasons_of, visible
from investors.views.requests import SignedIn
from portal.lifecycle import Step, StepClosed


class Page(NamedTuple):
    """How the page of a step asks, and what it calls.

    Args:
        says: what the step does, in a sentence.
        take: the service.
        form: what it asks for.
    """

    says: str | Promise
    take: Callable[..., None] | None = None
    form: type[Form] = ConfirmForm


PAGES: dict[str, Page] = {
    "accept": Page(
        gettext_lazy("The other side is told, and both of you accept the confidentiality agreement next."),
        services.accept_interest,
    ),
    "decline": Page(
        gettext_lazy("It ends, and the other side reads the reason. What was open to them closes."),
        services.decline_interest,
        DeclineForm,
    ),
    "withdraw": Page(gettext_lazy("It ends, and the owner is told. You can express interest again later.")),
    "sign": Page(
        gettext_lazy(
            "Read the agreement. When the owner has accepted it too, the confidential information opens to you."
        ),
        services.sign_agreement,
        SignForm,
    ),
    "countersign": Page(
        gettext_lazy("Read the agreement. With your acceptance, the confidential information opens to the other side."),
        services.countersign_agreement,
        SignForm,
    ),
    "open_room": Page(gettext_lazy("The other side can open the files of the data room. You see who opened what.")),
    "close_room": Page(gettext_lazy("With their next request, the other side cannot open the data room any more.")),
    "revoke": Page(
        gettext_lazy(
            "With their next request, the other side sees neither the confidential information nor the data room."
        )
    ),
    "restore": Page(
        gettext_lazy("The other side sees the confidential information again. The data room stays closed.")
    ),
    "negotiate": Page(gettext_lazy("The other side is told that you begin to negotiate.")),
    "set_price": Page(
        gettext_lazy(
            "Universities set the price of a technology by negotiation, by listing or by auction; a negotiated one is "
            "posted for at least 15 calendar days (Law on Promoting the Transformation of Scientific and Technological "
            "Achievements, article 18; Guofa [2016] No. 16)."
        ),
        services.set_price,
        PriceForm,
    ),
    "conclude": Page(
        gettext_lazy("Record the contract that was made. What you record cannot be changed afterwards."),
        services.conclude_interest,
        ConcludeForm,
    ),
    "invite": Page(
        gettext_lazy(
            "An investment officer of the district reads your messages from now on, but neither the confidential "
            "information nor the data room. Both sides are told, and either can end it."
        ),
        services.invite_officer,
    ),
    "uninvite": Page(gettext_lazy("The officer cannot read your messages any more.")),
}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def express(request: SignedIn, slug: str) -> HttpResponse:
    """Let somebody tell the owner of an opportunity that they are interested."""
    opportunity = get_object_or_404(Opportunity.objects.published().select_related("owner"), slug=slug)
    chosen: dict[str, Any] = {"user": request.user, "owner": opportunity.owner}
    form = ExpressionForm(request.POST, **chosen) if request.method == "POST" else _prefilled(chosen)
    if request.method != "POST" or not form.is_valid():
        return _expressing(request, opportunity, form, 422 if form.is_bound else 200)
    key = form.cleaned_data["key"]
    try:
        made = services.express_interest(
            by=request.user, opportunity=opportunity, expression=form.expression(), key=key
        )
    except TooMany:
        form.add_error(None, _("You have expressed interest often today. Your text is kept here; try tomorrow."))
        return _expressing(request, opportunity, form, 429)
    except StepClosed as closed:
        form.add_error(None, reasons_of(closed))
        return _expressing(request, opportunity, form, 409)
    messages.success(request, _("Your interest was sent. Its reference is %s.") % made.reference)
    return redirect(made)


def _prefilled(chosen: dict[str, Any]) -> ExpressionForm:
    profile = getattr(chosen["user"], "investor_profile", None)
    form = ExpressionForm(**chosen, initial={"country": str(getattr(profile, "country", "") or "")})
    if "organisation" in form.fields:
        preferred = getattr(profile, "organisation_id", None)
        first: Organisation | None = form.fields["organisation"].queryset.first()  # type: ignore[attr-defined]
        form.initial["organisation"] = preferred or (first.pk if first else None)
    return form


def _expressing(request: SignedIn, opportunity: Opportunity, form: ExpressionForm, status: int) -> HttpResponse:
    live = Interest.objects.of_person(request.user).live().filter(opportunity=opportunity).first()
    is_own = Opportunity.objects.of_members(request.user).filter(pk=opportunity.pk).exists()
    context = {"opportunity": opportunity, "form": form, "live": live, "is_own": is_own}
    return render(request, "investors/express_interest.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_step(request: SignedIn, reference: str, step: str) -> HttpResponse:
    """Say what a step does, ask for what it needs, and take it when it is confirmed."""
    own = visible(request, reference)
    chosen, page = INTEREST.steps.get(step), PAGES.get(step)
    if chosen is None or page is None or not chosen.may(request.user, own):
        raise Http404
    needs: dict[str, Any] = {"interest": own} if page.form is ConcludeForm else {}
    if request.method != "POST":
        return _confirm(request, own, chosen, page.form(**needs))
    form: Any = page.form(request.POST, request.FILES, **needs)
    if not form.is_valid():
        return _confirm(request, own, chosen, form, 422)
    try:
        _take(request, own, step, page, form.data_for_step())
    except (StepClosed, ValidationError) as refused:
        form.add_error(None, reasons_of(refused))
        return _confirm(request, own, chosen, form, 409)
    messages.success(request, _("Done: %s") % chosen.label)
    return redirect(own)


def _take(request: SignedIn, own: Interest, step: str, page: Page, data: dict[str, Any]) -> None:
    if page.take:
        page.take(by=request.user, interest=own, **data)
    else:
        INTEREST.apply(own, step, by=request.user)


def _confirm(request: SignedIn, own: Interest, step: Step, form: Form, status: int = 200) -> HttpResponse:
    is_closed = own.status not in step.sources or bool(step.reasons(own))
    reasons = step.reasons(own) if own.status in step.sources else [_("It is at another point by now.")]
    context = {
        "interest": own,
        "step": step,
        "says": PAGES[step.name].says,
        "reasons": reasons if not form.is_bound else [],
        "form": form,
        "is_closed": is_closed,
        "text": own.agreement_text if PAGES[step.name].form is SignForm else None,
    }
    return render(request, "investors/interest_step.html", context, status=status)
