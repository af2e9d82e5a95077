"""Names of organisations, and the clusters for the home page."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from firms import figures
from firms.models import Organisation
from portal import local_form

register = template.Library()


@register.simple_tag
def organisation_name(organisation: Organisation) -> SafeString:
    """Print the name in the language of the page; pinyin is marked, and the Chinese stands beside it."""
    if local_form.is_chinese():
        if organisation.name_zh:
            return format_html("{}", organisation.name_zh)
        return format_html('<span lang="en">{}</span>', organisation.name_en)
    if organisation.name_en:
        return format_html("{}", organisation.name_en)
    return format_html(
        '<span lang="zh-Latn-pinyin">{}</span> <span lang="zh-Hans">{}</span>',
        organisation.name_pinyin,
        organisation.name_zh,
    )


@register.simple_tag
def other_name(organisation: Organisation) -> SafeString:
    """Print the name in the other language, or for a romanised name that it is one."""
    if not local_form.is_chinese() and organisation.is_romanised:
        return format_html("{}", _("Romanised: the firm has given no English name."))
    if not (name := organisation.other_title):
        return SafeString("")
    return format_html('<span lang="{}">{}</span>', "en" if local_form.is_chinese() else "zh-Hans", name)


@register.inclusion_tag("firms/includes/cluster_cards.html")
def cluster_cards() -> dict[str, Any]:
    """Print the clusters with their numbers of firms."""
    return {"clusters": figures.clusters_with_counts()}
