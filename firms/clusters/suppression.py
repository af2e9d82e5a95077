"""Which numbers of a breakdown may be shown. Pure: it knows nothing of firms.

The rule: a number of 1 to 4 is not shown, and from what is shown, with the total, none of them can be told more
narrowly than "1 to 4". Where the total would tell, other numbers are withheld too, the smallest first; where that is
not enough, the whole breakdown is. 0 is shown: it tells of no firm.
"""

from collections.abc import Hashable, Iterable, Mapping

from firms.charts import FEWER, Value


def protect[K: Hashable](numbers: Mapping[K, int]) -> dict[K, Value]:
    """Return the numbers of a breakdown whose total is known, as far as they may be shown.

    Args:
        numbers: how many firms are in each part; every firm is in one part, and their sum is shown somewhere.
    """
    if 0 < sum(numbers.values()) < FEWER:
        return withhold(numbers)
    few = {key: number for key, number in numbers.items() if 0 < number < FEWER}
    spare = sorted((number, place) for place, number in enumerate(numbers.values()) if number >= FEWER)
    beside: list[int] = []
    total = sum(few.values())
    while few and not _is_safe(total, len(few), len(beside), spare[0][0] if spare else None):
        if not spare:
            return withhold(numbers)
        number, place = spare.pop(0)
        beside.append(place)
        total += number
    return {
        key: Value.few() if key in few else Value.withheld() if place in beside else Value.of(number)
        for place, (key, number) in enumerate(numbers.items())
    }


def withhold[K: Hashable](keys: Iterable[K]) -> dict[K, Value]:
    """Show nothing of a breakdown."""
    return {key: Value.withheld() for key in keys}


def _is_safe(total: int, few: int, beside: int, smallest_shown: int | None) -> bool:
    """Say whether a reader who knows how much is hidden together can tell none of the small numbers more narrowly.

    Args:
        total: the sum of what is hidden, which is the whole less what is shown.
        few: how many hidden numbers are 1 to 4.
        beside: how many others are hidden; each is 5 at least, and at most the smallest that is shown.
        smallest_shown: of those that could have been hidden next.
    """
    can_be_largest = total >= (FEWER - 1) + (few - 1) + FEWER * beside
    if beside and smallest_shown is None:
        return can_be_largest
    most = (smallest_shown or 0) * beside
    can_be_one = total <= 1 + (FEWER - 1) * (few - 1) + most
    return can_be_largest and can_be_one


def total_of(number: int) -> Value:
    """Return a total as far as it may be shown."""
    return Value.few() if 0 < number < FEWER else Value.of(number)
