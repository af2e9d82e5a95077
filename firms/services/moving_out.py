"""Firms that a full export does not name any more: moved out by an officer's decision, never dropped."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from firms.lifecycle import ORGANISATION
from firms.models import ImportLine, Organisation, RegistryImport
from firms.rules import is_registry_officer
from portal import actor
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import User


@transaction.atomic
def move_out_missing(*, by: User, found: RegistryImport, organisations: Collection[int]) -> tuple[int, list[str]]:
    """Record firms that an applied full export does not name as moved out; undoing the import brings them back.

    Args:
        by: a registry officer.
        found: the import.
        organisations: ids of firms among those missing from it; others are passed over.

    Returns:
        How many were recorded, and why others were not, each with its name.

    Raises:
        NotAllowed: ``by`` is no registry officer.
        StepClosed: the import is not applied.
    """
    if not is_registry_officer(by):
        raise NotAllowed(_("Only a registry officer imports the registry."))
    locked = RegistryImport.objects.select_for_update(of=("self",)).get(pk=found.pk)
    if locked.status != RegistryImport.Status.APPLIED:
        raise StepClosed(_("Apply the import first."))
    lines = locked.lines.filter(kind=ImportLine.Kind.MISSING, data__organisation__in=list(organisations))
    wanted = [line.data["organisation"] for line in lines]
    done, refused = 0, []
    with actor.acting(f"user:{by.pk}", locked.request):
        for firm in Organisation.objects.filter(pk__in=wanted).order_by("pk"):
            try:
                with transaction.atomic():
                    ORGANISATION.apply(firm, "move_out", by=by, reason=_reason(locked))
                done += 1
            except StepClosed as closed:
                refused.append(f"{firm.title}: {' '.join(str(reason) for reason in closed.reasons)}")
    return done, refused


def _reason(found: RegistryImport) -> str:
    """Return what history says of it, in both languages."""
    return f"未列入全量名录 Missing from the full export: {found.source} ({found.source_date:%Y-%m-%d})"
