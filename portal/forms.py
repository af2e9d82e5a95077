"""What the portal's forms have in common."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _


class PortalFormMixin:
    """For forms rendered in the portal's look with ``{{ form|crispy }}`` or ``{% crispy form %}``.

    A search form sets ``hide_optional``, so that its fields are not all marked as optional.
    """

    hide_optional = False

    @property
    def helper(self) -> FormHelper:
        """Return the layout's settings: the page writes the form tag and the buttons."""
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        return helper


class SearchForm(PortalFormMixin, forms.Form):
    """A form read from the query string: what it does not understand is reported, not obeyed."""

    hide_optional = True
    use_required_attribute = False

    def chosen(self) -> dict[str, Any]:
        """Return the valid choices that are not empty."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [])}


class SureForm(PortalFormMixin, forms.Form):
    """Whether somebody means what they ask for."""

    sure = forms.BooleanField(
        label=_("I have read this, and know that it cannot be undone."),
        error_messages={"required": _("Tick the box if you want to go on.")},
    )
