"""Requests as views receive them."""

from django.http import HttpRequest

from portal.models import User


class SignedIn(HttpRequest):
    """A request that ``login_required`` let through."""

    user: User
