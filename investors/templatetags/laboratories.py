"""What laboratories offer, on their pages and in their lists."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django import template
from django.urls import reverse

from firms.models import Laboratory
from investors.models import Inquiry, Opportunity
from investors.presentation import grouped, in_order, sort_of

register = template.Library()

MOST = 30


@register.inclusion_tag("investors/_laboratory_offers.html")
def offers_of_laboratory(laboratory: Laboratory) -> dict[str, Any]:
    """Print what a laboratory offers, by sort; one query."""
    found = Opportunity.objects.published().filter(laboratory=laboratory).order_by("-published_at", "-pk")[:MOST]
    return {"groups": grouped(found)}


@register.simple_tag
def with_laboratory_offers(laboratories: Iterable[Laboratory]) -> list[Laboratory]:
    """Return the laboratories of a list, each with ``offers``: numbers by sort; one query."""
    listed = list(laboratories)
    numbers: dict[int | None, Counter[str]] = {laboratory.pk: Counter() for laboratory in listed}
    found = Opportunity.objects.published().filter(laboratory__in=listed).only("laboratory", "kind", "object_kind")
    for opportunity in found:
        numbers[opportunity.laboratory_id][str(sort_of(opportunity))] += 1
    for laboratory in listed:
        sorts = numbers[laboratory.pk]
        laboratory.offers = [(sort, sorts[sort]) for sort in in_order(sorts)]  # type: ignore[attr-defined]
    return listed


@register.inclusion_tag("investors/_from_laboratory.html")
def from_laboratory(opportunity: Opportunity) -> dict[str, Any]:
    """Print the laboratory that offers it, where the public sees one; at most one query."""
    named = opportunity.laboratory_id
    return {"laboratory": Laboratory.objects.published().filter(pk=named).first() if named else None}


@register.inclusion_tag("investors/_ask_laboratory.html")
def ask_about_laboratory(laboratory: Laboratory) -> dict[str, Any]:
    """Print the way to ask about a laboratory."""
    return {"url": f"{reverse('investors:new_inquiry')}?laboratory={laboratory.slug}"}


@register.inclusion_tag("investors/_correct.html")
def correct_laboratory(laboratory: Laboratory) -> dict[str, Any]:
    """Print the way to have the page of a laboratory corrected."""
    topic = Inquiry.Topic.CORRECTION
    return {"url": f"{reverse('investors:new_inquiry')}?laboratory={laboratory.slug}&topic={topic}"}
