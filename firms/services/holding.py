"""Keeping an organisation where it is while something is written for it."""

from django.utils.translation import gettext as _

from firms.models import Organisation
from portal.lifecycle import StepClosed


def hold(*, organisation: Organisation) -> Organisation:
    """Keep an organisation from being merged into another until the transaction ends, and return it as it is now.

    Raises:
        StepClosed: it was merged just now.
    """
    locked = Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=organisation.pk)
    if locked.is_merged:
        raise StepClosed(_("The organisation was merged into another just now. Open the page again."))
    return locked
