"""What is given when a search is saved."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from investors.forms.fields import LineField
from investors.models import SavedSearch
from portal.forms import PortalFormMixin


class SavedSearchForm(PortalFormMixin, forms.Form):
    """Under which name a search is kept, and how often its person hears of it."""

    name = LineField(label=pgettext_lazy("saved search", "Name"), max_length=80)
    often = forms.ChoiceField(
        label=_("How often shall we write to you?"), choices=SavedSearch.Often, widget=forms.RadioSelect
    )
