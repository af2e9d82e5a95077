"""How long answers usually take, in words, from the figures of the service standard."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from investors.models import Inquiry
from investors.standards import ANSWERED
from portal.standards import FEWEST, Period, Standing, standing
from portal.standards.wording import duration


def usually(topics: Collection[str]) -> dict[str, str]:
    """Return how long an answer usually takes, by topic: its median, or that of all topics where it has too few cases.

    Of the last 365 days; the same figures as on the page of the service standard. At most one query.

    Args:
        topics: of ``Inquiry.Topic``.
    """
    if not topics:
        return {}
    figures = standing(ANSWERED)
    return {topic: _in_words(topic, figures) for topic in topics}


def _in_words(topic: str, figures: Standing) -> str:
    own = figures.parts[topic].year if topic in figures.parts else None
    if own and own.median is not None:
        words = _("Usually answered within %(time)s (half of %(cases)d inquiries on “%(topic)s” in the last 365 days).")
        return words % {**_values(own), "topic": Inquiry.Topic(topic).label}
    if figures.figures.year.median is not None:
        words = _("Usually answered within %(time)s (half of %(cases)d inquiries on all topics in the last 365 days).")
        return words % _values(figures.figures.year)
    words = _("No usual time can be told yet: fewer than %(number)d inquiries were answered in the last 365 days.")
    return words % {"number": FEWEST}


def _values(period: Period) -> dict[str, str | int]:
    return {"time": duration(period.median), "cases": period.cases}
