"""What investors and organisations look for, as they type it."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.db.models import TextChoices
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from firms.models import Cluster, Organisation, Subdistrict
from investors.forms.fields import AmountField, DayField, OrganisationField, WholeNumberField
from investors.models import InvestorProfile, PremisesSearch, Tell
from investors.models.facts import (
    MAXIMUM_AMOUNT,
    MAXIMUM_AREA,
    MAXIMUM_RENT,
    CapitalFacts,
    PremisesFacts,
    TechnologyFacts,
)
from portal.forms import PortalFormMixin
from portal.models import User

_CENT = Decimal("0.01")


@cache
def _countries(language: str) -> list[tuple[str, str]]:
    """Return the choice of countries in a language; translating and sorting takes long."""
    return [("", "---------"), *((code, str(name)) for code, name in countries)]


def _label(model: Any, name: str) -> Any:
    return capfirst(model._meta.get_field(name).verbose_name)


def _several(name: str, choices: type[TextChoices], **options: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_label(InvestorProfile, name),
        choices=choices.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        **options,
    )


def _clusters(name: str, **options: Any) -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        label=_label(InvestorProfile, name),
        queryset=Cluster.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        **options,
    )


def _amount(model: Any, name: str, most: Decimal, **options: Any) -> AmountField:
    return AmountField(
        label=_label(model, name), min_value=_CENT, max_value=most, max_digits=15, decimal_places=2, required=False,
        **options,
    )  # fmt: skip


class _Wishes(PortalFormMixin, forms.Form):
    """Wishes with the version from which they were typed; in sections."""

    hide_optional = True
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000)

    sections: tuple[tuple[Any, tuple[str, ...]], ...] = ()

    @property
    def helper(self) -> FormHelper:
        """Set the fields in their sections."""
        helper = super().helper
        fieldsets = [
            Fieldset(str(heading), *(name for name in names if name in self.fields)) for heading, names in self.sections
        ]
        helper.layout = Layout("version", *fieldsets)
        return helper

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names of the columns."""
        apart = {"clusters", "excluded_clusters", "subdistricts", "version"}
        return {name: value for name, value in self.cleaned_data.items() if name not in apart}

    def check_order(self, least: str, most: str, error: Any) -> None:
        """Refuse a range that ends below where it begins."""
        low, high = self.cleaned_data.get(least), self.cleaned_data.get(most)
        if low is not None and high is not None and low > high:
            self.add_error(most, error)


