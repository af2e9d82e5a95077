"""What happens to an interest at the same moment: one acceptance, one conclusion, no room when it is revoked."""

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from firms.models import Membership
from investors.interest_lifecycle import INTEREST
from investors.lifecycle import OPPORTUNITY
from investors.models import Interest, InterestAcceptance
from investors.services import interests as services
from investors.services.opportunities import draft_opportunity
from portal.database import as_owner
from portal.models import StepTaken
from portal.roles import Role
from tests.investors.conftest import CAPITAL, make_organisation, make_user
from tests.investors.interested import contract, express, lead, today
from tests.racing import at_once, meeting

type Lead = Callable[[str], Interest]


@pytest.fixture
def cast(committed_db: str) -> SimpleNamespace:
    """Return a firm with two signatories, its published opportunity, and an investor with a colleague in a fund."""
    with transaction.atomic():
        officer = make_user("officer", Role.INVESTMENT)
        people = {name: make_user(name) for name in ("signatory", "second", "investor", "colleague")}
        firm, fund = make_organisation("Robotics"), make_organisation("Fund")
        for name, organisation in (("signatory", firm), ("second", firm), ("investor", fund), ("colleague", fund)):
            Membership.objects.create(user=people[name], organisation=organisation, role="signatory")
        values = {"title_en": "Capital", "summary_en": "s", "text_en": "t", "title_zh": "融资", "summary_zh": "s",
                  "text_zh": "t", "expires_on": today().replace(month=12, day=31), **CAPITAL}  # fmt: skip
        opportunity = draft_opportunity(by=people["signatory"], owner=firm, kind="capital_sought", values=dict(values))
        OPPORTUNITY.apply(opportunity, "submit", by=people["signatory"])
        OPPORTUNITY.apply(opportunity, "publish", by=officer)
    return SimpleNamespace(opportunity=opportunity, fund=fund, **people)


def _led(cast: SimpleNamespace, status: str) -> Interest:
    with transaction.atomic():
        return lead(express(cast.investor, cast.opportunity, cast.fund), status, cast.signatory, cast.investor)


def test_two_signatories_countersign_at_once_and_one_does(cast: SimpleNamespace) -> None:
    interest = _led(cast, "signed")

    endings = at_once(
        *(
            partial(services.countersign_agreement, by=one, interest=interest, name="N")
            for one in (cast.signatory, cast.second)
        )
    )

    interest.refresh_from_db()
    assert endings == ["closed", "done"]
    assert interest.status == "confidential"
    assert sorted(InterestAcceptance.objects.values_list("side", flat=True)) == ["owner", "person"]


def test_twin_without_the_key_both_acceptances_stand(cast: SimpleNamespace) -> None:
    interest = _led(cast, "signed")
    text = interest.agreement_text
    assert text

    @transaction.atomic
    def accept(by: Any) -> None:
        InterestAcceptance.objects.create(
            interest=interest, side="owner", text=text, text_sha256=text.sha256, signed_by=by, name="N"
        )

    calls = [partial(accept, one) for one in (cast.signatory, cast.second)]
    refused = at_once(*calls, refusals={IntegrityError: "refused"})
    with as_owner(), connection.cursor() as owner:
        owner.execute("ALTER TABLE investors_interestacceptance DROP CONSTRAINT acceptance_once_per_side")
        owner.execute("ALTER TABLE investors_interestacceptance DROP CONSTRAINT acceptance_by_two_people")
    unguarded = at_once(*calls)

    assert (refused, unguarded) == (["done", "refused"], ["done", "done"])
    assert InterestAcceptance.objects.filter(side="owner").count() == 3


def test_concluding_twice_at_once_is_one_conclusion(cast: SimpleNamespace) -> None:
    interest = _led(cast, "negotiating")

    endings = at_once(
        *(
            partial(services.conclude_interest, by=cast.signatory, interest=interest, contract=contract(match=True))
            for _number in range(3)
        )
    )

    cast.opportunity.refresh_from_db()
    assert endings == ["closed", "closed", "done"]
    assert StepTaken.objects.about(interest).filter(step="conclude").count() == 1
    assert cast.opportunity.status == "matched"


def test_room_is_closed_whichever_of_opening_and_revoking_comes_first(cast: SimpleNamespace) -> None:
    interest = _led(cast, "confidential")

    endings = at_once(
        partial(INTEREST.apply, interest, "open_room", by=cast.signatory),
        partial(INTEREST.apply, interest, "revoke", by=cast.second),
    )

    interest.refresh_from_db()
    assert endings in (["done", "done"], ["closed", "done"])
    assert interest.access_revoked_at is not None
    assert interest.room_opened_at is None
    assert not Interest.objects.opening_confidential(cast.investor).exists()


@transaction.atomic
def _open_from_what_was_read(interest: Interest, barrier: Any) -> None:
    seen = Interest.objects.get(pk=interest.pk)
    barrier.wait()
    if seen.access_revoked_at is None:
        Interest.objects.filter(pk=interest.pk).update(room_opened_at=seen.agreed_at)


@transaction.atomic
def _revoke_from_what_was_read(interest: Interest, barrier: Any) -> None:
    seen = Interest.objects.get(pk=interest.pk)
    barrier.wait()
    Interest.objects.filter(pk=interest.pk).update(access_revoked_at=seen.agreed_at)


def test_twin_without_the_check_a_revoked_room_stands_open(cast: SimpleNamespace) -> None:
    interest = _led(cast, "confidential")

    def race() -> list[str]:
        barrier = meeting(2)
        calls = [partial(work, interest, barrier) for work in (_open_from_what_was_read, _revoke_from_what_was_read)]
        return at_once(*calls, refusals={IntegrityError: "refused"})

    guarded = race()
    with transaction.atomic():
        Interest.objects.update(access_revoked_at=None, room_opened_at=None)
    with as_owner(), connection.cursor() as owner:
        owner.execute("ALTER TABLE investors_interest DROP CONSTRAINT interest_no_room_when_revoked")
    unguarded = race()

    interest.refresh_from_db()
    assert (guarded, unguarded) == (["done", "refused"], ["done", "done"])
    assert interest.room_opened_at
    assert interest.access_revoked_at


def test_two_of_one_organisation_express_interest_at_once_and_one_does(cast: SimpleNamespace) -> None:
    calls = [partial(express, by, cast.opportunity, cast.fund) for by in (cast.investor, cast.colleague)]

    endings = at_once(*calls)

    assert endings == ["closed", "done"]
    assert Interest.objects.count() == 1


def test_twin_without_the_key_one_organisation_is_interested_twice(cast: SimpleNamespace) -> None:
    interest = _led(cast, "expressed")

    @transaction.atomic
    def again(by: Any) -> None:
        values = {"opportunity": cast.opportunity, "organisation": cast.fund, "country": "DE", "message": "m"}
        Interest.objects.create(reference=f"INT-2026-{by.pk + 900000}", person=by, **values, idempotency_key=uuid4())

    refused = at_once(partial(again, cast.colleague), refusals={IntegrityError: "refused"})
    with as_owner(), connection.cursor() as owner:
        owner.execute("DROP INDEX interest_one_live_per_organisation")

    assert refused == ["refused"]
    assert at_once(partial(again, cast.colleague)) == ["done"]
    assert Interest.objects.live().filter(organisation=interest.organisation).count() == 2
