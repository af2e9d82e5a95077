"""An application read to be written: with all that saving a section asks for, in statements put together once."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet

from firms.models import Membership
from incentives import rules
from incentives.models import Application, SectionAnswers, content_of
from portal.models import User
from portal.statements import Once, in_turn
from portal.together import as_prefetched


def _own(user: int, uid: UUID) -> QuerySet[Any]:  # of applications with two columns more
    memberships = Membership.objects.filter(user=user, is_active=True)
    found = Application.objects.filter(organisation__in=memberships.values("organisation"), uid=uid).order_by()
    return found.annotate(
        is_written=Exists(rules.writing(user).filter(organisation=OuterRef("organisation"))),
        sha256=F("programme_version__sha256"),
    )


_VALUES = {"user": -1, "uid": UUID(int=0)}
_read = Once(_own, **_VALUES)
_locked = Once(lambda user, uid: _own(user, uid).select_for_update(of=("self",)), **_VALUES)
_answers = Once(lambda uid: SectionAnswers.objects.filter(application__uid=uid), uid=UUID(int=0))


def own_application(user: User, uid: UUID, *, lock: bool) -> Application:
    """Return an application of the user's organisations with its answers, what it asks, and whether the user writes it.

    The answers are read after the lock: in the same statement they would be those of before it waited.

    Args:
        user: who asks.
        uid: of the application.
        lock: whether nobody else may change it until the transaction ends.

    Raises:
        Application.DoesNotExist: it is none of theirs.
    """
    found, answers = in_turn(
        (_locked if lock else _read, {"user": user.pk, "uid": uid}),
        (_answers, {"uid": uid}),
    )
    if not found:
        raise Application.DoesNotExist
    application: Application = found[0]
    application.__dict__["_writers"] = {user.pk: user.is_active and application.is_written}  # type: ignore[attr-defined]
    application.content = content_of(application.programme_version_id, application.sha256)  # type: ignore[attr-defined]
    as_prefetched(application, answers=answers)
    return application
