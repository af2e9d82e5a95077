"""What is promised and what was done: each app contributes its promises, the figures come from the steps taken."""

from portal.standards.figures import FEWEST, Figures, Month, Period, Standing, standing, standings
from portal.standards.promises import Course, Promise, all_promises, contribute

__all__ = [
    "FEWEST",
    "Course",
    "Figures",
    "Month",
    "Period",
    "Promise",
    "Standing",
    "all_promises",
    "contribute",
    "standing",
    "standings",
]
