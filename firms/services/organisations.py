"""Organisations that register themselves or are written by staff."""

from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from firms import naming
from firms.models import Membership, Organisation
from firms.models.organisations import SELF_REGISTERED
from firms.notices import OrganisationRegistered
from firms.services import clusters, names, search_entries
from firms.services.duplicates import ask_for_search
from portal.lifecycle import StepClosed
from portal.models import User

MOST_OPEN_REGISTRATIONS = 5
"""How many organisations one person may have waiting to be verified."""


@transaction.atomic
def register_organisation(*, by: User, organisation: Organisation) -> Organisation:
    """Save an incoming organisation with its first signatory, unlisted until verified.

    Args:
        by: who registers it, and acts for it from now on.
        organisation: not saved yet; its names and codes are put right here.

    Raises:
        StepClosed: its code or number is in the registry already, the same person registered it, or too many wait.
    """
    User.objects.select_for_update().get(pk=by.pk)
    waiting = Organisation.objects.with_member(by).filter(status=Organisation.Status.INCOMING)
    if waiting.count() >= MOST_OPEN_REGISTRATIONS:
        raise StepClosed(_("Several of your organisations wait to be verified. Please wait for them first."))
    _put_names_right(organisation)
    if waiting.filter(name_zh=organisation.name_zh, name_en=organisation.name_en).exists():
        raise StepClosed(_("You have registered this organisation already."))
    organisation.status = Organisation.Status.INCOMING
    organisation.source = SELF_REGISTERED
    try:
        with transaction.atomic():
            save_organisation(organisation=organisation)
    except IntegrityError as error:
        raise StepClosed(_("An organisation with this code or number is registered already: claim it.")) from error
    Membership.objects.create(user=by, organisation=organisation, role=Membership.Role.SIGNATORY)
    OrganisationRegistered().tell(organisation)
    return organisation


@transaction.atomic
def save_organisation(*, organisation: Organisation) -> None:
    """Save an organisation with everything that follows from its names, codes, industry and scope.

    The address on the site is made once and stays.
    """
    _put_names_right(organisation)
    code = organisation.uscc or organisation.foreign_number or uuid4().hex[:10]
    derived = names.derive([(code, organisation.name_zh, organisation.name_en)])[0]
    organisation.name_pinyin = derived.name_pinyin
    organisation.slug = organisation.slug or derived.slug
    organisation.save()
    clusters.apply_rules(organisations=[organisation.pk])
    search_entries.write_search_entries(organisations=[organisation.pk])
    ask_for_search()


def _put_names_right(organisation: Organisation) -> None:
    organisation.name_zh = naming.clean_chinese(organisation.name_zh)
    organisation.name_en = naming.clean(organisation.name_en)
