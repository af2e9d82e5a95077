"""Names of organisations, the clusters for the home page, and pictures with their tables."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from firms import aggregates, confirming, yearly
from firms.charts import Value
from firms.clusters import counts
from firms.clusters.presenting import Shown
from firms.models import Cluster, Organisation
from firms.search import panel
from firms.search.asked import Asked
from firms.search.marking import Marks
from portal import local_form

register = template.Library()

_PINYIN = "zh-Latn-pinyin"


@register.simple_tag
def organisation_name(organisation: Organisation, marks: Marks | None = None) -> SafeString:
    """Print the name that the language of the page shows first; what is in another language says so.

    ``marks`` marks what was searched for.
    """
    if local_form.is_chinese():
        return _in(organisation.name_zh, "", marks) or _in(organisation.name_en, "en", marks)
    return (
        _in(organisation.name_en, "", marks)
        or _in(organisation.name_pinyin, _PINYIN, marks)
        or _in(organisation.name_zh, "zh-Hans", marks)
    )


@register.simple_tag
def other_name(organisation: Organisation, marks: Marks | None = None) -> SafeString:
    """Print the name in the other language; beside a pinyin name the Chinese, and that it is romanised."""
    name = _in(organisation.other_title, "en" if local_form.is_chinese() else "zh-Hans", marks)
    if not local_form.is_chinese() and organisation.is_romanised:
        return format_html('{} <span class="source">{}</span>', name, _("Name romanised: none given in English"))
    return name


def _in(text: str, language: str, marks: Marks | None = None) -> SafeString:
    shown = marks(text, is_pinyin=language == _PINYIN) if marks else text
    if language and text:
        return format_html('<span lang="{}">{}</span>', language, shown)
    return format_html("{}", shown)


@register.simple_tag
def search_address(criteria: Asked, extra: dict[str, str] | None = None) -> str:
    """Print the address of a search, with what else the page was asked for."""
    return panel.address(criteria, **(extra or {}))


@register.inclusion_tag("firms/includes/confirmation.html")
def confirmation(organisation: Organisation) -> dict[str, Any]:
    """Print when what the page shows was last confirmed, and by whom."""
    return {"text": confirming.sentence(organisation), "is_overdue": confirming.is_overdue(organisation)}


@register.inclusion_tag("firms/includes/cluster_cards.html")
def cluster_cards() -> dict[str, Any]:
    """Print the clusters with their numbers of firms."""
    return {"clusters": counts.clusters_with_totals()}


@register.inclusion_tag("firms/includes/aggregates.html")
def yearly_aggregates(cluster: Cluster | None = None) -> dict[str, Any]:
    """Print sums and medians of the newest year that may be shown, of a cluster or of the whole district."""
    last = yearly.last_ended_year()
    newest = aggregates.newest(cluster=cluster, among=range(last - yearly.YEARS_ASKED + 1, last + 1))
    year, found = newest or (None, {})
    return {"year": year, "rows": aggregates.rows(found), "least": aggregates.LEAST}


@register.inclusion_tag("firms/includes/picture.html")
def picture(found: Shown, *, brief: bool = False) -> dict[str, Any]:
    """Print a picture with its table and its files, and, unless ``brief``, how it was made."""
    return {"shown": found, "picture": found.picture, "table": found.picture.table, "is_brief": brief}


@register.filter
def cell(value: Any) -> str:
    """Print a cell of a table: a number as it may be shown, or words."""
    return value.text if isinstance(value, Value) else str(value)
