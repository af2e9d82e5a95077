"""What a brochure says of an opportunity, in the active language: public facts, whom to ask, and where it stands."""

from typing import Any, NamedTuple

from django.conf import settings

from firms.naming import has_chinese
from investors.asked import topic_of
from investors.contacts import contact_for
from investors.models import Opportunity, OpportunityPhoto
from investors.models.facts import Kind
from investors.pictures import for_print
from investors.presentation import facts_of
from portal import local_form
from portal.pdf import plain


class Photograph(NamedTuple):
    """The first photograph of premises.

    Args:
        address: by which the page names it; nothing else reads it there.
        content: a JPEG in a size for paper.
        caption: what it shows, with its language.
    """

    address: str
    content: bytes
    caption: dict[str, str]


def compose(opportunity: Opportunity) -> dict[str, Any]:
    """Return what is printed of an opportunity.

    Args:
        opportunity: one that the public sees, with owner and subdistrict.
    """
    contact = contact_for(topic_of(opportunity))
    return {
        "anchor": f"item-{opportunity.pk}",
        "kind": str(opportunity.get_kind_display()),
        "title": _pair(opportunity, "title"),
        "summary": _pair(opportunity, "summary"),
        "text": _pair(opportunity, "text"),
        "photograph": _photograph(opportunity) if opportunity.kind == Kind.PREMISES else None,
        "facts": [(label, _typed(value)) for label, value in facts_of(opportunity)],
        "owner": _typed(opportunity.owner.title),
        "subdistrict": opportunity.subdistrict.name if opportunity.subdistrict else "",
        "until": local_form.day(opportunity.expires_on),
        "officers": [(plain(name), plain(telephone)) for name, telephone in contact.officers],
        "telephone": contact.telephone,
        "address": settings.SITE_URL + opportunity.get_absolute_url(),
    }


def _photograph(premises: Opportunity) -> Photograph | None:
    photo = premises.photos.checked().select_related("document").first()
    if photo is None:
        return None
    with photo.document.file.open("rb") as file:
        return Photograph(f"picture:{photo.pk}", for_print(file.read()), _pair(photo, "caption"))


def _pair(said: Opportunity | OpportunityPhoto, name: str) -> dict[str, str]:
    english, chinese = getattr(said, f"{name}_en"), getattr(said, f"{name}_zh")
    return _typed((chinese or english) if local_form.is_chinese() else (english or chinese))


def _typed(text: str) -> dict[str, str]:
    """Return a text with the language it is in, where that is not the brochure's."""
    chinese = has_chinese(text)
    return {"text": plain(text), "lang": "" if chinese == local_form.is_chinese() else "zh-Hans" if chinese else "en"}
