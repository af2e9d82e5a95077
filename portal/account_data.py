"""What the core holds about a person: the account, its keys, notices, consents, steps taken."""

from collections.abc import Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import notices
from portal.models import Consent, Notice, StepTaken, User
from portal.models.accounts import NOBODY
from portal.models.consents import ERASED
from portal.personal_data import ACCOUNT, Part, Purpose, Text, contribute, contribute_purpose
from portal.sessions import end_sessions


def _account(user: User) -> dict[str, Any]:
    return {
        "name": user.name,
        "email": user.email,
        "language": user.language,
        "joined": user.date_joined,
        "last_sign_in": user.last_login,
        "addresses": list(EmailAddress.objects.filter(user=user).order_by("pk").values("email", "verified", "primary")),
        "second_factors": list(
            Authenticator.objects.filter(user=user).order_by("pk").values("type", "created_at", "last_used_at")
        ),
        "consents": list(Consent.objects.filter(user=user).values("purpose", "version", "given_at", "withdrawn_at")),
    }


def _erase_account(user: User) -> int:
    """Make the account nobody's: rows that name it stay, and lead to nobody."""
    addresses = {user.email, *EmailAddress.objects.filter(user=user).values_list("email", flat=True)}
    end_sessions(user)
    Authenticator.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    _erase_admin_log(user, addresses)
    user.groups.clear()
    user.user_permissions.clear()
    user.email, user.name = f"{user.pk}{NOBODY}", ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.set_unusable_password()
    user.last_login = None
    user.erased_at = user.erased_at or timezone.now()
    user.save()
    return 1


def _erase_admin_log(user: User, addresses: set[str]) -> None:
    """The theme's log of changes names rows in words: an account by its person's name."""
    own = Q(content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk))
    for address in addresses:
        own |= Q(object_repr__icontains=address) | Q(change_message__icontains=address)
    LogEntry.objects.filter(own).update(object_repr=ERASED, change_message="")


def _is_staff(user: User) -> Iterator[Text]:
    if user.is_staff:
        yield _(
            "You are on the staff of the district: decisions stand under your name. When your service ends, an "
            "administrator ends the rights of your account; then it can be erased."
        )


def _notices(user: User) -> list[dict[str, Any]]:
    found = (
        Notice.objects.filter(recipient=user, channel=Notice.Channel.IN_APP).select_related("recipient").order_by("pk")
    )
    return [
        {"at": notice.created_at, "kind": notice.kind, "subject": subject, "text": paragraphs, "read": notice.read_at}
        for notice in found
        for subject, paragraphs in [notices.render(notice)]
    ]


def _erase_notices(user: User) -> int:
    addresses = [user.email, *EmailAddress.objects.filter(user=user).values_list("email", flat=True)]
    number, _by_table = Notice.objects.filter(Q(recipient=user) | Q(address__in=addresses)).delete()
    return number


def _steps(user: User) -> list[Any]:
    return list(StepTaken.objects.filter(by=user).values("at", "subject_type__model", "subject_id", "step", "reason"))


def _keep(user: User) -> int:
    """Steps stay: they say that somebody took them, without saying who once the account is nobody's."""
    return 0


def contribute_all() -> None:
    """Add the purpose of having an account, and the core's parts."""
    contribute_purpose(
        Purpose(
            ACCOUNT,
            _("Having an account"),
            _("Your name, e-mail addresses, language and means of signing in, as long as you have the account."),
            _("Your account ends, and what it holds is erased."),
        )
    )
    contribute(Part("account", _("Account and sign-in"), _account, _erase_account, _is_staff))
    contribute(Part("notices", _("Notices"), _notices, _erase_notices))
    contribute(Part("steps", _("Steps you took"), _steps, _keep))
