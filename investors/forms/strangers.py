"""What somebody without an account is asked besides the question."""

from datetime import timedelta
from functools import cache
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from investors.forms.fields import LineField
from investors.forms.inquiries import InquiryForm
from investors.services.unconfirmed import Stranger
from portal.forms import PortalFormMixin
from portal.models.accounts import NOBODY

_SALT = "investors.form"
_SOONEST, _LATEST = timedelta(seconds=2), timedelta(hours=24)


def _opened() -> str:
    return signing.TimestampSigner(salt=_SALT).sign("opened")


@cache
def _countries(language: str) -> list[tuple[str, str]]:
    """Return the choice of countries in a language; translating and sorting takes long."""
    return [("", gettext("Not said")), *((code, str(name)) for code, name in countries)]


class OneLineField(LineField):
    """One line that ends up in the head of a mail: whoever sends several is refused, not mended."""

    def to_python(self, value: Any) -> str:
        """Return what is visible.

        Raises:
            ValidationError: it has line breaks.
        """
        if len(str(value or "").strip().splitlines()) > 1:
            raise forms.ValidationError(_("Write this on one line."), code="lines")
        return super().to_python(value)


class AddressField(forms.EmailField):
    """An e-mail address that mail can reach, in lower case."""

    def clean(self, value: Any) -> str:
        """Return the address.

        Raises:
            ValidationError: it is none, or of erased accounts.
        """
        if "\n" in str(value or "").strip() or "\r" in str(value or "").strip():
            raise forms.ValidationError(_("Write this on one line."), code="lines")
        address: str = super().clean(value).lower()
        if address.endswith(NOBODY):
            raise forms.ValidationError(_("No mail reaches this address."))
        return address


class AgainForm(PortalFormMixin, forms.Form):
    """Where to send a link again."""

    email = AddressField(
        label=_("Your e-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class StrangerForm(InquiryForm):
    """A question of somebody without an account; it is sent on once the e-mail address is confirmed.

    Two fields are for programs that fill in forms by themselves: one that people do not see, and when the page was
    opened.
    """

    name = OneLineField(label=_("Your name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = AddressField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("We send a link there. Your question is sent on once you have confirmed it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    country = forms.ChoiceField(label=_("Country or region"), required=False)
    firm = OneLineField(
        label=_("Firm or organisation"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    opened = forms.CharField(initial=_opened, widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = _countries(get_language())  # type: ignore[attr-defined]

    def clean_website(self) -> str:
        """Refuse what only a program fills in, aloud: a browser may have done it unasked."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Leave this field empty, then send again."), code="filled")
        return ""

    def clean(self) -> dict[str, Any]:
        """Refuse what was sent faster than anybody types, and pages of another day; the text stays."""
        data: dict[str, Any] = super().clean() or {}
        signer = signing.TimestampSigner(salt=_SALT)
        try:
            signer.unsign(data.get("opened") or "", max_age=_LATEST)
        except signing.BadSignature:
            self._open_anew()
            raise forms.ValidationError(_("This page is too old. Your text is kept: please send it again.")) from None
        try:
            signer.unsign(data["opened"], max_age=_SOONEST)
        except signing.SignatureExpired:
            return data
        raise forms.ValidationError(_("That was very fast. Your text is kept: please send it again in a moment."))

    def _open_anew(self) -> None:
        self.data = {**dict(self.data.items()), "opened": _opened()}

    def stranger(self, address: str) -> Stranger:
        """Return who asks.

        Args:
            address: the network address from which they ask.
        """
        data = self.cleaned_data
        return Stranger(data["email"], data["name"], data["country"], data["firm"], address)
