"""What the applicant fills in."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from incentives.facts import in_language, lazy_money
from incentives.forms.fields import MoneyField, WholeNumberField, WordsField
from portal.documents import validate_upload
from portal.forms import PortalFormMixin

MAXIMUM_COST = Decimal("9999999999999.99")


class SectionForm(PortalFormMixin, forms.Form):
    """A section of the application. What is not filled in yet can still be saved as a draft."""

    use_required_attribute = False
    hide_optional = True
    wanted: frozenset[str] = frozenset()
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def answers(self) -> dict[str, Any]:
        """Return the answers as JSON."""
        return {
            name: value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, Decimal) else value
            for name, value in self.cleaned_data.items()
            if name != "version"
        }

    def missing(self) -> Iterator[str]:
        """Yield the names of required questions without an answer."""
        for name in self.fields:
            if name in self.wanted and self.cleaned_data.get(name) in {None, ""}:
                yield name

    def require(self) -> bool:
        """Mark what is missing as errors; return whether nothing is."""
        missing = list(self.missing())
        for name in missing:
            self.add_error(name, gettext("Answer this question."))
        return not missing


class QuestionsForm(SectionForm):
    """The questions that the programme's staff wrote."""

    def __init__(self, *args: Any, section: dict[str, Any], **options: Any) -> None:
        super().__init__(*args, **options)
        for question in section["questions"]:
            self.fields[question["slug"]] = _field(question)
        self.wanted = frozenset(question["slug"] for question in section["questions"] if question["required"])


def _field(question: dict[str, Any]) -> forms.Field:
    common: dict[str, Any] = {
        "label": in_language(question["label_en"], question["label_zh"]),
        "help_text": in_language(question["help_en"], question["help_zh"]),
        "required": False,
    }
    most = question["maximum_length"]
    field: forms.Field
    match question["kind"]:
        case "text":
            field = WordsField(max_length=min(most, 500), **common)
        case "number":
            field = WholeNumberField(**common)
        case "date":
            field = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **common)
        case "yes_no":
            choices = [("yes", _("Yes")), ("no", _("No"))]
            field = forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
        case _:
            field = WordsField(max_length=most, widget=forms.Textarea(attrs={"rows": 6}), **common)
    return field


class FundingForm(SectionForm):
    """How much is asked for, towards which costs, and what other public money there is."""

    def __init__(self, *args: Any, content: dict[str, Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.rate = Decimal(content["matching_rate"])
        self.fields["project_cost"] = MoneyField(
            label=_("Eligible costs of the project (CNY)"), most=MAXIMUM_COST, required=False
        )
        self.fields["requested_amount"] = MoneyField(
            label=_("Amount requested (CNY)"),
            most=Decimal(content["cap_award"]),
            required=False,
            help_text=gettext("At most %(cap)s, and at most %(rate)s %% of the eligible costs.")
            % {"cap": lazy_money(content["cap_award"]), "rate": f"{self.rate.normalize():f}"},
        )
        self.fields["other_funding"] = WordsField(
            label=_("Other public funding for the same project"),
            help_text=_("Who gives it, how much and since when. Write “none” if there is none."),
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 4}),
            required=False,
        )
        self.wanted = frozenset({"project_cost", "requested_amount", "other_funding"})

    def clean(self) -> dict[str, Any]:
        """Refuse more than the share of the costs that the programme carries."""
        cleaned = super().clean() or self.cleaned_data
        cost, amount = cleaned.get("project_cost"), cleaned.get("requested_amount")
        if cost and amount and amount * 100 > cost * self.rate:
            self.add_error("requested_amount", _("This is more than the programme's share of the eligible costs."))
        return cleaned


class DocumentForm(PortalFormMixin, forms.Form):
    """One document."""

    use_required_attribute = False
    upload = forms.FileField(
        label=_("File"), help_text=_("PDF, PNG, JPEG, Word or Excel, at most 20 MB. It is checked for viruses first.")
    )

    def clean_upload(self) -> UploadedFile:
        """Refuse files of other types, and those that are not what they say."""
        upload: UploadedFile = self.cleaned_data["upload"]
        validate_upload(upload)
        return upload


class SubmitForm(PortalFormMixin, forms.Form):
    """The signatory's declaration; the key makes one click one submission."""

    use_required_attribute = False
    key = forms.UUIDField(widget=forms.HiddenInput)
    declared = forms.BooleanField(
        label=_(
            "I declare for the organisation that the answers are true and complete, that other public funding is "
            "declared, and that I may sign for it."
        ),
        error_messages={"required": _("Confirm the declaration to submit.")},
    )


class ObjectionForm(PortalFormMixin, forms.Form):
    """An objection to an award in public notice."""

    use_required_attribute = False
    key = forms.UUIDField(widget=forms.HiddenInput)
    name = WordsField(label=_("Your name"), max_length=100)
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("For questions about your objection; it is not published."),
    )
    reason = WordsField(
        label=_("Why you object"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Facts that we can check help most. Your name is not published."),
    )

    def clean_name(self) -> str:
        """Keep the name on one line."""
        name: str = self.cleaned_data["name"]
        if "\n" in name or "\r" in name:
            raise ValidationError(_("Write the name on one line."))
        return name


def preview_forms(content: dict[str, Any]) -> list[tuple[Any, SectionForm]]:
    """Return each section of a programme's application with its title, empty and not to be filled in."""
    forms_of = [
        (in_language(section["title_en"], section["title_zh"]), QuestionsForm(section=section, prefix=section["slug"]))
        for section in content["sections"]
    ]
    found: list[tuple[Any, SectionForm]] = [
        *forms_of,
        (_("Amount and other public funding"), FundingForm(content=content, prefix="funding")),
    ]
    for _title, form in found:
        for field in form.fields.values():
            field.disabled = True
    return found
