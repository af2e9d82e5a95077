"""The tags and filters of the portal's own pages."""

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField, CheckboxInput, FileInput, Select
from django.http import HttpRequest, QueryDict
from django.utils.html import conditional_escape, format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe

from portal import local_form, navigation

register = template.Library()

type Marking = Callable[[str], SafeString]


# --- Language -------------------------------------------------------------------------


def _in_pair(thing: Any, field: str) -> tuple[str, str]:
    """Return the text of a pair of columns and the language it is in, when that is not the active one."""
    read = thing.get if isinstance(thing, dict) else lambda name: getattr(thing, name, "")
    english, chinese = str(read(f"{field}_en") or ""), str(read(f"{field}_zh") or "")
    if local_form.is_chinese():
        return (chinese, "") if chinese else (english, "en" if english else "")
    return (english, "") if english else (chinese, "zh-Hans" if chinese else "")


@register.simple_tag
def bilingual(thing: Any, field: str, marks: Marking | None = None, *, linebreaks: bool = False) -> SafeString:
    """Print ``<field>_en`` or ``<field>_zh``; text in the other language says which it is.

    With ``linebreaks=True`` the text is set in paragraphs; ``marks`` marks in it what was searched for.
    """
    text, other = _in_pair(thing, field)
    if linebreaks:
        body = _paragraphs(text)
        return format_html('<div lang="{}">{}</div>', other, body) if other else body
    shown = marks(text) if marks else text
    return format_html('<span lang="{}">{}</span>', other, shown) if other else conditional_escape(shown)


def _paragraphs(text: str) -> SafeString:
    return mark_safe(linebreaks(text, autoescape=True)) if text else mark_safe("")


@register.simple_tag
def bilingual_text(thing: Any, field: str) -> str:
    """Print the text of a pair without markup, for titles and attributes."""
    return _in_pair(thing, field)[0]


@register.simple_tag(takes_context=True)
def switch_language_url(context: template.Context, language: str) -> str:
    """Print the address of this page in another language."""
    request: HttpRequest | None = context.get("request")
    return navigation.in_language(request.get_full_path() if request else "/", language)


@register.simple_tag(takes_context=True)
def absolute_language_url(context: template.Context, language: str) -> str:
    """Print the full address of this page, without its query, in a language."""
    request: HttpRequest | None = context.get("request")
    path = navigation.in_language(request.path if request else "/", language)
    return f"{settings.SITE_URL.rstrip('/')}{path}"


_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


@register.simple_tag
def json_ld(data: dict[str, Any] | None) -> SafeString:
    """Print structured data for search engines: data that no browser runs, and that cannot end its element."""
    if not data:
        return mark_safe("")
    text = json.dumps(data, ensure_ascii=False).translate(_ESCAPES)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))


# --- Figures and dates ----------------------------------------------------------------


@register.filter
def money(amount: Decimal | int | str | None) -> str:
    """Write an amount of CNY in local form."""
    return local_form.money(amount)


@register.filter
def working_date(value: date | datetime | None) -> str:
    """Write a day in Shanghai in local form."""
    return local_form.day(value)


@register.filter
def working_time(value: datetime | None) -> str:
    """Write a moment in Shanghai's time in local form."""
    return local_form.moment(value)


@register.filter
def clock_time(value: datetime | None) -> str:
    """Write the hour and minute in Shanghai of a moment today."""
    return local_form.clock_time(value)


# --- Navigation -----------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def main_navigation(context: template.Context) -> list[navigation.Entry]:
    """Return the entries of the main navigation."""
    request: HttpRequest | None = context.get("request")
    return navigation.entries(navigation.MAIN, request.path if request else "")


@register.simple_tag
def footer_links() -> list[navigation.Entry]:
    """Return the links of the footer."""
    return navigation.entries(navigation.FOOTER, "")


@register.simple_tag
def existing_url(name: str) -> str:
    """Print the address of a page, or nothing while there is no such page."""
    return navigation.existing_url(name)


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: Any) -> str:
    """Print the query string with parameters changed, or removed where the value is None or empty."""
    request: HttpRequest | None = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


# --- Components -----------------------------------------------------------------------

TONES = frozenset({"grey", "blue", "green", "amber", "red", "brick"})


@register.simple_tag
def status_tag(label: Any, tone: str = "grey") -> SafeString:
    """Print a status; colour only repeats what the words say."""
    return format_html(
        '<strong class="tag tag--{}">{}</strong>',
        tone if tone in TONES else "grey",
        label,
    )


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: BaseForm | None) -> dict[str, Any]:
    """Print what is wrong with a form, each error leading to its field; once per form."""
    if form is None or getattr(form, "summary_shown", False) or not form.errors:
        return {"errors": []}
    form.summary_shown = True  # type: ignore[attr-defined]
    errors: list[tuple[str, Any, Any]] = [("", "", error) for error in form.non_field_errors()]
    for name in form.fields:
        field = form[name]
        target = "" if field.is_hidden else _first_control(field)
        label = "" if isinstance(field.field.widget, CheckboxInput) else field.label  # it may be a whole declaration
        errors += [(target, label, error) for error in field.errors]
    return {"errors": list(dict.fromkeys((target, str(label), str(error)) for target, label, error in errors))}


def _first_control(field: BoundField) -> str:
    """Return the id of the element that an error of the field leads to."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.simple_tag
def field_widget(field: BoundField) -> SafeString:
    """Print the control of a form field with the theme's classes and its description."""
    widget = field.field.widget
    kind = "form-control"
    if isinstance(widget, CheckboxInput):
        kind = "form-check-input"
    elif isinstance(widget, Select):
        kind = "form-select"
    classes = [
        kind,
        str(widget.attrs.get("class", "")),
        "is-invalid" if field.errors else "",
    ]
    attrs: dict[str, Any] = {"class": " ".join(filter(None, classes))}
    if isinstance(widget, FileInput) and (described_by := field.aria_describedby):
        attrs["aria-describedby"] = described_by
    if str(field.label).lower() in str(widget.attrs.get("placeholder", "")).lower():
        attrs["placeholder"] = False  # the label says it
    return field.as_widget(attrs=attrs)
