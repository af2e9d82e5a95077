"""Drafting an opportunity: first what it is, then its words and the facts of its kind."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.db import models
from django.forms.models import fields_for_model
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from firms.models import Cluster, Laboratory, Membership, Organisation
from investors.completeness import Missing
from investors.forms.fields import (
    AmountField,
    DayField,
    LaboratoryField,
    LineField,
    OrganisationField,
    ProseField,
    WholeNumberField,
)
from investors.forms.opportunity_sections import HINTS, OPENS, sections
from investors.models import Opportunity
from investors.models.fact_rules import BOUNDS, ORDERED
from investors.models.facts import TOLD
from investors.models.opportunities import FROM_LABORATORIES
from investors.rules import EDITORS
from portal.forms import PortalFormMixin
from portal.models import User

_OUT_OF_ORDER = {
    "amount_sought": _("More is secured than is sought."),
    "ticket_max": _("The largest amount is below the smallest."),
    "price_to": _("The price ends below where it begins."),
    "budget_to": _("The budget ends below where it begins."),
}


class _TitleMixin(forms.Form):
    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "title_en" in data and "title_zh" in data and not (data["title_en"] or data["title_zh"]):
            self.add_error("title_en", _("Give a title in at least one language."))
        return data


class NewOpportunityForm(PortalFormMixin, _TitleMixin, forms.Form):
    """Whose it is, of which kind, and its title."""

    owner = OrganisationField(label=_("Organisation"), queryset=Organisation.objects.none(), empty_label=None)
    kind = forms.ChoiceField(label=_("Kind"), choices=Opportunity.Kind, widget=forms.RadioSelect)
    title_en = LineField(label=_("Title in English"), max_length=120, required=False)
    title_zh = LineField(label=_("Title in Chinese"), max_length=120, required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        written = Membership.objects.active().filter(user=user, role__in=EDITORS).values("organisation")
        self.fields["owner"].queryset = Organisation.objects.filter(pk__in=written)  # type: ignore[attr-defined]


def _field(column: "models.Field[Any, Any]", **kwargs: Any) -> forms.Field | None:
    """Return a form's field for a column, strict about what is typed."""
    label = capfirst(column.verbose_name)
    if column.name in BOUNDS:
        form_class = AmountField if isinstance(column, models.DecimalField) else WholeNumberField
        least, most = BOUNDS[column.name]
        return column.formfield(form_class=form_class, min_value=least, max_value=most)
    if column.name == "modes":
        modes = Opportunity.Mode.choices
        return forms.MultipleChoiceField(
            label=label, choices=modes, required=False, widget=forms.CheckboxSelectMultiple
        )
    if column.name == "export_declaration":
        return forms.ChoiceField(label=label, choices=OPENS, required=False, widget=forms.RadioSelect)
    return _text_or_day(column)


def _text_or_day(column: "models.Field[Any, Any]") -> forms.Field | None:
    if isinstance(column, models.DateField):
        return column.formfield(form_class=DayField)
    if isinstance(column, models.TextField):
        rows = 8 if column.max_length and column.max_length > TOLD else 3
        return column.formfield(form_class=ProseField, widget=forms.Textarea(attrs={"rows": rows}))
    if isinstance(column, models.CharField) and not column.choices:
        return column.formfield(form_class=LineField)
    return column.formfield()


class OpportunityForm(PortalFormMixin, _TitleMixin, forms.Form):
    """Words and facts of a draft, only those of its kind; what is missing is named when it is submitted."""

    hide_optional = True
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=1_000_000)

    def __init__(self, data: Any = None, *, opportunity: Opportunity) -> None:
        self._sections = list(sections(Opportunity.Kind(opportunity.kind)))
        names = [name for _heading, part in self._sections for name in part]
        columns = [name for name in names if name not in {"clusters", "laboratory"}]
        fields = fields_for_model(Opportunity, fields=columns, formfield_callback=_field)
        fields["clusters"] = forms.ModelMultipleChoiceField(
            label=_("Clusters"), queryset=Cluster.objects.all(), required=False, widget=forms.CheckboxSelectMultiple
        )
        initial = {name: getattr(opportunity, name) for name in columns}
        initial |= {"version": opportunity.version, "clusters": opportunity.clusters.all()}
        super().__init__(data, initial=initial)
        self.fields |= {name: fields[name] for name in names if name in fields}
        self._add_laboratory(opportunity)
        for name, field in self.fields.items():
            field.help_text = HINTS.get(name, field.help_text)
            if name.endswith(("_en", "_zh")):
                field.widget.attrs["lang"] = "en" if name.endswith("_en") else "zh-Hans"

    @property
    def helper(self) -> FormHelper:
        """Set the fields in their sections; the laboratory only where the owner has any."""
        helper = super().helper
        parts = ((str(heading), [name for name in names if name in self.fields]) for heading, names in self._sections)
        helper.layout = Layout("version", *(Fieldset(heading, *names) for heading, names in parts))
        return helper

    def tell_missing(self, missing: Iterable[Missing]) -> None:
        """Name what is missing at the fields that tell it."""
        for each in missing:
            self.add_error(each.field, str(each.words))

    def _add_laboratory(self, opportunity: Opportunity) -> None:
        """Ask from which laboratory it comes, where the owner has any."""
        listed = models.Q(is_listed=True) | models.Q(pk=opportunity.laboratory_id)
        own = Laboratory.objects.filter(listed, organisation=opportunity.owner_id).by_name()
        if opportunity.kind in FROM_LABORATORIES and own:
            self.fields["laboratory"] = LaboratoryField(
                label=_("Laboratory"), queryset=own, required=False, empty_label=_("None of them")
            )
            self.initial["laboratory"] = opportunity.laboratory_id

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names of the columns."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"clusters", "version"}}

    def clean(self) -> dict[str, Any]:
        """Check what the database would refuse, and say it kindly."""
        data = super().clean()
        for least, most in ORDERED:
            self._check_order(least, most)
        if data.get("price_to") and not data.get("price_from"):
            self.add_error("price_from", _("Say where the price begins."))
        if data.get("amount_secured") is not None and not data.get("amount_sought"):
            self.add_error("amount_sought", _("Say how much is sought."))
        self._check_licence()
        return data

    def _check_licence(self) -> None:
        data = self.cleaned_data
        number, day = data.get("export_licence_number"), data.get("export_licence_on")
        if (number or day) and data.get("export_declaration") not in (Opportunity.Export.RESTRICTED, None):
            self.add_error("export_declaration", _("A licence is recorded only where export is restricted."))
        if day and not number:
            self.add_error("export_licence_number", _("Give the number of the licence of that day."))

    def _check_order(self, lower: str, upper: str) -> None:
        least, most = self.cleaned_data.get(lower), self.cleaned_data.get(upper)
        if least is not None and most is not None and least > most:
            self.add_error(upper, _OUT_OF_ORDER[upper])
