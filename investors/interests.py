"""What interests contribute to the core: rights, the desk, what is confidential."""

from investors.confidentiality_lifecycle import CONFIDENTIALITY_TEXT
from investors.interest_lifecycle import INTEREST
from investors.milestone_lifecycle import MILESTONE
from investors.models import Interest, InterestAcceptance, InterestMessage, InterestMilestone
from portal import confidential

LIFECYCLES = (INTEREST, MILESTONE, CONFIDENTIALITY_TEXT)
"""Read with this, so that their triggers are known."""


def contribute() -> None:
    """Tell the core all of it."""
    confidential.keep(Interest, InterestAcceptance, InterestMessage, InterestMilestone, notices="investors.interest_")
