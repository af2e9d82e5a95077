"""The Atom feed of a search: what was published last of what fits, for programs that look by themselves."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from investors.models import Opportunity
from investors.presentation import in_short
from investors.services.saved_searches import canonical, criteria_of, in_words
from portal import local_form
from portal.pdf import plain

MOST = 50
FRESH_SECONDS = 300
_BEFORE_ALL = datetime(2026, 1, 1, tzinfo=UTC)
"""When a feed was changed last of which nothing is published yet."""


class _Feed(Atom1Feed):
    """Atom of which the date is that of its newest entry, so that the same entries are the same bytes."""

    def latest_post_date(self) -> datetime:
        """Return when the newest entry was published."""
        return max((item["updateddate"] for item in self.items), default=_BEFORE_ALL)


@require_safe
@conditional_page
def feed(request: HttpRequest) -> HttpResponse:
    """Send the newest opportunities of a search as Atom, in the language of the address."""
    query = canonical(request.GET)
    found = criteria_of(query).matching().select_related("owner").order_by("-published_at", "-pk")[:MOST]
    made = _feed(query)
    for opportunity in found:
        _add(made, opportunity)
    answer = HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    answer["Last-Modified"] = http_date(made.latest_post_date().timestamp())
    patch_cache_control(answer, public=True, max_age=FRESH_SECONDS)
    return answer


def _feed(query: str) -> _Feed:
    about = local_form.in_a_row(*in_words(query)) if query else ""
    title = _("Opportunities in Yangpu District, Shanghai")
    suffix = f"?{query}" if query else ""
    return _Feed(
        title=plain(f"{title}: {about}" if about else title),
        link=settings.SITE_URL + reverse("investors:opportunities") + suffix,
        feed_url=settings.SITE_URL + reverse("investors:feed") + suffix,
        description="",
        language="zh-Hans" if local_form.is_chinese() else get_language(),
        author_name=settings.SITE_OWNER or _("Yangpu District Investor Portal"),
    )


def _add(made: _Feed, opportunity: Opportunity) -> None:
    chinese = local_form.is_chinese()
    summaries = (opportunity.summary_zh, opportunity.summary_en)
    summary = next(filter(None, summaries if chinese else reversed(summaries)), "")
    facts: dict[str, Any] = {"categories": [str(opportunity.get_kind_display())]}
    short = "；".join(in_short(opportunity)) if chinese else "; ".join(in_short(opportunity))
    made.add_item(
        title=plain(opportunity.title),
        link=settings.SITE_URL + opportunity.get_absolute_url(),
        description=plain("\n".join(filter(None, [summary, short]))),
        unique_id=f"{settings.SITE_URL}/opportunities/{opportunity.slug}",
        author_name=plain(opportunity.owner.title),
        pubdate=opportunity.published_at,
        updateddate=opportunity.published_at,
        **facts,
    )
