"""The account of whoever has shown that an e-mail address is theirs, by a link that was sent there."""

from typing import NamedTuple

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from portal.consents import give_consent
from portal.models import User
from portal.personal_data import ACCOUNT


class Proven(NamedTuple):
    """An account, and whether it was made just now."""

    user: User
    is_new: bool


@transaction.atomic
def account_of(*, email: str, name: str, language: str) -> Proven:
    """Return the account of a proven address; where there is none, make one without a password.

    An account whose address nobody had verified may have been opened by somebody else: its password is taken away.

    Args:
        email: in lower case.
        name: of the person, for a new account.
        language: of its messages, for a new account.
    """
    verified = EmailAddress.objects.filter(email=email, verified=True).select_related("user").first()
    if verified:
        return Proven(verified.user, is_new=False)
    fields = {"name": name, "language": language, "password": make_password(None)}
    user, made = User.objects.get_or_create(email=email, defaults=fields)
    if not made:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    has_primary = EmailAddress.objects.filter(user=user, primary=True).exclude(email=email).exists()
    EmailAddress.objects.update_or_create(
        user=user, email=email, defaults={"verified": True, "primary": not has_primary}
    )
    give_consent(by=user, purpose=ACCOUNT)
    return Proven(user, is_new=made)
