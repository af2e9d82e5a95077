"""Who acts for an organisation: its signatory adds editors and ends memberships."""

from django.db import transaction
from django.utils.translation import gettext as _

from firms.models import Membership, Organisation
from firms.notices import MemberAdded
from firms.rules import is_signatory
from firms.services.holding import hold
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import User


@transaction.atomic
def add_editor(*, by: User, organisation: Organisation, email: str) -> None:
    """Make the person with this address an editor, and tell them.

    Nothing says whether there is such an account: the caller shows the same words either way.

    Raises:
        NotAllowed: ``by`` is no signatory of the organisation.
        StepClosed: it was merged into another just now.
    """
    if not is_signatory(by, hold(organisation=organisation)):
        raise NotAllowed(_("Only a signatory adds members."))
    user = User.objects.filter(email=email.strip().lower(), is_active=True, is_staff=False).first()
    if user is None:
        return
    membership, is_new = Membership.objects.get_or_create(
        user=user, organisation=organisation, defaults={"role": Membership.Role.EDITOR}
    )
    if not is_new and not membership.is_active:
        membership.is_active, membership.role = True, Membership.Role.EDITOR
        membership.save(update_fields=["is_active", "role"])
        is_new = True
    if is_new:
        MemberAdded().tell(membership)


@transaction.atomic
def end_membership(*, by: User, membership: Membership) -> None:
    """End a membership; the last signatory stays.

    Raises:
        NotAllowed: ``by`` is no signatory of the organisation.
        StepClosed: nobody else could sign for it.
    """
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=membership.organisation_id)
    if not is_signatory(by, organisation):
        raise NotAllowed(_("Only a signatory ends memberships."))
    others = Membership.objects.active().filter(organisation=organisation, role=Membership.Role.SIGNATORY)
    if not others.exclude(pk=membership.pk).exists():
        raise StepClosed(_("The organisation needs a signatory: add another one first."))
    membership.is_active = False
    membership.save(update_fields=["is_active"])
