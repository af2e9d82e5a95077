"""Tags of the pages of opportunities and inquiries."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString

from firms.models import Cluster, Organisation
from firms.naming import has_chinese
from investors.models import Opportunity, OpportunityCluster
from investors.presentation import in_short
from portal.local_form import is_chinese

register = template.Library()

NEWEST = 3


@register.inclusion_tag("investors/_section.html")
def opportunities_section(*, cluster: Cluster | None = None, owner: Organisation | None = None) -> dict[str, Any]:
    """Print the newest opportunities of a cluster, of an organisation, or of all."""
    found = Opportunity.objects.published().select_related("owner").order_by("-published_at", "-pk")
    more = reverse("investors:opportunities")
    if cluster is not None:
        found = found.filter(pk__in=OpportunityCluster.objects.filter(cluster=cluster).values("opportunity"))
        more = f"{more}?cluster={cluster.slug}"
    if owner is not None:
        found = found.filter(owner=owner)
    return {"rows": [(opportunity, in_short(opportunity)) for opportunity in found[:NEWEST]], "more": more}


@register.filter
def written(text: str) -> SafeString:
    """Print what a person wrote in paragraphs, marked with its language where the page is in the other one."""
    chinese = has_chinese(text)
    body = SafeString(linebreaks(text, autoescape=True))
    if chinese == is_chinese():
        return body
    return format_html('<div lang="{}">{}</div>', "zh-Hans" if chinese else "en", body)
