"""Live counts of what is found, and of what each choice would find."""

from dataclasses import replace

from firms.search import counting
from firms.search.counting import Counts
from investors.directory.choices import AVAILABLE, months
from investors.directory.criteria import Criteria


def count(criteria: Criteria) -> Counts:
    """Count what is found and what each choice would find; premises by when they become free."""
    counts = counting.count(criteria)
    free = {f"available:{value}": sum(counts.numbers.get(month, 0) for month in months(value)) for value in AVAILABLE}
    return replace(counts, numbers=counts.numbers | free)
