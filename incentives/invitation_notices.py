"""What firms are told that seem to qualify."""

from collections.abc import Iterable, Mapping
from typing import Any

from firms.models import Membership
from incentives.facts import pair_of
from portal.local_form import day
from portal.models import User
from portal.notices import Message, both


class Invited(Message):
    """A firm seems to qualify for a round that is open."""

    kind = "incentives.invited"

    def recipients(self, change: Any) -> Iterable[User]:
        """Return those who sign for the firm."""
        signing = Membership.objects.active().filter(
            organisation=change.organisation_id, role=Membership.Role.SIGNATORY
        )
        return [membership.user for membership in signing.select_related("user")]

    def context(self, change: Any) -> Mapping[str, Any]:
        """Return what the message says."""
        firm = change.organisation
        return {
            "organisation": {
                "en": firm.name_en or firm.name_pinyin or firm.name_zh,
                "zh": firm.name_zh or firm.name_en,
            },
            "programme": both(change.round.programme, "title"),
            "round": both(change.round, "title"),
            "due": pair_of(day, change.round.closes_at),
        }

    def page(self, change: Any) -> tuple[str, dict[str, Any]]:
        """Return the page it opens: the programme, with the check of the firm and the button to apply."""
        return "incentives:programme", {"slug": change.round.programme.slug}

    def event(self, change: Any) -> str:
        """Tell each person of a firm once for a round."""
        return f"{self.kind}:{change.round_id}:{change.organisation_id}"
