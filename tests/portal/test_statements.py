"""A query put together once answers as one that is put together each time."""

from typing import Any

from django.db.models import F

from portal.models import User
from portal.statements import Once, in_turn

_named = Once(lambda name: User.objects.filter(name=name).annotate(known_as=F("email")), name="\N{BULLET}")
_joined = Once(lambda pk: User.objects.filter(pk=pk), pk=-1)


def test_only_its_values_change_from_one_time_to_the_next(db: None, django_assert_num_queries: Any) -> None:
    one, two = (User.objects.create_user(f"{name}@demo.example", name=name) for name in ("one", "two"))

    with django_assert_num_queries(2):
        first, other = (in_turn((_named, {"name": n}), (_joined, {"pk": p})) for n, p in (("one", two.pk), ("two", 0)))

    assert (first, other) == ([[one], [two]], [[two], []])
    assert (first[0][0].known_as, first[1][0].date_joined) == ("one@demo.example", two.date_joined)