class ProfileForm(_Wishes):
    """An investor's profile."""

    organisation = OrganisationField(
        label=_("On behalf of"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("Myself, or an organisation that is not registered here"),
    )
    investor_type = forms.ChoiceField(label=_("Type of investor"), choices=InvestorProfile.Type)
    country = forms.ChoiceField(
        label=_("Country or region"), help_text=_("Where the money comes from: it decides which rules apply to you.")
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of opportunities"),
        choices=InvestorProfile.Sought,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )
    clusters = _clusters("clusters", help_text=_("None: you name no preference."))
    excluded_clusters = _clusters(
        "excluded_clusters", help_text=_("What belongs to one of these is never shown as a match.")
    )
    ticket_min = _amount(InvestorProfile, "ticket_min", MAXIMUM_AMOUNT)
    ticket_max = _amount(InvestorProfile, "ticket_max", MAXIMUM_AMOUNT)
    stages = _several("stages", CapitalFacts.Stage)
    instruments = _several("instruments", CapitalFacts.Instrument)
    horizon_years = WholeNumberField(
        label=_label(InvestorProfile, "horizon_years"), min_value=1, max_value=15, required=False
    )
    roles = _several("roles", CapitalFacts.InvestorRole)
    object_kinds = _several("object_kinds", TechnologyFacts.ObjectKind)
    modes = _several("modes", TechnologyFacts.Mode)
    trl_min = WholeNumberField(label=_label(InvestorProfile, "trl_min"), min_value=1, max_value=9, required=False)
    export_free_only = forms.BooleanField(label=_label(InvestorProfile, "export_free_only"), required=False)
    languages = _several("languages", InvestorProfile.Language)
    tell = forms.ChoiceField(label=_label(InvestorProfile, "tell"), choices=Tell, widget=forms.RadioSelect)
    is_named = forms.BooleanField(
        label=_label(InvestorProfile, "is_named"),
        required=False,
        help_text=_(
            "Otherwise they see your type, your country or region and why you fit, but no name. Once you express "
            "interest in an opportunity, its owner learns it."
        ),
    )

    sections = (
        (_("Who you are"), ("organisation", "investor_type", "country", "languages")),
        (_("What you are looking for"), ("kinds", "clusters", "excluded_clusters")),
        (_("Your investment"), ("ticket_min", "ticket_max", "stages", "instruments", "horizon_years", "roles")),
        (_("Technology"), ("object_kinds", "modes", "trl_min", "export_free_only")),
        (_("What you are told, and who sees you"), ("tell", "is_named")),
    )

    def __init__(self, data: Any = None, *, user: User, profile: InvestorProfile | None) -> None:
        super().__init__(data, initial=_initial(self.base_fields, profile))
        own = Organisation.objects.with_member(user)
        if own.exists():
            self.fields["organisation"].queryset = own  # type: ignore[attr-defined]
        else:
            del self.fields["organisation"]
        self.fields["country"].choices = _countries(get_language() or "en")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Check what the database would refuse, and say it kindly."""
        data = super().clean() or self.cleaned_data
        self.check_order("ticket_min", "ticket_max", _("The largest amount is below the smallest."))
        if both := set(data.get("clusters") or ()) & set(data.get("excluded_clusters") or ()):
            names = ", ".join(sorted(map(str, both)))
            self.add_error("excluded_clusters", _("You look for this and never invest in it: %s.") % names)
        return data


class PremisesSearchForm(_Wishes):
    """What premises an organisation looks for."""

    area_min = _amount(PremisesSearch, "area_min", MAXIMUM_AREA)
    area_max = _amount(PremisesSearch, "area_max", MAXIMUM_AREA)
    rent_max = _amount(PremisesSearch, "rent_max", MAXIMUM_RENT)
    needed_from = DayField(label=_label(PremisesSearch, "needed_from"), required=False)
    uses = forms.MultipleChoiceField(
        label=_label(PremisesSearch, "uses"),
        choices=PremisesFacts.PremisesUse,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    subdistricts = forms.ModelMultipleChoiceField(
        label=_label(PremisesSearch, "subdistricts"),
        queryset=Subdistrict.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: anywhere in the district."),
    )
    tell = forms.ChoiceField(label=_label(PremisesSearch, "tell"), choices=Tell, widget=forms.RadioSelect)

    sections = (
        (_("Size and rent"), ("area_min", "area_max", "rent_max")),
        (_("When, for what, where"), ("needed_from", "uses", "subdistricts")),
        (_("What you are told"), ("tell",)),
    )

    def __init__(self, data: Any = None, *, search: PremisesSearch | None) -> None:
        super().__init__(data, initial=_initial(self.base_fields, search))

    def clean(self) -> dict[str, Any]:
        """Check what the database would refuse, and say it kindly."""
        data = super().clean() or self.cleaned_data
        self.check_order("area_min", "area_max", _("The largest area is below the smallest."))
        return data


def _initial(names: Iterable[str], kept: InvestorProfile | PremisesSearch | None) -> dict[str, Any]:
    """Return what a form begins with: what is kept, or what is usual."""
    if kept is None:
        return {"version": 0, "tell": Tell.WEEKLY}
    values = {name: getattr(kept, name) for name in names}
    many = {"clusters", "excluded_clusters", "subdistricts"}
    return {name: value.all() if name in many else value for name, value in values.items()}
