"""The way from the laboratory to the investor, on the page of a technology."""

from typing import Any

from django import template

from investors.chain import chain_of
from investors.models import Opportunity

register = template.Library()


@register.inclusion_tag("investors/_chain.html")
def chain(opportunity: Opportunity) -> dict[str, Any]:
    """Print the links around a technology; nothing for what is no technology."""
    return {"links": chain_of(opportunity), "opportunity": opportunity}
