"""Who is at an application: told to the others in a section, and kept for what is new at the next visit."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from incentives.models import Application, SectionPresence, Visit
from portal.models import User


@transaction.atomic
def enter_section(*, application: Application, section: str, by: User) -> list[SectionPresence]:
    """Note that a person has a section open; return who else has, first come first.

    Args:
        application: an open application.
        section: the slug.
        by: the person.
    """
    now = timezone.now()
    there = SectionPresence.objects.filter(application=application, section=section)
    own, made = SectionPresence.objects.get_or_create(
        application=application, section=section, user=by, defaults={"since": now, "seen_at": now}
    )
    if not made:
        since = now if own.seen_at < now - SectionPresence.AWAY_AFTER else own.since
        there.filter(pk=own.pk).update(since=since, seen_at=now)
    others = there.exclude(user=by).filter(seen_at__gte=now - SectionPresence.AWAY_AFTER)
    return list(others.select_related("user").order_by("since", "id"))


@transaction.atomic
def leave_section(*, application: Application, section: str, by: User) -> None:
    """Note that a person has left a section."""
    SectionPresence.objects.filter(application=application, section=section, user=by).delete()


@transaction.atomic
def visit_application(*, application: Application, by: User) -> datetime | None:
    """Note that a person looks at an application; return since when things are new to them, None at the first visit.

    Args:
        application: what is looked at.
        by: who looks.
    """
    now = timezone.now()
    visit, made = Visit.objects.get_or_create(application=application, user=by, defaults={"at": now, "news_since": now})
    if made:
        return None
    since = visit.at if visit.at < now - Visit.GAP else visit.news_since
    Visit.objects.filter(pk=visit.pk).update(at=now, news_since=since)
    return since
