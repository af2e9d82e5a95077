"""Tags of the pages of opportunities and inquiries."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django import template
from django.db.models import Model, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.html import format_html, linebreaks
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from firms.models import Cluster, Organisation
from firms.naming import has_chinese
from incentives.models import Application
from investors import supply
from investors.asked import topic_of
from investors.contacts import contact_for
from investors.models import Inquiry, Opportunity, OpportunityCluster
from investors.models.facts import Kind
from investors.models.opportunities import OpportunityQuerySet
from investors.presentation import grouped, in_order, in_short, sort_of
from portal.local_form import is_chinese

register = template.Library()

NEWEST = 3


MOST = 12


@register.inclusion_tag("investors/_section.html")
def opportunities_section(*, cluster: Cluster | None = None) -> dict[str, Any]:
    """Print the newest opportunities of a cluster (without premises, which have their own), or of all.

    The newest of each kind stands before a second of any.
    """
    found = Opportunity.objects.published().select_related("owner")
    more = reverse("investors:opportunities")
    if cluster is not None:
        found = _of(cluster, found).exclude(kind=Kind.PREMISES)
        more = f"{more}?cluster={cluster.slug}"
    newest = ("-published_at", "-pk")
    turn = Window(RowNumber(), partition_by="kind", order_by=newest)
    first = found.annotate(turn=turn).order_by("turn", *newest)[:NEWEST]
    sides = supply.of_cluster(cluster) if cluster else []
    return {"rows": [(opportunity, in_short(opportunity)) for opportunity in first], "more": more, "sides": sides}


@register.inclusion_tag("investors/_offers.html")
def offers(owner: Organisation) -> dict[str, Any]:
    """Print what an organisation seeks and offers, by kind and by sort; two queries."""
    found = Opportunity.objects.published().filter(owner=owner).order_by("-published_at", "-pk")[: MOST + 1]
    more = f"{reverse('investors:opportunities')}?owner={owner.slug}" if len(found) > MOST else ""
    sides = supply.of_owner(owner) if found else []
    return {"owner": owner, "groups": grouped(found[:MOST]), "more": more, "sides": sides}


@register.inclusion_tag("investors/_contact.html")
def contact(topic: str, *, ask: bool = False) -> dict[str, Any]:
    """Print whom to call about a topic, and with ``ask`` the way to ask about it; read once a minute."""
    url = f"{reverse('investors:new_inquiry')}?topic={topic}" if ask else ""
    return {"contact": contact_for(topic), "ask_url": url}


@register.inclusion_tag("investors/_contact.html")
def contact_about(opportunity: Opportunity) -> dict[str, Any]:
    """Print whom to call about an opportunity."""
    return contact(topic_of(opportunity))


@register.inclusion_tag("investors/_ask.html")
def ask_about(organisation: Organisation) -> dict[str, Any]:
    """Print the way to ask about an organisation."""
    return {"organisation": organisation, "url": _inquiry_about(organisation)}


@register.inclusion_tag("investors/_correct.html")
def correct(organisation: Organisation) -> dict[str, Any]:
    """Print the way to have the page of an organisation corrected."""
    return {"url": f"{_inquiry_about(organisation)}&topic={Inquiry.Topic.CORRECTION}"}


def _inquiry_about(organisation: Organisation) -> str:
    return f"{reverse('investors:new_inquiry')}?about={organisation.slug}"


@register.inclusion_tag("investors/_offered.html")
def offered(organisation: Organisation) -> dict[str, Any]:
    """Print in short what an organisation of a list offers; ``with_offers`` read it for the whole list."""
    return {"numbers": organisation.offers}  # type: ignore[attr-defined]


@register.simple_tag
def with_offers(organisations: Iterable[Organisation]) -> list[Organisation]:
    """Return the organisations of a list, each with ``offers``: numbers by sort; one query."""
    listed = list(organisations)
    numbers: dict[int, Counter[str]] = {organisation.pk: Counter() for organisation in listed}
    for opportunity in Opportunity.objects.published().filter(owner__in=listed).only("owner", "kind", "object_kind"):
        numbers[opportunity.owner_id][str(sort_of(opportunity))] += 1
    for organisation in listed:
        found = numbers[organisation.pk]
        organisation.offers = [(sort, found[sort]) for sort in in_order(found)]  # type: ignore[attr-defined]
    return listed


@register.inclusion_tag("investors/_photos.html")
def opportunity_photos(opportunity: Opportunity) -> dict[str, Any]:
    """Print the photographs of premises whose files passed the check; nothing for anything else."""
    if opportunity.kind != Kind.PREMISES:
        return {}
    photos = list(opportunity.photos.checked())
    for photo in photos:
        photo.opportunity = opportunity  # its address is known without another query
    return {"photos": photos}


@register.inclusion_tag("investors/_premises.html")
def premises_of(cluster: Cluster) -> dict[str, Any]:
    """Print the newest premises for a cluster, and others where most of its firms are."""
    published = Opportunity.objects.published().filter(kind=Kind.PREMISES).select_related("owner")
    newest = ("-published_at", "-pk")
    found = _of(cluster, published).order_by(*newest)[:NEWEST]
    query = urlencode({"kind": Kind.PREMISES, "cluster": cluster.slug})
    return {
        "rows": [(opportunity, in_short(opportunity)) for opportunity in found],
        "near": [(other, in_short(other)) for other in supply.premises_near(cluster).order_by(*newest)[:NEWEST]],
        "more": f"{reverse('investors:opportunities')}?{query}",
    }


def _of(cluster: Cluster, found: OpportunityQuerySet) -> OpportunityQuerySet:
    return found.filter(pk__in=OpportunityCluster.objects.filter(cluster=cluster).values("opportunity"))


@register.filter
def written(text: str) -> SafeString:
    """Print what a person wrote in paragraphs, marked with its language where the page is in the other one."""
    chinese = has_chinese(text)
    body = SafeString(linebreaks(text, autoescape=True))
    if chinese == is_chinese():
        return body
    return format_html('<div lang="{}">{}</div>', "zh-Hans" if chinese else "en", body)


@register.simple_tag
def linked(target: Model) -> SafeString:
    """Print the way to a record that an inquiry is linked with: in the workplace, or as the public sees it."""
    if isinstance(target, Inquiry | Application):
        number = target.reference if isinstance(target, Inquiry) else str(target.number)
        name = f"{target._meta.app_label}_{target._meta.model_name}"
        return format_html('<a href="{}">{}</a>', reverse(f"admin:{name}_change", args=[target.pk]), number)
    title = getattr(target, "title", "") or str(target)
    return format_html('<a href="{}">{}</a>', target.get_absolute_url(), title)  # type: ignore[attr-defined]
