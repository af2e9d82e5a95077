"""What staff write beside an application: notes and flags."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from incentives.forms.deciding import _long
from incentives.models import Flag
from portal.models import User


class _OfStaff(forms.Form):
    """A form whose owners are those who may resolve flags of the application."""

    use_required_attribute = False

    def __init__(self, *args: Any, owners: list[User], **options: Any) -> None:
        super().__init__(*args, **options)
        self.owners = {str(user.pk): user for user in owners}
        if "owner" in self.fields:
            choices = [(key, str(user)) for key, user in self.owners.items()]
            empty = [] if self.fields["owner"].required else [("", _("me, or nobody yet"))]
            self.fields["owner"].choices = [*empty, *choices]  # type: ignore[attr-defined]

    def clean_owner(self) -> User | None:
        """Return the person."""
        return self.owners.get(self.cleaned_data["owner"])


class FlagForm(_OfStaff):
    """A flag: what is to be looked into, and by whom."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("What it is about"), choices=[(k.value, k.label) for k in Flag.BY_HAND])
    reason = _long(_("What is to be looked into"), most=2000)
    owner = forms.ChoiceField(label=pgettext_lazy("flag", "Who looks into it"), required=False)


class GiveForm(_OfStaff):
    """Who looks into a flag."""

    owner = forms.ChoiceField(label=pgettext_lazy("flag", "Who looks into it"))


class ResolveForm(forms.Form):
    """How a flag was resolved."""

    use_required_attribute = False
    resolution = _long(_("How it was resolved"), most=2000)


class NoteForm(forms.Form):
    """A note."""

    use_required_attribute = False
    key = forms.UUIDField(widget=forms.HiddenInput)
    text = _long(_("Note for the staff of this application"), most=5000)
