"""A member's own opportunities: the list, a new one, its steps. Writing one: ``writing``."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from investors import presentation
from investors.forms.opportunities import NewOpportunityForm
from investors.lifecycle import OPPORTUNITY
from investors.models import Opportunity
from investors.rules import EDITORS, roles_in_organisations
from investors.services.opportunities import draft_opportunity
from investors.views.requests import SignedIn
from investors.views.writing import own_or_404, take
from portal.lifecycle import StepClosed

ENDS_THE_OFFER = {
    "revise": _(
        "It leaves the site until the district has looked at it again. Nobody can express interest meanwhile, and what "
        "is confidential is closed to those who may read it now."
    ),
    "withdraw": _(
        "It leaves the site. Nobody can express interest any more, and what is confidential is closed to those who may "
        "read it now. You can revise it and submit it again."
    ),
    "match": _(
        "It stays on the site as matched. Nobody new can express interest; those who may read what is confidential "
        "still can. This cannot be undone."
    ),
}
"""What a step takes away, which is said while somebody is interested."""


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
@require_POST
def take_step(request: SignedIn, slug: str, step: str) -> HttpResponse:
    """Take a step that needs nothing typed; asked first where others are interested in what it takes away.

    It is submitted with its form, which is looked at.
    """
    own = own_or_404(request, slug)
    if step not in OPPORTUNITY.steps or step == "submit":
        return redirect("investors:own_opportunity", own.slug)
    is_taken_away = step in ENDS_THE_OFFER and own.status == Opportunity.Status.PUBLISHED
    live = own.interests.live().count() if is_taken_away else 0
    if live and "sure" not in request.POST:
        context = {"opportunity": own, "step": OPPORTUNITY.steps[step], "says": ENDS_THE_OFFER[step], "live": live}
        return render(request, "investors/opportunity_step.html", context)
    return take(request, own, step)
