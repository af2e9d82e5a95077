"""Drafting an opportunity: first what it is, then its words and the facts of its kind."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _

from firms.models import Cluster, Membership, Organisation
from investors.forms.fields import AmountField, DayField, LineField, OrganisationField, ProseField, WholeNumberField
from investors.models import Opportunity
from investors.models.facts import MAXIMUM_AMOUNT, MAXIMUM_AREA, MAXIMUM_RENT
from investors.rules import EDITORS
from portal.forms import PortalFormMixin
from portal.models import User

WORDS = ("title_en", "title_zh", "summary_en", "summary_zh", "text_en", "text_zh")
DISCLOSURE_WARNING = _(
    "Publication destroys novelty (Patent Law, article 22). Describe what the technology achieves, not how, until the "
    "application is filed."
)


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


_CAPITAL = {"min_value": Decimal("0.01"), "max_value": MAXIMUM_AMOUNT}
_BOUNDS: dict[str, dict[str, Any]] = {
    "amount_secured": {"min_value": 0, "max_value": MAXIMUM_AMOUNT},
    "rent": {"min_value": Decimal("0.01"), "max_value": MAXIMUM_RENT},
    "area": {"min_value": Decimal("0.01"), "max_value": MAXIMUM_AREA},
    "trl": {"min_value": 1, "max_value": 9},
    "places": {"min_value": 1, "max_value": 100_000},
}


def _field(column: "models.Field[Any, Any]", **kwargs: Any) -> forms.Field | None:
    """Return a form's field for a column, strict about what is typed."""
    if isinstance(column, models.DecimalField):
        return column.formfield(form_class=AmountField, **{**_CAPITAL, **_BOUNDS.get(column.name, {})})
    if isinstance(column, models.IntegerField):
        return column.formfield(form_class=WholeNumberField, **_BOUNDS[column.name])
    if isinstance(column, models.DateField):
        return column.formfield(form_class=DayField)
    if isinstance(column, models.TextField):
        return column.formfield(form_class=ProseField, widget=forms.Textarea(attrs={"rows": 8}))
    if isinstance(column, models.CharField) and not column.choices:
        return column.formfield(form_class=LineField)
    return column.formfield()


class OpportunityForm(PortalFormMixin, _TitleMixin, forms.Form):
    """Words and facts of a draft, only those of its kind; what is missing is named when it is submitted."""

    hide_optional = True
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=1_000_000)

    def __init__(self, data: Any = None, *, opportunity: Opportunity) -> None:
        names = [*WORDS[:2], *opportunity.fact_names, *WORDS[2:], "subdistrict", "expires_on"]
        fields = fields_for_model(Opportunity, fields=names, formfield_callback=_field)
        initial = {name: getattr(opportunity, name) for name in names}
        initial |= {"version": opportunity.version, "clusters": opportunity.clusters.all()}
        super().__init__(data, initial=initial)
        self.fields |= {name: fields[name] for name in names}
        self.fields["clusters"] = forms.ModelMultipleChoiceField(
            label=_("Clusters"), queryset=Cluster.objects.all(), required=False, widget=forms.CheckboxSelectMultiple
        )
        self.fields["expires_on"].help_text = _("At most a year ahead. We ask you two weeks before whether it stands.")
        if "disclosure_checked" in self.fields:
            self.fields["disclosure_checked"].help_text = DISCLOSURE_WARNING

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the names of the columns."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"clusters", "version"}}

    def clean(self) -> dict[str, Any]:
        """Check what the database would refuse, and say it kindly."""
        data = super().clean()
        self._check_order("amount_secured", "amount_sought", _("More is secured than is sought."))
        self._check_order("price_from", "price_to", _("The price ends below where it begins."))
        if data.get("price_to") and not data.get("price_from"):
            self.add_error("price_from", _("Say where the price begins."))
        if data.get("amount_secured") is not None and not data.get("amount_sought"):
            self.add_error("amount_sought", _("Say how much is sought."))
        return data

    def _check_order(self, lower: str, upper: str, error: Any) -> None:
        least, most = self.cleaned_data.get(lower), self.cleaned_data.get(upper)
        if least is not None and most is not None and least > most:
            self.add_error(upper, error)
