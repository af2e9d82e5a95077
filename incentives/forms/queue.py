"""What of the queue is looked at, and what the decision register shows."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incentives.forms.fields import MoneyField
from incentives.lifecycle import APPLICATION
from incentives.models import Round
from incentives.models.money import MAXIMUM
from incentives.queue import CARRY_ON, Wanted


def _optional(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False)


def round_choices(rounds: list[Round]) -> tuple[list[tuple[str, Any]], list[tuple[str, Any]]]:
    """Return the choices of programmes and of rounds."""
    everything = ("", _("All"))
    programmes = {str(r.programme_id): str(r.programme) for r in rounds}
    named = [(str(r.pk), f"{r.programme} · {r}") for r in rounds]
    return [everything, *programmes.items()], [everything, *named]


class QueueForm(forms.Form):
    """The filters of the queue."""

    use_required_attribute = False
    programme = _optional(_("Programme"))
    round = _optional(_("Round"))
    step = _optional(_("Next step"))
    least = MoneyField(label=_("Requested: at least (CNY)"), required=False, most=MAXIMUM)
    most = MoneyField(label=_("Requested: at most (CNY)"), required=False, most=MAXIMUM)
    overdue = forms.BooleanField(label=_("Overdue only"), required=False)
    flagged = forms.BooleanField(label=_("Flagged only"), required=False)

    def __init__(self, *args: Any, rounds: list[Round], **options: Any) -> None:
        super().__init__(*args, **options)
        programmes, named = round_choices(rounds)
        steps = [("", _("All")), *((name, APPLICATION.steps[name].label) for name in CARRY_ON)]
        for name, choices in (("programme", programmes), ("round", named), ("step", steps)):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """Return what is looked at; a filter that was not understood is left out, and the form says so."""
        self.is_valid()
        data = self.cleaned_data
        return Wanted(
            programme=int(data["programme"]) if data.get("programme") else None,
            round=int(data["round"]) if data.get("round") else None,
            step=data.get("step") or "",
            overdue=bool(data.get("overdue")),
            flagged=bool(data.get("flagged")),
            least=data.get("least"),
            most=data.get("most"),
        )
