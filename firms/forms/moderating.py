"""Deciding about proposed values, one small form for each."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from firms import profile
from firms.models import Organisation, ProposedValue
from firms.services.edits import Verdict


class VerdictForm(forms.Form):
    """Accept or refuse one value, or leave it for later."""

    verdict = forms.ChoiceField(
        label=_("What you decide"),
        choices=[("", _("Later")), ("accept", _("Accept")), ("refuse", _("Refuse"))],
        required=False,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason of a refusal"),
        help_text=_("The members read it: say what they should send instead."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    is_sure = forms.BooleanField(label=_("I have seen what is published now; it shall be replaced."), required=False)
    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, value: ProposedValue, organisation: Organisation) -> None:
        """Take the value that is decided, and the organisation as published now."""
        self.value = value
        self.present = profile.published(organisation, value.field)
        self.has_changed_since = self.present != value.published
        self.accepts_all = bool(data and data.get("all"))
        super().__init__(data, prefix=f"value-{value.pk}", initial={"seen": profile.digest(self.present)})
        if not self.has_changed_since:
            del self.fields["is_sure"]

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of a refusal, and for a second look where what is published has changed."""
        values = super().clean() or self.cleaned_data
        if self.accepts_all:
            values["verdict"] = "accept"
        if values.get("verdict") == "refuse" and "reason" in values and not values["reason"].strip():
            self.add_error("reason", _("Give the reason: the members read it."))
        if values.get("verdict") == "accept" and self.has_changed_since and not values.get("is_sure"):
            self.add_error("is_sure", _("What is published has changed since the proposal: confirm, or refuse."))
        return values

    def decided(self) -> Verdict | None:
        """Return the verdict, if there is one."""
        data = self.cleaned_data
        if not data["verdict"]:
            return None
        return Verdict(data["verdict"] == "accept", data["reason"], data["seen"], data.get("is_sure", False))

    @property
    def language(self) -> str:
        """The language that the field is always in, if there is one."""
        return profile.LANGUAGES.get(self.value.field, "")

    @cached_property
    def before(self) -> str:
        """What is published now, as a reader reads it."""
        return profile.shown(self.value.field, self.present)

    @cached_property
    def before_then(self) -> str:
        """What was published when it was proposed."""
        return profile.shown(self.value.field, self.value.published)

    @cached_property
    def after(self) -> str:
        """What is proposed, as a reader reads it."""
        return profile.shown(self.value.field, self.value.proposed)

    @cached_property
    def parts(self) -> list[profile.Part]:
        """The words that differ, for long texts."""
        return profile.differences(self.present, self.value.proposed) if self.value.field in profile.LONG else []


class VersionForm(forms.Form):
    """Which version of the proposal the page showed."""

    version = forms.IntegerField(min_value=1, max_value=10**9, widget=forms.HiddenInput)
