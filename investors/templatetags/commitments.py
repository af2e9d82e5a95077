"""Tags of commitments on the pages of other apps."""

from typing import Any

from django import template
from django.urls import reverse

from incentives.models import Application
from investors.commitment_rules import MAKERS
from investors.committing import PROMISING, standing
from investors.models import Commitment
from portal.roles import has_role

register = template.Library()


@register.inclusion_tag("investors/admin/_commitments.html", takes_context=True)
def commitments_of(context: dict[str, Any], application: Application) -> dict[str, Any]:
    """Print, for staff, what was promised with an application's offer, and the way to make a commitment of it."""
    user = context["request"].user
    found = Commitment.objects.visible_to(user).filter(application=application).select_related("owner").order_by("pk")
    may_make = has_role(user, *MAKERS) and application.status in PROMISING
    add = reverse("admin:investors_commitment_add")
    return {
        "rows": [(one, standing(one)) for one in found],
        "url": f"{add}?application={application.pk}" if may_make else "",
    }
