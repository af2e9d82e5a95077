"""Twenty profiles and what must rank above what for each, written by hand before the engine that they grade.

Every case names somebody who looks for something, three listings that a person who knows both sides would recommend,
and three near misses: fits as good, with exactly one criterion off. An engine is right about a case when each of the
three stands above each of the near misses. What a profile leaves out it does not ask for; what a listing leaves out is
not known. Everything is invented. Dates are read on ``GRADED_ON``.
"""

from tests.investors.match_grading.cases import GRADED_ON, Case
from tests.investors.match_grading.domestic_capital import DOMESTIC_CAPITAL
from tests.investors.match_grading.foreign_capital import FOREIGN_CAPITAL
from tests.investors.match_grading.needs import DIGITAL, NEEDS
from tests.investors.match_grading.premises import PREMISES
from tests.investors.match_grading.technology import TECHNOLOGY

CASES: tuple[Case, ...] = (*DOMESTIC_CAPITAL, *FOREIGN_CAPITAL, *TECHNOLOGY, *NEEDS, *DIGITAL, *PREMISES)

__all__ = ["CASES", "GRADED_ON", "Case"]
