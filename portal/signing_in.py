"""What happens when somebody signs in: apps take over what the session held before it was known whose it is."""

from collections.abc import Callable

from django.contrib.auth import login
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from portal.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"

type TakeOver = Callable[[SessionBase, User], None]
_contributions: list[TakeOver] = []


def contribute(take_over: TakeOver) -> None:
    """Let an app take over what the session holds, as soon as it is the session of a person."""
    _contributions.append(take_over)


def signed_in(session: SessionBase, user: User) -> None:
    """Let every app take over what the session holds: to be called once the person is signed in."""
    for take_over in _contributions:
        take_over(session, user)


def sign_in(request: HttpRequest, user: User) -> None:
    """Sign somebody in who has shown who they are by a link."""
    login(request, user, backend=BACKEND)
    signed_in(request.session, user)
