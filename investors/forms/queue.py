"""What of the queue of inquiries is looked at."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from investors.models import Inquiry
from investors.queue import Risk, Wanted
from portal.models import User

_ALL = ("", _("All"))


class QueueForm(forms.Form):
    """The filters of the queue."""

    use_required_attribute = False
    whose = forms.ChoiceField(
        label=_("Officer"), required=False, choices=[_ALL, ("mine", _("Mine")), ("nobody", _("Nobody's"))]
    )
    topic = forms.ChoiceField(label=_("Topic"), required=False, choices=[_ALL, *Inquiry.Topic.choices])
    language = forms.ChoiceField(
        label=_("Language of the answer"), required=False, choices=[_ALL, *User.Language.choices]
    )
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[_ALL, *((one.value, one.label) for one in (*Inquiry.UNANSWERED, Inquiry.Status.ANSWERED))],
    )
    risk = forms.ChoiceField(required=False, choices=Risk.choices, widget=forms.HiddenInput)

    def wanted(self) -> Wanted:
        """Return what is looked at; a filter that was not understood is left out, and the form says so."""
        self.is_valid()
        data: dict[str, Any] = self.cleaned_data
        names = ("whose", "topic", "language", "status")
        return Wanted(risk=Risk(data.get("risk") or ""), **{name: data.get(name) or "" for name in names})
