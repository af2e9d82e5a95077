"""What applications hold about the people who wrote them, and what keeps a person from being erased."""

from collections.abc import Iterator
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from firms.services.personal_data import alone_in
from incentives.models import Appeal, Application, Objection, SectionPresence, Snapshot, Visit
from portal.models import User
from portal.models.accounts import NOBODY
from portal.models.consents import ERASED
from portal.personal_data import Part, Text, contribute


def _held(user: User) -> dict[str, Any]:
    objections = Objection.objects.filter(email__iexact=user.email).order_by("pk")
    begun = Application.objects.filter(started_by=user).select_related("organisation", "round__programme")
    return {
        "applications_begun": [
            {
                "number": application.number,
                "organisation": application.organisation.title,
                "programme": application.round.programme.title_en,
                "status": application.status,
            }
            for application in begun.order_by("pk")
        ],
        "submissions": list(
            Snapshot.objects.filter(by=user).order_by("pk").values("application__number", "at", "sha256")
        ),
        "appeals": list(
            Appeal.objects.filter(by=user).order_by("pk").values("application__number", "status", "reasons")
        ),
        "objections": list(objections.values("created_at", "name", "reason", "status")),
        "last_looks": list(Visit.objects.filter(user=user).order_by("pk").values("application__number", "at")),
    }


def _erase(user: User) -> int:
    """Erase who objected and who looked at what; applications are their organisations' and stay."""
    SectionPresence.objects.filter(user=user).delete()
    looks, _by_table = Visit.objects.filter(user=user).delete()
    objections = Objection.objects.filter(email__iexact=user.email)
    return looks + objections.update(name=ERASED, email=f"objector{NOBODY}")


def _signs_alone(user: User) -> Iterator[Text]:
    """Yield each organisation that nobody else could sign for, and whose application or award is under way."""
    sentence = _(
        "Only you can sign for {organisation}, and its application {number} is under way. Let another person become "
        "its signatory (they claim the organisation), or withdraw the application first."
    )
    for membership in alone_in(user):
        live = Application.objects.filter(organisation=membership.organisation_id).exclude(
            status__in=[*Application.ENDED, Application.Status.DRAFT]
        )
        for application in live.order_by("pk"):
            yield format_lazy(sentence, organisation=membership.organisation.title, number=application.number)


def contribute_all() -> None:
    """Add the part of the applications."""
    contribute(Part("applications", _("Applications you wrote"), _held, _erase, _signs_alone))
