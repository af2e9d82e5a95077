"""The clock of claims: promised to the claimant, called to mind, told to the head when it is missed."""

from datetime import timedelta
from unittest import mock

import pytest
from django.test import Client
from django.utils import timezone

from firms.lifecycle import CLAIM
from firms.models import Claim
from firms.services.claims import PROMISED_WORKING_DAYS, set_missing_clocks, submit_claim
from portal import clock
from portal.contributions import take_step
from portal.lifecycle import StepClosed
from portal.local_form import day
from portal.models import Deadline, Notice
from portal.roles import Role
from tests.firms.conftest import MakeFirm, MakeUser
from tests.firms.test_claims import letter


@pytest.fixture
def claim(make_firm: MakeFirm, make_user: MakeUser) -> Claim:
    make_user("registry", Role.REGISTRY)
    make_user("head", Role.HEAD)
    return submit_claim(by=make_user("claimant"), organisation=make_firm(), position="director", letter=letter())


def told(kind: str) -> list[str]:
    found = Notice.objects.filter(kind=f"firms.{kind}", channel="in_app").order_by("recipient__email")
    return [str(email).partition("@")[0] for email in found.values_list("recipient__email", flat=True)]


def test_claim_has_its_promise_and_the_claimant_reads_it(claim: Claim) -> None:
    due = Deadline.objects.about(claim).get(step="escalate").due_at
    client = Client()
    client.force_login(claim.claimant)

    pages = [client.get(f"/en/desk/{path}").content.decode() for path in ("", "organisation/")]

    assert due == clock.after_working_days(timezone.now(), PROMISED_WORKING_DAYS).at
    assert [day(due) in page for page in pages] == [True, True]


def test_officers_are_reminded_and_the_head_hears_of_a_late_claim(claim: Claim) -> None:
    heard = {}
    for step, kind in (("remind", "claim_due_soon"), ("escalate", "claim_overdue")):
        deadline = Deadline.objects.about(claim).get(step=step)
        with mock.patch.object(timezone, "now", return_value=deadline.due_at + timedelta(minutes=1)):
            take_step(deadline)
        heard[kind] = told(kind)

    assert heard == {"claim_due_soon": ["registry"], "claim_overdue": ["head", "registry"]}


def test_escalation_waits_for_the_promised_day_and_a_decision_ends_the_clock(claim: Claim) -> None:
    with pytest.raises(StepClosed, match="not due yet"):
        CLAIM.apply(claim, "escalate", by=None)

    CLAIM.apply(claim, "withdraw", by=claim.claimant)

    assert not Deadline.objects.about(claim).filter(done_at=None).exists()


def test_claims_older_than_the_promise_get_a_clock_once(claim: Claim) -> None:
    Deadline.objects.about(claim).delete()

    assert [set_missing_clocks(), set_missing_clocks()] == [1, 0]
    assert sorted(Deadline.objects.about(claim).values_list("step", flat=True)) == ["escalate", "remind"]
