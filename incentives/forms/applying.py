"""What the applicant fills in."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from incentives import conditions, declarations, questions
from incentives.facts import Text, in_language, lazy_money
from incentives.forms.answering import FileField, TableField, as_json, field_of
from incentives.forms.fields import MoneyField, WordsField, can_be_read
from incentives.models import Application, SectionAnswers
from portal.documents import how_files_are_checked, validate_upload
from portal.forms import PortalFormMixin
from portal.local_form import in_a_row

MOST_KEPT = 100_000
"""How many characters of a question are kept that are no answer."""

MAXIMUM_COST = Decimal("9999999999999.99")


class Stored(dict[str, Any]):
    """What the fields of a section hold, as it is stored: a form takes it in place of a request's data."""

    @classmethod
    def of(cls, saved: SectionAnswers | None) -> Self:
        """Return what is saved of a section."""
        return cls(saved.stored if saved else {}, version=saved.version if saved else 0)


def _can_be_kept(value: Any) -> bool:
    """Whether what was typed may be stored: text that can be read, of which PostgreSQL's JSON takes every character."""
    try:
        text = json.dumps(value, ensure_ascii=False)
        text.encode()
    except (TypeError, ValueError):
        return False
    return len(text) <= MOST_KEPT and "\\u0000" not in text and can_be_read(text.strip('"'))


class SectionForm(PortalFormMixin, forms.Form):
    """A section of the application. What is not filled in yet can still be saved as a draft."""

    use_required_attribute = False
    hide_optional = True
    wanted: frozenset[str] = frozenset()
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def _widget_data_value(self, widget: forms.Widget, html_name: str) -> Any:
        """Read a field; of what is stored already, as it is stored. Files are kept elsewhere."""
        if isinstance(self.data, Stored) and not self.asks_for_file(html_name):
            return self.data.get(html_name)
        return super()._widget_data_value(widget, html_name)  # type: ignore[misc]

    def typed(self) -> dict[str, Any]:
        """Return what was typed and is no answer, as it was typed; never what no column or page should hold."""
        found = {name: self[name].data for name in self.errors if name in self.fields and name != "version"}
        return {name: value for name, value in found.items() if _can_be_kept(value)}

    def is_complete(self) -> bool:
        """Whether every question is answered as it asks."""
        return self.is_valid() and not list(self.missing())

    def answers(self) -> dict[str, Any]:
        """Return the answers as JSON."""
        return {name: as_json(value) for name, value in self.cleaned_data.items() if name != "version"}

    def lacking(self) -> Iterator[tuple[str, Text]]:
        """Yield the name of each question whose answer is not complete, with what it lacks."""
        for name in self.fields:
            unanswered = self.cleaned_data.get(name) in questions.NOTHING and name not in self.errors
            if name in self.wanted and unanswered:
                yield name, _("Answer this question.")

    def missing(self) -> Iterator[str]:
        """Yield the names of questions whose answer is not complete."""
        return (name for name, _words in self.lacking())

    def require(self) -> bool:
        """Mark what is missing as errors; return whether nothing is."""
        self.is_valid()
        lacking = list(self.lacking())
        for name, words in lacking:
            self.add_error(name, str(words))
        return not lacking

    def with_row(self, name: str) -> dict[str, Any]:
        """Return what was typed, as the initial data of the form anew, with one more row in a table."""
        typed = {
            key: field.widget.value_from_datadict(self.data, self.files, self.add_prefix(key))
            for key, field in self.fields.items()
        }
        if isinstance(self.fields.get(name), TableField):
            typed[name] = [*typed[name], {}]
        return typed

    def asks_for_file(self, name: str) -> bool:
        """Return whether this is a question that is answered by a file."""
        return isinstance(self.fields.get(name), FileField)


