"""Invented interests: one that waits for its owner, one under an agreement, one that was declined."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from firms.models import Organisation
from investors.interest_lifecycle import INTEREST
from investors.models import Interest, Opportunity
from investors.models.facts import Kind
from investors.models.opportunities import OpportunityQuerySet
from investors.services import interests as services
from portal.clock import SHANGHAI
from portal.models import User

_NAME = "演示投资人 Demonstration investor"


def load_interests(accounts: dict[str, User]) -> None:
    """Let the investor be interested in what the firm and the university show.

    Args:
        accounts: the demonstration's users by name.
    """
    investor, signatory, university = (accounts[name] for name in ("investor", "signatory", "university"))
    offers = {name: list(_shown(accounts[name]).order_by("pk")) for name in ("signatory", "university")}
    if len(offers["signatory"]) > 1:
        _express(investor, offers["signatory"][0], 1)
        declined = _express(investor, offers["signatory"][1], 2)
        services.decline_interest(
            by=signatory, interest=declined, reason="not_now", text="We come back to you next year (invented)."
        )
    technology = next((one for one in offers["university"] if one.kind == Kind.OFFER), None)
    if technology:
        _agree(_express(investor, technology, 3), investor, university)


def _shown(member: User) -> OpportunityQuerySet:
    own = Organisation.objects.with_member(member)
    return Opportunity.objects.published().filter(owner__in=own)


def _express(by: User, opportunity: Opportunity, number: int) -> Interest:
    expression = services.Expression(
        message=(
            "We invest in robots and their parts, and would like to know more about your plans. "
            "我们关注机器人及零部件领域，希望进一步了解贵方计划。（演示虚构 invented）"
        ),
        country="DE",
    )
    return services.express_interest(by=by, opportunity=opportunity, expression=expression, key=UUID(int=700 + number))


def _agree(interest: Interest, investor: User, owner: User) -> None:
    services.accept_interest(by=owner, interest=interest)
    services.sign_agreement(by=investor, interest=interest, name=_NAME)
    services.countersign_agreement(by=owner, interest=interest, name="示例大学 Demonstration University")
    services.write_message(
        by=owner,
        interest=interest,
        text="Thank you. When could we show you the laboratory? (invented)",
        key=UUID(int=710),
    )
    services.add_milestone(
        by=investor,
        interest=interest,
        title="Visit of the laboratory (invented)",
        due_on=timezone.localdate(timezone=SHANGHAI) + timedelta(days=10),
        key=UUID(int=711),
    )
    INTEREST.apply(interest, "negotiate", by=investor)
