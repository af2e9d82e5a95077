"""Merging two entries of one organisation: everything of the one goes to the other, in one transaction."""

import time
from collections.abc import Callable, Collection
from hashlib import sha256
from typing import Any

from django.db import DatabaseError, OperationalError, connection, transaction
from django.utils.translation import gettext as _
from psycopg.errors import LockNotAvailable

from firms import confirming, merging, profile
from firms.duplicate_lifecycle import DUPLICATE
from firms.lifecycle import ORGANISATION
from firms.models import PROPOSABLE, Duplicate, Organisation, SearchEntry
from firms.rules import settles_duplicate
from firms.services import clusters, imports
from firms.services.certificates import set_clock
from firms.services.edits import Stale
from firms.services.organisations import save_organisation
from portal.lifecycle import SYSTEM, NotAllowed, StepClosed
from portal.models import Document, User

IDENTITY = ("name_zh", "uscc", "foreign_number")
"""What an officer may take from the one that goes beside what members may propose; a number goes with its country."""

FIELDS = (*IDENTITY, *PROPOSABLE, "telephone")

_TRIES, _PAUSE_SECONDS = 30, 0.1


def shown_state(*organisations: Organisation) -> str:
    """Return what a page that compares organisations carries, to tell at the merge whether it showed the present."""
    parts = [f"{one.pk}:{one.status}:{one.kind}:{one.country}:{one.foreign_number}" for one in organisations]
    text = "|".join([*sorted(parts), *sorted(profile.fingerprint(one) for one in organisations)])
    return sha256(text.encode()).hexdigest()[:16]


def suggested(survivor: Organisation, going: Organisation) -> list[str]:
    """Return the fields that the survivor should take: those in which it has nothing and the other has something."""
    return [name for name in FIELDS if not profile.published(survivor, name) and profile.published(going, name)]


def likely_survivor(first: Organisation, second: Organisation) -> Organisation:
    """Return the one of two that should stay: the listed one, that with a code, that with more members, the older."""

    def standing(one: Organisation) -> tuple[bool, bool, bool, int, int]:
        is_listed = one.status == Organisation.Status.LISTED
        return is_listed, bool(one.uscc), not one.is_self_registered, one.members.count(), -one.pk

    return max((first, second), key=standing)


@transaction.atomic
def merge_organisations(
    *, by: User, duplicate: Duplicate, survivor: Organisation, take: Collection[str], reason: str, seen: str
) -> Organisation:
    """Merge the two organisations of a pair into one of them; members of both are told.

    Every row that names the one that goes names the survivor from now on, of whatever app. What is append-only and the
    steps taken stay where they are: pages of the survivor show those of its predecessors. The merged entry keeps its
    names, its address on the site, which leads to the survivor, and the code that the survivor did not take.

    Args:
        by: a registry officer who is a member of neither.
        duplicate: the pair, to be checked.
        survivor: the one of the two that stays.
        take: fields of ``FIELDS`` whose value comes from the one that goes.
        reason: why the two are one.
        seen: ``shown_state`` of both when the page was opened.

    Returns:
        The survivor.

    Raises:
        NotAllowed: ``by`` decides about neither.
        Stale: one of the two has changed since the page was opened.
        StepClosed: something is to be settled first, somebody is working on one of the two, or there is no reason.
    """
    survivor, going = _lock(survivor.pk, *({duplicate.first_id, duplicate.second_id} - {survivor.pk}))
    pair = Duplicate.objects.select_for_update(of=("self",)).select_related("first", "second").get(pk=duplicate.pk)
    if {survivor.pk, going.pk} != {pair.first_id, pair.second_id}:
        raise StepClosed(_("Choose one of the two."))
    if not settles_duplicate(by, pair):
        raise NotAllowed(_("You may not take this step."))
    if survivor.is_merged or going.is_merged or pair.status != Duplicate.Status.OPEN:
        raise StepClosed(_("Someone was quicker: the pair is decided already."))
    if seen != shown_state(survivor, going):
        raise Stale(_("One of the two was changed since you opened the page. Please look again."))
    if stopping := [finding.text for finding in merging.findings(survivor, going) if finding.stops]:
        raise StepClosed(*stopping)
    _refusing(lambda: _take_values(survivor, going, take))
    ORGANISATION.apply(going, "merge", by=by, reason=reason, survivor=survivor.pk)
    _refusing(lambda: _bring(survivor, going))
    save_organisation(organisation=survivor)
    confirming.take_up(survivor.pk)
    for certificate in survivor.certificates.all():
        set_clock(certificate=certificate)
    DUPLICATE.apply(pair, "merge", by=by, reason=reason)
    for other in Duplicate.objects.waiting().naming(going):
        DUPLICATE.apply(other, "lapse", by=SYSTEM)
    survivor.refresh_from_db()
    return survivor


