"""How people sign up and are written to about their accounts (allauth's hooks)."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from allauth.account.adapter import DefaultAccountAdapter
from portal.models import User


class SignupForm(forms.Form):
    """What allauth's sign-up form asks besides address and password."""

    name = forms.CharField(label=_("Your name"), max_length=100)

    def signup(self, request: HttpRequest, user: User) -> None:
        """Keep the name, and the language in which the person signed up."""
        user.name = self.cleaned_data["name"]
        user.language = request.LANGUAGE_CODE  # type: ignore[attr-defined]
        user.save(update_fields=["name", "language"])


class AccountAdapter(DefaultAccountAdapter):
    """allauth's adapter of the portal."""
