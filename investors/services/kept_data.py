"""What shortlists, links, brochures and saved searches hold about the people who made them, and how it is erased."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from investors.models import Brochure, SavedSearch, SharedShortlist, ShortlistItem
from investors.services import brochures
from portal.models import User
from portal.personal_data import Part, contribute


def shortlist_of(user: User) -> list[dict[str, Any]]:
    """Return what a person keeps, in values of JSON."""
    items = ShortlistItem.objects.filter(person=user).select_related("opportunity").order_by("pk")
    return [
        {
            "opportunity": item.opportunity.slug,
            "title_en": item.title_en,
            "title_zh": item.title_zh,
            "note": item.note,
            "added_at": item.added_at,
        }
        for item in items
    ]


def links_of(user: User) -> list[dict[str, Any]]:
    """Return the links that a person made to their list, in values of JSON."""
    links = SharedShortlist.objects.filter(person=user).order_by("pk")
    return [dict(link) for link in links.values("created_at", "expires_at", "revoked_at", "opportunities")]


def erase_shortlist(user: User) -> int:
    """Delete what a person keeps; return how many."""
    return ShortlistItem.objects.filter(person=user).delete()[0]


def erase_links(user: User) -> int:
    """Delete the links that a person made, which end with it; return how many."""
    return SharedShortlist.objects.filter(person=user).delete()[0]


def brochures_of(user: User) -> list[dict[str, Any]]:
    """Return the brochures that a person had made and that are not deleted yet, in values of JSON."""
    made = Brochure.objects.filter(person=user).order_by("pk")
    return [dict(one) for one in made.values("created_at", "expires_at", "language", "opportunities")]


def erase_brochures(user: User) -> int:
    """Delete a person's brochures with their files; return how many."""
    made = list(Brochure.objects.select_for_update().filter(person=user))
    for brochure in made:
        brochures.delete(brochure)
    return len(made)


def searches_of(user: User) -> list[dict[str, Any]]:
    """Return the searches that a person saved, with what they were told of each, in values of JSON."""
    found = SavedSearch.objects.filter(person=user).prefetch_related("hits__opportunity").order_by("pk")
    return [
        {
            "name": one.name,
            "criteria": one.query,
            "often": one.often,
            "saved_at": one.created_at,
            "paused_at": one.paused_at,
            "told_of": [{"opportunity": hit.opportunity.slug, "at": hit.told_at} for hit in one.hits.all()],
        }
        for one in found
    ]


def erase_searches(user: User) -> int:
    """Delete the searches that a person saved; return how many."""
    saved = SavedSearch.objects.filter(person=user)
    number = saved.count()
    saved.delete()
    return number


def contribute_all() -> None:
    """Add the parts that hold shortlists and links."""
    contribute(Part("shortlist", _("Shortlist"), shortlist_of, erase_shortlist))
    contribute(Part("saved_searches", _("Saved searches"), searches_of, erase_searches))
    contribute(Part("brochures", _("Brochures"), brochures_of, erase_brochures))
    contribute(Part("shared_shortlists", _("Links to your shortlist"), links_of, erase_links))
