"""Yearly confirmations: one given, one missed."""

from datetime import datetime

from firms import profile
from firms.lifecycle import ORGANISATION
from firms.models import Organisation
from firms.registry.normalising import today_in_shanghai
from portal.clock import SHANGHAI
from portal.models import User


def load_confirmations(accounts: dict[str, User], firm: Organisation, university: Organisation) -> None:
    """Confirm one profile, and let the confirmation of the other be overdue.

    Args:
        accounts: the demonstration's users by name.
        firm: the company of ``signatory``.
        university: the one of ``university``; it confirmed in the spring of the year before the last.
    """
    ORGANISATION.apply(firm, "confirm", by=accounts["signatory"], seen=profile.fingerprint(firm))
    year = today_in_shanghai().year - 2
    Organisation.objects.filter(pk=university.pk).update(
        confirmed_at=datetime(year, 4, 10, 10, tzinfo=SHANGHAI),
        confirmed_by=accounts["university"],
        confirm_by=datetime(year + 1, 4, 10, tzinfo=SHANGHAI).date(),
    )
