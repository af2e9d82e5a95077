"""Whom to call about a page: the officers of its topic who are here and speak its language, and a telephone."""

from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import get_language

from investors.models import Absence, InquiryTopic, Officer
from portal.local_form import is_chinese

MOST = 2


class Contact(NamedTuple):
    """Who answers, by name and telephone; both are empty until the district has set them."""

    officers: list[tuple[str, str]]
    telephone: str


def contact_for(topic: str) -> Contact:
    """Return whom to ask about a topic, one of ``Inquiry.Topic``, in the language of the page; kept for a minute."""
    key = f"investors.contact:{topic}:{get_language()}"
    kept = cache.get(key)
    if kept is None:
        kept = _read(topic)
        cache.set(key, tuple(kept), settings.CONTACT_SECONDS)
    return Contact(*kept)


def _read(topic: str) -> Contact:
    telephone = InquiryTopic.objects.filter(code=topic).values_list("telephone", flat=True).first()
    speaking = {"answers_zh": True} if is_chinese() else {"answers_en": True}
    here = Officer.objects.exclude(user__in=Absence.objects.on(timezone.localdate()).values("officer"))
    answering = here.filter(topics__code=topic, user__is_active=True, user__is_staff=True, **speaking)
    officers = list(answering.order_by("user__name", "pk").values_list("user__name", "telephone")[:MOST])
    return Contact(officers, telephone or settings.SITE_TELEPHONE)
