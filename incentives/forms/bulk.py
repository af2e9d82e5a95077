"""What staff fill in to take one step of several applications."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from incentives import conditions
from incentives.forms.deciding import AcceptForm, ApproveForm, FirstApproveForm, ReasonForm, StepForm
from incentives.forms.fields import MoneyField, WholeNumberField, WordsField
from incentives.models import Application


def _lines(label: Any, *, required: bool = True, most: int = 5000) -> WordsField:
    return WordsField(label=label, max_length=most, required=required, widget=forms.Textarea(attrs={"rows": 2}))


class BulkReturnForm(StepForm):
    """What to change in a section that all of them have, and until when."""

    working_days = WholeNumberField(label=_("Deadline (working days)"), least=1, most=60, initial="10")
    section = forms.ChoiceField(label=pgettext_lazy("application form", "Section"))
    changes = _lines(_("What to change"), most=2000)

    def __init__(self, *args: Any, applications: Iterable[Application] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        titles = [dict(conditions.section_titles(application)) for application in applications]
        shared = [
            (slug, title) for slug, title in (titles[0] if titles else {}).items() if all(slug in t for t in titles)
        ]
        self.fields["section"].choices = [*shared, ("documents", _("Documents"))]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Return the deadline and the reason under its section."""
        data = self.cleaned_data
        return {"working_days": data["working_days"], "sections": {data["section"]: data["changes"]}}


class NothingForm(StepForm):
    """A step that takes nothing."""


class BulkAcceptForm(AcceptForm):
    """The checklist and the credit check, ticked off for each of them."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["checklist"].label = _("Checked for each of these applications")


class TermsForm(forms.Form):
    """The terms of one application among several."""

    use_required_attribute = False
    amount = MoneyField(label=_("Amount (CNY)"))
    conditions = _lines(_("Conditions"), required=False, most=2000)
    reason = _lines(_("Reasons"))


FORMS: dict[str, type[StepForm]] = {
    "accept": BulkAcceptForm,
    "return": BulkReturnForm,
    "recommend": NothingForm,
    "send_back": ReasonForm,
    "first_approve": FirstApproveForm,
    "approve": ApproveForm,
    "decline": ReasonForm,
    "remind": NothingForm,
}
"""What is filled in once for all of them."""


def form_for(step: str, applications: list[Application], data: Any = None) -> StepForm:
    """Return the form of a bulk step.

    Args:
        step: one that may be taken of several at once.
        applications: those that it would be taken of.
        data: what was filled in.
    """
    options: dict[str, Any] = {"application": applications[0] if applications else Application(), "prefix": "all"}
    if step == "return":
        options["applications"] = applications
    return FORMS[step](data, **options)
