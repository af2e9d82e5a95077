"""Narrowing matches, and how often an organisation wants to hear of them."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from investors.matching.pairings import OF_INVESTORS
from investors.models import InvestorProfile, Tell
from investors.models.matches import MatchQuerySet
from portal.forms import PortalFormMixin, SearchForm

_PAIRING_OF = {pairing.kind.value: pairing.name for pairing in OF_INVESTORS}


class Show(TextChoices):
    """Which matches."""

    GOOD = "good", _("Good matches only")
    HIDDEN = "hidden", _("Those I have hidden")


class MatchFilter(SearchForm):
    """Of which kind, and whether the hidden ones."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    show = forms.ChoiceField(
        label=_("Show"), choices=[("", _("All but the hidden ones")), *Show.choices], required=False
    )

    def __init__(self, data: Any, *, kinds: Collection[str]) -> None:
        super().__init__(data)
        choices = [(value, label) for value, label in InvestorProfile.Sought.choices if value in kinds]
        self.fields["kind"].choices = [("", _("All")), *choices]  # type: ignore[attr-defined]
        if len(choices) == 1:
            del self.fields["kind"]

    def narrowed(self, matches: MatchQuerySet) -> MatchQuerySet:
        """Return those that were chosen."""
        chosen = self.chosen()
        if kind := chosen.get("kind"):
            matches = matches.filter(pairing=_PAIRING_OF[kind])
        if chosen.get("show") == Show.GOOD:
            matches = matches.filter(is_good=True)
        return matches.filter(hidden_at__isnull=chosen.get("show") != Show.HIDDEN)


class TellForm(PortalFormMixin, forms.Form):
    """How often an organisation wants to be told."""

    tell = forms.ChoiceField(label=_("Tell us of new matches"), choices=Tell, widget=forms.RadioSelect)
