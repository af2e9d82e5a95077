"""Tags of the pages of matches."""

from collections.abc import Iterator
from typing import Any

from django import forms, template
from django.utils.translation import gettext as _
from django_countries import countries

from investors.fitting import Shown
from investors.matching.pairings import OF_INVESTORS
from investors.models import Opportunity
from portal.local_form import is_chinese

register = template.Library()

_KINDS = {pairing.kind for pairing in OF_INVESTORS}


@register.inclusion_tag("investors/_fit_panel.html", takes_context=True)
def fit_panel(context: dict[str, Any], opportunity: Opportunity) -> dict[str, Any]:
    """Print, for people who are signed in, the way to how an opportunity fits them; nothing else is looked up."""
    user = getattr(context.get("request"), "user", None)
    is_shown = user is not None and user.is_authenticated and not user.is_staff
    return {"opportunity": opportunity, "is_shown": is_shown and opportunity.is_public and opportunity.kind in _KINDS}


@register.simple_tag
def seeker_of(shown: Shown) -> str:
    """Say who seeks: an investor by type and country or region, named where allowed; of an organisation its kind."""
    if shown.profile is None:
        search = shown.match.search
        organisation = search.organisation if search else None
        return _("An organisation that looks for premises (%(kind)s)") % {
            "kind": organisation.get_kind_display() if organisation else ""
        }
    profile = shown.profile
    said = [str(profile.get_investor_type_display()), str(countries.name(str(profile.country)))]
    if shown.is_named:
        names = [profile.user.name, profile.organisation.title if profile.organisation else ""]
        said = [*filter(None, names), *said]
    return " · ".join(said)


@register.filter
def saved_values(form: forms.Form) -> Iterator[tuple[Any, str]]:
    """Return what is saved in the fields of a form, each with its label, in words."""
    for name, field in form.fields.items():
        if not isinstance(field.widget, forms.HiddenInput):
            yield field.label, _said(field, form.initial.get(name)) or "–"


def _said(field: forms.Field, value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if hasattr(value, "all") or hasattr(value, "model"):
        return _joined(str(one) for one in value)
    names = dict(getattr(field, "choices", ()) or ())
    if isinstance(value, list):
        return _joined(str(names.get(one, one)) for one in value)
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return str(names.get(str(value), value or ""))
    return "" if value is None else str(value)


def _joined(words: Iterator[str]) -> str:
    return ("、" if is_chinese() else ", ").join(words)
