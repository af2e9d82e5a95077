"""What is known of the demonstration's reviewers; flags and notes beside its applications."""

from datetime import date
from uuid import UUID, uuid5

from firms.demonstration.load import demonstration_firm
from firms.models import Membership
from incentives import services
from incentives.models import Application, Employment, Flag, Programme, ReviewerProfile
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


def write_beside(application: Application, accounts: dict[str, User], *, namespace: UUID) -> None:
    """Link an application to another of its round, write a note about it, and open a flag that waits for somebody.

    Args:
        application: accepted for review.
        accounts: the demonstration's users by name.
        namespace: from which the keys are made, so that they are the same each time.
    """
    other = Application.objects.filter(round=application.round_id, status=Application.Status.SUBMITTED).first()
    if other is not None:  # one who signs for the other may look on here: a shared member
        Membership.objects.create(
            user_id=other.started_by_id, organisation=application.organisation, role=Membership.Role.VIEWER
        )
        services.look_for_flags(application=application, by=accounts["screener"])
    services.write_note(
        application=application,
        by=accounts["screener"],
        text="示例备注：已电话核实联系人。Called the contact to verify (invented).",
        key=uuid5(namespace, "note"),
    )
    services.open_flag(
        application=application,
        by=accounts["screener"],
        kind=Flag.Kind.FUNDING,
        reason="示例：申报材料提到另一项市级资助，请核实是否重复。Another grant is mentioned; check it (invented).",
        key=uuid5(namespace, "flag"),
        owner=accounts["manager"],
    )


def settle_flags(application: Application, *, by: User) -> None:
    """Resolve what the portal found about an application on its way to a decision."""
    for flag in application.flags.filter(status=Flag.Status.OPEN):
        services.resolve_flag(flag=flag, by=by, resolution="示例：已核实，不影响资格。Checked, no obstacle (invented).")