class QuestionsForm(SectionForm):
    """The questions that the programme's staff wrote.

    Args:
        section: the section, as the version keeps it.
        content: the version's content.
        given: what was answered until now in every section; without it, as in a preview, every question is shown.
    """

    def __init__(
        self,
        *args: Any,
        section: dict[str, Any],
        content: dict[str, Any],
        given: questions.Given | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.content, self.given, self.slug = content, given, section["slug"]
        found = questions.that_apply(content, given or {})
        self.asked: dict[str, dict[str, Any]] = {}
        for question in section["questions"]:
            condition = question.get("only_if")
            elsewhere = condition is not None and condition["section"] != self.slug
            if given is None or not elsewhere or questions.holds(condition, found):
                self._ask(question, (given or {}).get(self.slug, {}).get(question["slug"]))

    def _ask(self, question: dict[str, Any], held: Any) -> None:
        field = field_of(question, held=held)
        if condition := question.get("only_if"):
            words = questions.condition_in_words(self.content, condition)
            field.help_text = in_a_row(field.help_text, words)
            if condition["section"] == self.slug and self.given is not None:
                names = {"data-shown-if": self.add_prefix(condition["question"])}
                field.widget.attrs |= names | {"data-shown-for": " ".join(condition["any_of"])}
        self.fields[question["slug"]] = field
        self.asked[question["slug"]] = question

    def clean(self) -> dict[str, Any]:
        """Leave out the questions that do not apply, whatever was typed there."""
        cleaned = super().clean() or self.cleaned_data
        own = {name: as_json(value) for name, value in cleaned.items()}
        applying = questions.that_apply(self.content, {**(self.given or {}), self.slug: own})
        for name in self.asked:
            if (self.slug, name) not in applying:
                self.errors.pop(name, None)
                cleaned.pop(name, None)
        return cleaned

    def answers(self) -> dict[str, Any]:
        """Return the answers as JSON; files are kept among the documents."""
        return {name: value for name, value in super().answers().items() if not self.asks_for_file(name)}

    def lacking(self) -> Iterator[tuple[str, Text]]:
        """Yield each question that applies and whose answer is not complete."""
        for name, question in self.asked.items():
            if name in self.cleaned_data and (words := questions.lacking(question, self.answer(name))):
                yield name, words

    def answer(self, name: str) -> Any:
        """Return one answer as JSON."""
        return as_json(self.cleaned_data[name])


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


def section_form(application: Application, slug: str, data: Any, initial: dict[str, Any]) -> SectionForm:
    """Return the form of a section.

    Args:
        application: whose programme version asks.
        slug: the section.
        data: of a request, or ``Stored``; None for a form that shows what is saved.
        initial: what the fields show then.

    Raises:
        KeyError: there is no such section.
    """
    content = application.content
    if slug == conditions.FUNDING:
        return FundingForm(data, initial=initial, content=content)
    sections = {section["slug"]: section for section in content["sections"]}
    given = questions.given_by(application)
    return QuestionsForm(data, initial=initial, section=sections[slug], content=content, given=given)


class DocumentForm(PortalFormMixin, forms.Form):
    """One document."""

    use_required_attribute = False
    upload = forms.FileField(
        label=_("File"),
        help_text=in_a_row(_("PDF, PNG, JPEG, Word or Excel, at most 20 MB."), how_files_are_checked),
    )

    def clean_upload(self) -> UploadedFile:
        """Refuse files of other types, and those that are not what they say."""
        upload: UploadedFile = self.cleaned_data["upload"]
        validate_upload(upload)
        return upload


class SubmitForm(PortalFormMixin, forms.Form):
    """The signatory's declarations, each ticked by itself; the key makes one click one submission."""

    use_required_attribute = False
    key = forms.UUIDField(widget=forms.HiddenInput)
    declared = forms.MultipleChoiceField(
        label=_("I declare for the organisation"),
        choices=[(key, words) for key, words in declarations.WORDS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick each declaration to submit.")},
    )

    def clean_declared(self) -> list[str]:
        """Ask for each of them."""
        declared: list[str] = self.cleaned_data["declared"]
        if declarations.missing(declared):
            raise ValidationError(_("Tick each declaration to submit."))
        return declared


class ObjectionForm(PortalFormMixin, forms.Form):
    """An objection to an award in public notice."""

    use_required_attribute = False
    key = forms.UUIDField(widget=forms.HiddenInput)
    name = WordsField(label=_("Your name"), max_length=100)
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("We tell you there what becomes of your objection; it is not published."),
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
        (
            in_language(section["title_en"], section["title_zh"]),
            QuestionsForm(section=section, content=content, prefix=section["slug"]),
        )
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
