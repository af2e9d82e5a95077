"""What of the decision register is looked at."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from incentives.forms.queue import round_choices
from incentives.models import Round
from incentives.register import LABELS, Wanted

_FIRST_YEAR, _LAST_YEAR = 2000, 2099


class DayField(forms.DateField):
    """A day of this century."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(required=False, widget=widget, input_formats=["%Y-%m-%d"], **options)

    def clean(self, value: Any) -> Any:
        """Refuse years far away."""
        day = super().clean(value)
        if day and not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            raise ValidationError(_("Give years between 2000 and 2099."))
        return day


class RegisterForm(forms.Form):
    """The filters of the decision register."""

    use_required_attribute = False
    programme = forms.ChoiceField(label=_("Programme"), required=False)
    round = forms.ChoiceField(label=_("Round"), required=False)
    decision = forms.ChoiceField(label=_("Decision"), required=False)
    since = DayField(label=_("From day"))
    until = DayField(label=_("To day"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        programmes, rounds = round_choices(list(Round.objects.select_related("programme")))
        choices = {"programme": programmes, "round": rounds, "decision": [("", _("All")), *LABELS.items()]}
        for name, known in choices.items():
            self.fields[name].choices = known  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """Return what is looked at; a filter that was not understood is left out, and the form says so."""
        self.is_valid()
        data = self.cleaned_data
        return Wanted(
            programme=int(data["programme"]) if data.get("programme") else None,
            round=int(data["round"]) if data.get("round") else None,
            decision=data.get("decision") or "",
            since=data.get("since"),
            until=data.get("until"),
        )

    def in_words(self) -> list[str]:
        """Say what is looked at."""
        self.is_valid()
        said = []
        for name, value in self.cleaned_data.items():
            known = dict(getattr(self.fields[name], "choices", []))
            if value:
                said.append(f"{self.fields[name].label}: {known.get(value, value)}")
        return said
