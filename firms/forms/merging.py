"""Deciding about two organisations: which one stays, what it takes from the other, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from firms import profile
from firms.models import Organisation
from firms.services.merging import FIELDS, suggested

_TAKE = "take-"


@dataclass(frozen=True)
class Compared:
    """One field of both, as an officer reads it; ``choice`` where the two differ and either may be kept."""

    name: str
    label: str | Promise
    stays: str
    goes: str
    language: str = ""
    choice: Any = None

    @property
    def differs(self) -> bool:
        """Whether the two say different things."""
        return self.stays != self.goes


class MergeForm(forms.Form):
    """Which values the one that stays takes from the one that goes, why they are one, and that it was looked at."""

    reason = forms.CharField(
        label=_("Why the two are one"),
        help_text=_("For example where you looked it up. It stays in the history of both."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_sure = forms.BooleanField(label=_("I have checked that the two are one organisation."))
    seen = forms.CharField(max_length=16, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, survivor: Organisation, going: Organisation, seen: str) -> None:
        """Take the two organisations and what the page shows of them."""
        self.survivor, self.going = survivor, going
        super().__init__(data, initial={"seen": seen})
        proposed = suggested(survivor, going)
        for name in FIELDS:
            if _text(survivor, name) != _text(going, name):
                self.fields[_TAKE + name] = forms.ChoiceField(
                    label=Organisation._meta.get_field(name).verbose_name,  # type: ignore[union-attr]
                    choices=[("stays", _("Keep this")), ("goes", _("Take this"))],
                    initial="goes" if name in proposed else "stays",
                    widget=forms.RadioSelect,
                )

    @property
    def take(self) -> list[str]:
        """The fields whose value comes from the one that goes."""
        return [name for name in FIELDS if self.cleaned_data.get(_TAKE + name) == "goes"]

    def rows(self) -> Iterator[Compared]:
        """Yield the fields of both, side by side."""
        for name in ("kind", "status", "source"):
            label = Organisation._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            yield Compared(name, label, _fixed(self.survivor, name), _fixed(self.going, name))
        for name in FIELDS:
            field = Organisation._meta.get_field(name)
            yield Compared(
                name,
                field.verbose_name,  # type: ignore[union-attr]
                _shown(self.survivor, name),
                _shown(self.going, name),
                "zh-Hans" if name == "name_zh" else profile.LANGUAGES.get(name, ""),
                self[_TAKE + name] if _TAKE + name in self.fields else None,
            )


def _text(organisation: Organisation, name: str) -> str:
    text = profile.published(organisation, name)
    return f"{text} {organisation.country}" if name == "foreign_number" and text else text


def _shown(organisation: Organisation, name: str) -> str:
    text = profile.shown(name, profile.published(organisation, name))
    country: Any = organisation.country
    return f"{text} ({country.name})" if name == "foreign_number" and text else text


def _fixed(organisation: Organisation, name: str) -> str:
    if name == "source":
        return str(_("the organisation itself")) if organisation.is_self_registered else organisation.source
    return str(organisation.get_kind_display() if name == "kind" else organisation.get_status_display())


class DismissForm(forms.Form):
    """Why the two are not one."""

    why = forms.CharField(
        label=_("Why the two are different organisations"),
        help_text=_("The pair is not proposed again."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class FindForm(forms.Form):
    """Looking for an organisation to compare."""

    q = forms.CharField(label=_("Name or code"), required=False, max_length=100)
