"""What is known of the demonstration's reviewers: expertise, and employers that keep them from some reviews."""

from datetime import date

from firms.demonstration.load import demonstration_firm
from incentives.models import Employment, Programme, ReviewerProfile
from portal.models import User

GRANT, RENT, INTEREST = Programme.Instrument.GRANT, Programme.Instrument.RENT, Programme.Instrument.INTEREST

_KNOWN: dict[str, tuple[list[str], list[str]]] = {
    "reviewer1": (["ai-internet-digital-content"], [GRANT, INTEREST]),
    "reviewer2": ([], [GRANT, RENT, INTEREST]),
    "reviewer3": ([], [RENT]),
}
"""Clusters and instruments that each knows."""


def make_profiles(accounts: dict[str, User]) -> None:
    """Say what each reviewer knows, and whom they work or worked for."""
    for name, (clusters, instruments) in _KNOWN.items():
        ReviewerProfile.objects.create(user=accounts[name], clusters=clusters, instruments=instruments)
    of = {profile.user: profile for profile in ReviewerProfile.objects.select_related("user")}
    Employment.objects.create(
        profile=of[accounts["reviewer1"]], name="示例大学 Demonstration University", since=date(2015, 9, 1)
    )
    Employment.objects.create(
        profile=of[accounts["reviewer3"]],
        organisation=demonstration_firm(),
        since=date(2019, 3, 1),
        until=date(2022, 6, 30),
    )
