"""The way to an expression of interest, on the page of an opportunity."""

from typing import Any

from django import template

from investors.models import Interest, Opportunity

register = template.Library()


@register.inclusion_tag("investors/_interest.html", takes_context=True)
def interest_in(context: template.Context, opportunity: Opportunity) -> dict[str, Any]:
    """Print how to express interest; for who did, the way to it; for the owner, to those who are interested.

    A page that is the same for everybody without an account stays that.
    """
    user: Any = getattr(context.get("request"), "user", None)
    if user is None or not user.is_authenticated:
        return {"opportunity": opportunity}
    latest = Interest.objects.of_person(user).filter(opportunity=opportunity).order_by("-pk").first()
    is_own = Opportunity.objects.of_members(user).filter(pk=opportunity.pk).exists()
    number = Interest.objects.of_owner(user).filter(opportunity=opportunity).count() if is_own else 0
    return {"opportunity": opportunity, "latest": latest, "is_own": is_own, "number": number}