def _lock(*keys: int) -> tuple[Organisation, Organisation]:
    """Lock two organisations, always in one order, and all that follows them; wait for nobody while holding any of it.

    Others lock an application or a claim first and its organisation then: a merge that waited for one of them, holding
    the other, would be a deadlock. So it lets everything go and tries again, for some seconds.

    Returns:
        The two, in the order asked for.

    Raises:
        StepClosed: somebody works on one of them for that long, or an import or a cluster's filling is running.
    """
    for _try in range(_TRIES):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_try_advisory_xact_lock(%s) AND pg_try_advisory_xact_lock_shared(%s)",
                    [imports._LOCK, clusters._LOCK],
                )
                if cursor.fetchone()[0]:
                    found = Organisation.objects.select_for_update(of=("self",), nowait=True)
                    pair = {one.pk: one for one in found.filter(pk__in=keys).order_by("pk")}
                    rows = [link.rows(*pair.values()) for link in merging.following()]
                    for queryset in (*rows, *(Document.objects.about(one) for one in pair.values())):
                        list(queryset.order_by("pk").select_for_update(of=("self",), nowait=True).values_list("pk"))
                    return pair[keys[0]], pair[keys[1]]
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
        time.sleep(_PAUSE_SECONDS)
    raise StepClosed(
        _("Someone is just working on one of the two, or the registry is being imported. Try again in a moment.")
    )


def _refusing(write: Callable[[], None]) -> None:
    """Write; where the database refuses, say so.

    Raises:
        StepClosed: a rule of the database that no check knew stands in the way.
    """
    try:
        with transaction.atomic():
            write()
    except DatabaseError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        table = getattr(diagnosis, "table_name", None) or getattr(diagnosis, "constraint_name", None) or "?"
        raise StepClosed(_("The registry's rules refuse this merge (%(table)s).") % {"table": table}) from error


def _take_values(survivor: Organisation, going: Organisation, take: Collection[str]) -> None:
    """Give the survivor the chosen values; codes that may exist once change places, so that none is forgotten."""
    changed: dict[str, Any] = {}
    for name in (name for name in FIELDS if name in take):
        column = "subdistrict_id" if name == "subdistrict" else name
        if name in {"uscc", "foreign_number"}:
            changed[name] = getattr(survivor, name)
        if name == "foreign_number":
            changed["country"] = survivor.country
            survivor.country = going.country
        setattr(survivor, column, getattr(going, column))
    if changed:
        Organisation.objects.filter(pk=going.pk).update(
            **{name: None if name == "uscc" else "" for name in changed if name != "country"}
        )
    survivor.save()
    if changed:
        Organisation.objects.filter(pk=going.pk).update(**changed)


def _bring(survivor: Organisation, going: Organisation) -> None:
    """Let everything that names the one that goes name the survivor; what may exist once becomes one row."""
    for link in merging.following():
        for clash in link.clashes(survivor, going):
            merging.fold(clash)
        link.rows(going).update(**{link.field.name: survivor})
    Document.objects.about(going).update(subject_id=survivor.pk)
    SearchEntry.objects.filter(organisation=going).delete()
