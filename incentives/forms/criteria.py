"""Criteria as staff write them: each kind has its own small form, and nobody writes JSON."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum.cn import uscc
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminTextInputWidget,
)

from firms.forms.clusters import CodesField, ListField
from firms.models import Certificate, Cluster, Subdistrict
from firms.models.organisations import MAXIMUM_CAPITAL
from incentives.facts import Text
from incentives.forms.fields import MoneyField, WholeNumberField
from incentives.models import Criterion, Programme
from incentives.models.parameters import MOST_YEARS, check_parameters

_MOST_AGE, _MOST_STAFF, _MOST_SHARE = 500, 1_000_000, 10_000


class YuanField(MoneyField):
    """An amount in whole yuan."""

    def clean(self, value: Any) -> Any:
        """Return it as a whole number."""
        amount = super().clean(value)
        if amount is not None and amount != amount.to_integral_value():
            raise ValidationError(_("Write whole yuan, without decimals."))
        return None if amount is None else int(amount)


class FirmsField(ListField):
    """Firms by their unified social credit codes."""

    def check(self, parts: Sequence[str]) -> None:
        """Refuse what is no such code."""
        wrong = [part for part in parts if not uscc.is_valid(part)]
        if wrong:
            words = {"codes": ", ".join(part[:20] for part in wrong[:10])}
            raise ValidationError(_("These are no unified social credit codes: %(codes)s.") % words)


class YesNoField(forms.TypedChoiceField):
    """One of two statements: whether something is so, or is not."""

    def __init__(self, *, yes: Text, no: Text, **options: Any) -> None:
        choices = [("True", yes), ("False", no)]
        widget = UnfoldAdminRadioSelectWidget(choices=choices)
        super().__init__(
            choices=choices, coerce=lambda value: value == "True", empty_value=None, widget=widget, **options
        )

    def prepare_value(self, value: Any) -> Any:
        """Write what is stored as one of the choices."""
        return str(value) if isinstance(value, bool) else value


class CriterionForm(forms.ModelForm):
    """What every kind has; those below add the fields of their parameters, by the parameters' names.

    A button named ``_preview`` shows the criterion in words and saves nothing.
    """

    programme: Programme | None = None
    of_kind: ClassVar[str] = ""

    class Meta:
        model = Criterion
        fields = ("hard", "title_en", "title_zh", "evidence_en", "evidence_zh", "position")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk is None:
            self.instance.programme, self.instance.kind = self.programme, self.of_kind
            if self.programme is not None:
                self.initial.setdefault("position", self.programme.criteria.count())
        for name in parameters_of(self.of_kind):
            self.initial.setdefault(name, self.instance.parameters.get(name))

    @property
    def is_preview(self) -> bool:
        """Whether words were asked for, not a save."""
        return "_preview" in self.data

    def is_valid(self) -> bool:
        """Hold back what was only to be looked at."""
        return super().is_valid() and not self.is_preview

    def clean(self) -> dict[str, Any]:
        """Put the parameters together, and refuse those that say nothing or contradict each other."""
        values = super().clean() or self.cleaned_data
        names = list(parameters_of(self.of_kind))
        parameters = {name: values[name] for name in names if values.get(name) not in (None, "", [])}
        if not parameters and not self.errors:
            self.add_error(
                names[0], _("Fill in this field.") if len(names) == 1 else _("Give at least one of the two.")
            )
        elif not self.errors:
            try:
                check_parameters(self.of_kind, parameters)
            except ValidationError as wrong:
                self.add_error(None, wrong.messages)
        self.instance.parameters = parameters
        return values


def _number(label: Text, most: int, *, least: int = 0, help_text: Text = "") -> WholeNumberField:
    widget = UnfoldAdminTextInputWidget(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return WholeNumberField(label=label, least=least, most=most, required=False, widget=widget, help_text=help_text)


def _yuan(label: Text) -> YuanField:
    widget = UnfoldAdminTextInputWidget(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return YuanField(label=label, most=MAXIMUM_CAPITAL, required=False, widget=widget)


def _several(label: Any, choices: Callable[[], Any]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )


def _range(field: Callable[..., forms.Field], least: Text, most: Text, *limits: int) -> dict[str, forms.Field]:
    return {"minimum": field(least, *limits), "maximum": field(most, *limits)}


_FIELDS: dict[str, dict[str, forms.Field]] = {
    "age": _range(_number, gettext_lazy("At least (years)"), gettext_lazy("At most (years)"), _MOST_AGE),
    "staff": _range(_number, gettext_lazy("At least (people)"), gettext_lazy("At most (people)"), _MOST_STAFF),
    "capital": _range(_yuan, gettext_lazy("At least (CNY)"), gettext_lazy("At most (CNY)")),
    "rd_intensity": _range(
        _number,
        gettext_lazy("At least (percent of revenue)"),
        gettext_lazy("At most (percent of revenue)"),
        _MOST_SHARE,
    ),
    "growth": _range(_number, gettext_lazy("At least (%)"), gettext_lazy("At most (%)"), _MOST_SHARE),
    "tax": {"minimum": _yuan(gettext_lazy("At least, in the last year (CNY)"))},
    "live_awards": {"maximum": _yuan(gettext_lazy("At most, of all programmes together (CNY)"))},
    "awarded": {"years": _number(gettext_lazy("Nothing awarded in the last … years"), MOST_YEARS, least=1)},
    "cluster": {
        "any_of": _several(
            gettext_lazy("One of these clusters"), lambda: [(c.slug, str(c)) for c in Cluster.objects.all()]
        )
    },
    "certificate": {
        "any_of": _several(gettext_lazy("One of these certificates, valid"), lambda: Certificate.Level.choices)
    },
    "subdistrict": {
        "any_of": _several(
            gettext_lazy("Registered in one of these subdistricts"),
            lambda: [(s.slug, s.name) for s in Subdistrict.objects.all()],
        )
    },
    "industry": {
        "prefixes": CodesField(
            label=gettext_lazy("Industries"),
            help_text=gettext_lazy(
                "Divisions, groups or classes of GB/T 4754-2017, by code or by name, separated by commas: "
                "65, 6513, development of basic software. The preview shows codes and names."
            ),
        )
    },
    "foreign": {
        "is": YesNoField(
            label=gettext_lazy("The firm"),
            yes=gettext_lazy("is foreign-invested"),
            no=gettext_lazy("is not foreign-invested"),
            required=False,
        )
    },
    "firm": {
        "any_of": FirmsField(
            label=gettext_lazy("Unified social credit codes"), help_text=gettext_lazy("Separated by commas or lines.")
        )
    },
}

FORMS: Mapping[str, type[CriterionForm]] = {
    kind: type(f"{kind.title()}Form", (CriterionForm,), {**fields, "of_kind": kind, "__module__": __name__})
    for kind, fields in _FIELDS.items()
}
"""The form of each kind."""


def parameters_of(kind: str) -> tuple[str, ...]:
    """Return the names of the fields in which the parameters of a kind are written."""
    return tuple(_FIELDS.get(kind, ()))
