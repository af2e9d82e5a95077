"""What staff fill in to take a step of an application."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incentives import conditions
from incentives.effects import CHECKLIST
from incentives.facts import in_language
from incentives.forms.fields import MoneyField, WholeNumberField, WordsField
from incentives.models import Application, ReviewAssignment
from incentives.models.money import MAXIMUM
from portal import clock


def _long(label: Any, *, required: bool = True, most: int = 5000) -> WordsField:
    return WordsField(label=label, max_length=most, required=required, widget=forms.Textarea(attrs={"rows": 4}))


class StepForm(forms.Form):
    """The form of a step; what it collects is handed to the service as it is."""

    use_required_attribute = False

    def __init__(self, *args: Any, application: Application, **options: Any) -> None:
        self.application = application
        super().__init__(*args, **options)

    def values(self) -> dict[str, Any]:
        """Return what the step takes."""
        return dict(self.cleaned_data)


class ReasonForm(StepForm):
    """Written reasons."""

    reason = _long(_("Reasons"))


class UpholdForm(ReasonForm):
    """Why an objection is right."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].help_text = _("The applicant and whoever objected receive these reasons by e-mail.")


class ReturnForm(StepForm):
    """What to change in which section, and until when."""

    working_days = WholeNumberField(label=_("Deadline (working days)"), least=1, most=60, initial="10")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.sections = [*conditions.section_titles(self.application), ("documents", _("Documents"))]
        for slug, title in self.sections:
            self.fields[f"section_{slug}"] = _long(title, required=False, most=2000)

    def values(self) -> dict[str, Any]:
        """Return the deadline and the reasons by section."""
        reasons = {slug: self.cleaned_data[f"section_{slug}"] for slug, _title in self.sections}
        return {
            "working_days": self.cleaned_data["working_days"],
            "sections": {slug: reason for slug, reason in reasons.items() if reason},
        }


class AcceptForm(StepForm):
    """The checklist and the credit check."""

    checklist = forms.MultipleChoiceField(
        label=_("Checked"), choices=list(CHECKLIST.items()), widget=forms.CheckboxSelectMultiple
    )
    credit_checked_on = forms.DateField(
        label=_("Credit check: date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    credit_source = WordsField(label=_("Credit check: source"), max_length=200)

    def clean_credit_checked_on(self) -> Any:
        """Refuse days ahead."""
        day = self.cleaned_data["credit_checked_on"]
        if day > timezone.localdate(timezone=clock.SHANGHAI):
            raise forms.ValidationError(_("The date of the credit check lies ahead."))
        return day


class RecommendForm(ReasonForm):
    """The terms and why."""

    amount = MoneyField(label=_("Amount (CNY)"))
    conditions = _long(_("Conditions"), required=False, most=2000)
    field_order = ("amount", "conditions", "reason")


class FirstApproveForm(StepForm):
    """The meeting that gave the first approval."""

    meeting = WordsField(label=_("Meeting"), max_length=150)
    minutes = WordsField(label=_("Reference of the minutes"), max_length=150)


class ApproveForm(StepForm):
    """The meeting, where there was one."""

    meeting = WordsField(label=_("Meeting"), max_length=150, required=False)
    minutes = WordsField(label=_("Reference of the minutes"), max_length=150, required=False)


FORMS: dict[str, type[StepForm]] = {
    "return": ReturnForm,
    "accept": AcceptForm,
    "recommend": RecommendForm,
    "send_back": ReasonForm,
    "first_approve": FirstApproveForm,
    "approve": ApproveForm,
    "uphold_objection": UpholdForm,
    "decline": ReasonForm,
    "reopen": ReasonForm,
}
"""The form of each step that staff take."""


class DeclareForm(forms.Form):
    """Whether a reviewer has a conflict of interest."""

    use_required_attribute = False
    conflicted = forms.ChoiceField(
        label=_("Do you have a conflict of interest?"),
        choices=[
            ("no", _("No: I have no interest in the applicant, nor in a competitor of it")),
            ("yes", _("Yes: someone else should review it. This cannot be undone.")),
        ],
        widget=forms.RadioSelect,
    )
    reason = WordsField(label=_("What the conflict is"), max_length=500, required=False)


class ReviewForm(forms.Form):
    """A score for each item of the rubric, and why; or a draft of them."""

    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 2)

    def __init__(self, *args: Any, rubric: list[dict[str, Any]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.slugs = [item["slug"] for item in rubric]
        for item in rubric:
            title = in_language(item["title_en"], item["title_zh"])
            self.fields[f"score_{item['slug']}"] = WholeNumberField(
                label=title, help_text=_("0 to 100; counts %(weight)s %%") % {"weight": item["weight"]}, most=100
            )
        self.fields["comment"] = _long(_("Comment"))

    @classmethod
    def of(cls, assignment: ReviewAssignment, **options: Any) -> "ReviewForm":
        """Return the form with what the reviewer has drafted."""
        initial: dict[str, Any] = {"version": 0}
        if hasattr(assignment, "draft"):
            draft = assignment.draft
            scores = {f"score_{slug}": score for slug, score in draft.scores.items()}
            initial = {**scores, "comment": draft.comment, "version": draft.version}
        return cls(rubric=assignment.application.content["rubric"], initial=initial, **options)

    def scores(self) -> dict[str, int]:
        """Return the score of each item."""
        return {slug: self.cleaned_data[f"score_{slug}"] for slug in self.slugs}

    def can_be_kept(self) -> bool:
        """Whether what was typed can stand in a draft: what is missing may be missing, what is wrong may not."""
        typed = {name for name in self.fields if str(self.data.get(self.add_prefix(name)) or "").strip()}
        for name in [name for name in self.errors if name not in typed]:
            del self.errors[name]
        return not self.errors

    def as_draft(self) -> dict[str, Any]:
        """Return what the draft keeps."""
        values = {slug: self.cleaned_data.get(f"score_{slug}") for slug in self.slugs}
        scores = {slug: str(value) for slug, value in values.items() if value is not None}
        version = self.cleaned_data.get("version") or 0
        return {"scores": scores, "comment": self.cleaned_data.get("comment") or "", "version": version}

    def over(self, version: int) -> "ReviewForm":
        """Return the form to be saved over a draft that its page did not show."""
        self.data = {**self.data.dict(), self.add_prefix("version"): str(version)}  # type: ignore[attr-defined]
        return self


class AllocateForm(forms.Form):
    """Money for a budget."""

    use_required_attribute = False
    key = forms.UUIDField(widget=forms.HiddenInput)
    amount = MoneyField(label=_("Amount (CNY)"), most=MAXIMUM)
    note = WordsField(label=_("Decision it rests on"), max_length=300)
