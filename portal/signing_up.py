"""Signing up takes as long for an address that has an account as for one that has none."""

from typing import Any

from allauth.account.forms import SignupForm
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest


class SteadySignupForm(SignupForm):
    """allauth's form; where it would save nobody it does the slow part all the same, so that no clock tells."""

    def try_save(self, request: HttpRequest) -> Any:
        """Hash the password that a new account would get, then answer as allauth does."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)
