"""Published opportunities for tests that commit."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from firms.models import Membership
from investors.models import Opportunity
from investors.services.opportunities import draft_opportunity
from portal.roles import Role
from tests.investors.conftest import CAPITAL, lead, make_organisation, make_user


def published(number: int) -> list[Opportunity]:
    """Make a firm, and so many opportunities of it that the public sees: Robot 1, Robot 2 and so on."""
    firm = make_organisation("Robotics")
    people = SimpleNamespace(signatory=make_user("signatory"), officer=make_user("officer", Role.INVESTMENT))
    Membership.objects.create(user=people.signatory, organisation=firm, role="signatory")
    made = []
    for place in range(1, number + 1):
        words = {f"{name}_{tongue}": "x" for name in ("summary", "text") for tongue in ("en", "zh")}
        words |= {"title_en": f"Robot {place}", "title_zh": f"机器人{place}"}
        values = {**words, **CAPITAL, "expires_on": timezone.localdate() + timedelta(days=100)}
        one = draft_opportunity(by=people.signatory, owner=firm, kind="capital_sought", values=values)
        lead(one, "published", people)
        made.append(one)
    return made
