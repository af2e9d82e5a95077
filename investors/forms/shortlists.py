"""What is sent about a shortlist."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from investors.forms.fields import LineField
from investors.forms.inquiries import KeyField
from investors.models.shortlists import NOTE_LENGTH
from portal.forms import PortalFormMixin


class ItemForm(forms.Form):
    """Which item of a shortlist is meant."""

    item = forms.IntegerField(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)


class BrochureForm(PortalFormMixin, forms.Form):
    """In which language a brochure is made."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect)
    key = KeyField()


class NoteForm(PortalFormMixin, ItemForm):
    """What a person notes to an item."""

    note = LineField(label=_("Note"), max_length=NOTE_LENGTH, required=False)
