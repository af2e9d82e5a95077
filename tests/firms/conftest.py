"""People and organisations that tests of firms share."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db.models import F

from firms.models import Membership, Organisation
from firms.services.organisations import save_organisation
from portal import work
from portal.models import Deadline, StepTaken, User
from portal.roles import Role

type MakeFirm = Callable[..., Organisation]
type MakeUser = Callable[..., User]


@pytest.fixture
def make_firm(db: None) -> MakeFirm:
    """Return a function that saves a listed firm."""

    def make(name_zh: str = "上海示例软件有限公司", **fields: object) -> Organisation:
        values: dict[str, object] = {"status": "listed", "source": "test", "industry_code": "6513"}
        organisation = Organisation(name_zh=name_zh, **(values | fields))
        save_organisation(organisation=organisation)
        return organisation

    return make


@pytest.fixture
def make_user(db: None) -> MakeUser:
    """Return a function that saves a user, with staff roles or as a member of an organisation."""

    def make(name: str, *roles: Role, member_of: Organisation | None = None, role: str = "signatory") -> User:
        user = User.objects.create_user(f"{name}@demo.example", "a long password", name=name, is_staff=bool(roles))
        user.groups.set(Group.objects.filter(name__in=roles))
        if member_of:
            Membership.objects.create(user=user, organisation=member_of, role=role)
        return user

    return make


@pytest.fixture
def run_on(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], list[str]]:
    """Return a function that lets the sweep run at noon of a day and gives the steps it took."""

    def run(day: date) -> list[str]:
        moment = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
        before = set(StepTaken.objects.values_list("pk", flat=True))
        with time_machine.travel(moment, tick=False):
            # PostgreSQL's clock cannot travel: what is due by then is due now.
            Deadline.objects.open().filter(next_try_at__lte=moment).update(
                next_try_at=F("due_at") - timedelta(days=1500)
            )
            Deadline.objects.open().filter(next_try_at__gt=moment).update(next_try_at=datetime(2100, 1, 1, tzinfo=UTC))
            work.run("deadlines")
        Deadline.objects.open().filter(next_try_at__year=2100).update(
            next_try_at=datetime(2026, 3, 4, 2, tzinfo=UTC)
        )  # looked at again
        return list(StepTaken.objects.exclude(pk__in=before).order_by("pk").values_list("step", flat=True))

    return run
