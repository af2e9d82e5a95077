"""What staff write of a question."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from incentives.models import Option, Question
from incentives.models.profile_facts import FITTING
from incentives.question_checks import TAKEN


class KeyForm(forms.ModelForm):
    """A question, whose key is none that the form of the section uses itself."""

    class Meta:
        model = Question
        fields = ("label_en", "label_zh", "slug", "kind", "help_en", "help_zh", "required", "position")

    def clean_slug(self) -> str:
        """Refuse the names that the form needs."""
        slug: str = self.cleaned_data["slug"]
        if slug in TAKEN:
            raise ValidationError(_("The form uses this key itself. Choose another."))
        return slug

    def clean_kind(self) -> str:
        """Keep the kind while other questions depend on the answers."""
        kind: str = self.cleaned_data["kind"]
        if self.instance.pk and kind != self.instance.kind and (other := self.instance.dependants.first()):
            message = _("“%(question)s” depends on the answers to it: change that condition first.")
            raise ValidationError(message, params={"question": other})
        return kind

    def clean(self) -> dict[str, Any] | None:
        """Fill a question whose kind changed from nothing, where the fact of before does not answer the new kind."""
        cleaned = super().clean()
        fact = self.cleaned_data.get("filled_from", self.instance.filled_from)
        if fact and fact not in FITTING.get(self.cleaned_data.get("kind", self.instance.kind), ()):
            self.cleaned_data["filled_from"] = self.instance.filled_from = ""
        return cleaned


class QuestionForm(KeyForm):
    """A question with its condition, chosen among the answers to the questions before it."""

    only_if = forms.MultipleChoiceField(
        label=_("Asked only after"),
        help_text=_("Choose answers of one earlier question; none, and it is always asked."),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        before = earlier_questions(self.instance)
        if "filled_from" in self.fields:
            facts = [(fact.value, fact.label) for fact in FITTING.get(self.instance.kind, ())]
            self.fields["filled_from"].choices = [("", "—"), *facts]  # type: ignore[attr-defined]
        self.fields["only_if"].choices = [  # type: ignore[attr-defined]
            (f"{question.pk}:{key}", f"{question} → {label}")
            for question in before
            for key, label in _answers(question)
        ]
        if earlier := self.instance.condition_question_id:
            self.initial["only_if"] = [f"{earlier}:{key}" for key in self.instance.condition_answers]

    def clean(self) -> dict[str, Any] | None:
        """Keep the condition: of one question, which is still asked before this one."""
        cleaned = super().clean()
        pairs = [value.split(":", 1) for value in self.cleaned_data.get("only_if", [])]
        keys = {int(key) for key, _answer in pairs}
        if len(keys) > 1:
            self.add_error("only_if", gettext("Choose answers of one question only."))
        elif "only_if" in self.cleaned_data:
            self.instance.condition_question_id = next(iter(keys), None)
            self.instance.condition_answers = [answer for _key, answer in pairs]
            place = self.cleaned_data.get("position", self.instance.position)
            if keys - {question.pk for question in earlier_questions(self.instance, position=place)}:
                self.add_error("position", gettext("The question that it depends on must be asked before it."))
        return cleaned


def earlier_questions(question: Question, position: int | None = None) -> list[Question]:
    """Return the questions of the programme that are asked before this one, and whose answers can be a condition.

    Args:
        question: a saved question.
        position: where in its section it would stand, if not where it does.
    """
    section, place = question.section, question.position if position is None else position
    asked = (
        Question.objects.filter(section__programme=section.programme_id, kind__in=Question.CONDITIONS)
        .exclude(pk=question.pk)
        .select_related("section")
        .prefetch_related("options")
        .order_by("section__position", "section_id", "position", "pk")
    )
    here = (section.position, section.pk, place, question.pk)
    return [other for other in asked if (other.section.position, other.section.pk, other.position, other.pk) < here]


def _answers(question: Question) -> Sequence[tuple[str, Any]]:
    if question.kind == Question.Kind.YES_NO:
        return [("yes", gettext("Yes")), ("no", gettext("No"))]
    options: list[Option] = list(question.options.all())
    return [(option.slug, str(option)) for option in options]
