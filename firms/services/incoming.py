"""Organisations that are moving in: their code, once they have one, and their listing once the registry names them."""

from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from firms.lifecycle import ORGANISATION
from firms.models import Organisation
from firms.profile_notices import CodeGiven
from firms.rules import is_signatory
from firms.services.organisations import save_organisation
from portal.lifecycle import SYSTEM, NotAllowed, StepClosed
from portal.models import User


def list_named_by_registry(*, codes: Iterable[str], source: str, source_date: date) -> set[int]:
    """List the organisations that registered themselves and that the registry names, which is their source now.

    One that an officer took off the list stays off it.

    Args:
        codes: the codes that the registry's file names.
        source: how pages name the file.
        source_date: the day of the file.

    Returns:
        The ids of those listed.
    """
    listed = set()
    for organisation in Organisation.objects.moving_in().filter(uscc__in=codes):
        Organisation.objects.filter(pk=organisation.pk).update(source=source, source_date=source_date)
        ORGANISATION.apply(organisation, "list", by=SYSTEM)
        listed.add(organisation.pk)
    return listed


@transaction.atomic
def give_code(*, by: User, organisation: Organisation, uscc: str) -> None:
    """Give the code of an organisation that registered itself without one; an officer verifies it before it is listed.

    Args:
        by: a signatory.
        organisation: one that is moving in.
        uscc: a valid code.

    Raises:
        NotAllowed: ``by`` is no signatory of it.
        StepClosed: it has a code already, is not moving in, or another organisation has this code.
    """
    locked = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if not is_signatory(by, locked):
        raise NotAllowed(_("Only a signatory gives the code."))
    if locked.uscc or not locked.is_moving_in:
        raise StepClosed(_("The code follows the registry: ask the registry officer to correct it."))
    locked.uscc = uscc
    try:
        with transaction.atomic():
            save_organisation(organisation=locked)
    except IntegrityError as error:
        raise StepClosed(_("Another organisation of the registry has this code: claim it instead.")) from error
    CodeGiven().tell(locked)
