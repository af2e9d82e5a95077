"""Names of organisations, and the clusters for the home page."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from firms import confirming, figures
from firms.models import Organisation
from portal import local_form

register = template.Library()


@register.simple_tag
def organisation_name(organisation: Organisation) -> SafeString:
    """Print the name that the language of the page shows first; what is in another language says so."""
    if local_form.is_chinese():
        return _in(organisation.name_zh, "") or _in(organisation.name_en, "en")
    return (
        _in(organisation.name_en, "")
        or _in(organisation.name_pinyin, "zh-Latn-pinyin")
        or _in(organisation.name_zh, "zh-Hans")
    )


@register.simple_tag
def other_name(organisation: Organisation) -> SafeString:
    """Print the name in the other language; beside a pinyin name the Chinese, and that it is romanised."""
    name = _in(organisation.other_title, "en" if local_form.is_chinese() else "zh-Hans")
    if not local_form.is_chinese() and organisation.is_romanised:
        return format_html('{} <span class="source">{}</span>', name, _("Name romanised: none given in English"))
    return name


def _in(text: str, language: str) -> SafeString:
    if language and text:
        return format_html('<span lang="{}">{}</span>', language, text)
    return format_html("{}", text)


@register.inclusion_tag("firms/includes/confirmation.html")
def confirmation(organisation: Organisation) -> dict[str, Any]:
    """Print when what the page shows was last confirmed, and by whom."""
    return {"text": confirming.sentence(organisation), "is_overdue": confirming.is_overdue(organisation)}


@register.inclusion_tag("firms/includes/cluster_cards.html")
def cluster_cards() -> dict[str, Any]:
    """Print the clusters with their numbers of firms."""
    return {"clusters": figures.clusters_with_counts()}
