"""Invented interests: one that waits for its owner, one under an agreement, one that was declined."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from firms.models import Organisation
from investors.demonstration.rooms import fill_room
from investors.interest_lifecycle import INTEREST
from investors.models import Interest, Opportunity
from investors.models.facts import Kind
from investors.models.opportunities import OpportunityQuerySet
from investors.services import interests as services
from portal.clock import SHANGHAI
from portal.models import User

ROUND = (
    "We invest in software for customer service, CNY 5 to 15 million at a time, and would like to see your figures of "
    "the last two years. 我们投资客户服务软件，单笔500万至1500万元，希望了解贵方近两年的经营数据。（演示虚构 invented）"
)
SPEECH = (
    "A firm of our portfolio trains small models for dialects and could deliver in six months. "
    "我们投资的一家企业训练方言小模型，可在六个月内交付。（演示虚构 invented）"
)
BLOOD_TEST = (
    "We build up makers of diagnostics and have a partner who sells to 200 hospitals. We would like to license the "
    "test for Europe. 我们培育诊断企业，合作伙伴覆盖两百家医院，有意取得该检测技术在欧洲的许可。（演示虚构 invented）"
)
_NAME = "演示投资人 Demonstration investor"


def load_interests(accounts: dict[str, User]) -> None:
    """Let the investor be interested in what the firm and the university show.

    Args:
        accounts: the demonstration's users by name.
    """
    investor, signatory, university = (accounts[name] for name in ("investor", "signatory", "university"))
    offers = {name: list(_shown(accounts[name]).order_by("pk")) for name in ("signatory", "university")}
    if len(offers["signatory"]) > 1:
        _express(investor, offers["signatory"][0], 1, ROUND)
        declined = _express(investor, offers["signatory"][1], 2, SPEECH)
        services.decline_interest(
            by=signatory, interest=declined, reason="not_now", text="We come back to you next year (invented)."
        )
    technology = next((one for one in offers["university"] if one.kind == Kind.OFFER), None)
    if technology:
        fill_room(technology, university)
        _agree(_express(investor, technology, 3, BLOOD_TEST), investor, university)


def _shown(member: User) -> OpportunityQuerySet:
    own = Organisation.objects.with_member(member)
    return Opportunity.objects.published().filter(owner__in=own)


def _express(by: User, opportunity: Opportunity, number: int, message: str) -> Interest:
    expression = services.Expression(message=message, country="DE")
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
