"""Consents and their withdrawal; what is withdrawn is erased by a worker."""

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from portal import personal_data, roles, work
from portal.lifecycle import StepClosed
from portal.models import Consent, Erasure, User
from portal.personal_data import ACCOUNT

QUEUE = "erasures"

VERSION = "2026-11"
"""Of the privacy page: to be raised with every change of what it says about purposes."""


def give_consent(*, by: User, purpose: str) -> None:
    """Keep that a person agreed to a purpose, as the privacy page words it now; a second time changes nothing."""
    Consent.objects.get_or_create(user=by, purpose=purpose, version=VERSION, withdrawn_at=None)


@transaction.atomic
def withdraw_consent(*, by: User, purpose: str) -> Erasure:
    """Withdraw the consent to a purpose, and have erased what is held for it; that of the account ends the account.

    Whoever has their account erased is signed out everywhere by its end; a worker does the rest.

    Args:
        by: the person.
        purpose: the name of a purpose.

    Returns:
        The order; the same one where it was asked for already.

    Raises:
        StepClosed: something has to be settled first; the reasons say what, and how.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if purpose == ACCOUNT:
        _end_account(person)
    consents = Consent.objects.filter(user=person, withdrawn_at=None)
    if purpose != ACCOUNT:
        consents = consents.filter(purpose=purpose)
    consents.update(withdrawn_at=Now())
    order, _is_new = Erasure.objects.get_or_create(user=person, purpose=purpose, done_at=None)
    work.wake(QUEUE)
    return order


def _end_account(person: User) -> None:
    if person.erased_at or not person.is_active:
        raise StepClosed(_("This account has ended already."))
    if reasons := personal_data.hindrances(person):
        raise StepClosed(*reasons)
    person.is_active = False
    person.save(update_fields=["is_active"])
    roles.changed(person)


def carry_out(order: Erasure) -> None:
    """Erase what was ordered: the worker's part."""
    order.erased = personal_data.erase(order.user, order.purpose)
    order.save(update_fields=["erased"])


work.register(work.Queue(QUEUE, Erasure.objects.all, carry_out))
