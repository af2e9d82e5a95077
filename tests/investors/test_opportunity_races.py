"""What happens to listings, lists and searches at the same moment; the twins show it with the guard off."""

from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction

from firms.models import Organisation
from investors.interest_lifecycle import INTEREST
from investors.lifecycle import OPPORTUNITY
from investors.models import Opportunity, OpportunityEntry, SavedSearch, SearchHit, ShortlistItem
from investors.services.opportunities import draft_opportunity
from investors.services.photos import add_photo
from investors.services.shortlists import take_over
from investors.shortlisting import Entry
from portal.database import as_owner
from portal.models import User
from tests.investors.conftest import lead, make_user
from tests.investors.interested import interest_at, university_people
from tests.investors.publishing import published
from tests.investors.test_photos import picture
from tests.racing import at_once, meeting
from tests.unguarded import during, rewrite

# --- The directory's entries --------------------------------------------------------------


@pytest.fixture
def submitted(committed_db: str) -> SimpleNamespace:
    """Return an opportunity that waits for an officer, the officer, and the database."""
    with transaction.atomic():
        (one,) = published(1)
        again = draft_opportunity(
            by=User.objects.get(email="signatory@demo.example"),
            owner=one.owner,
            kind="capital_sought",
            values={
                name: getattr(one, name)
                for name in (*one.fact_names, "title_en", "summary_en", "text_en", "expires_on")
            },
        )
        people = SimpleNamespace(signatory=again.created_by, officer=User.objects.get(email="officer@demo.example"))
        lead(again, "submitted", people)
        Opportunity.objects.filter(pk=one.pk).update(status="withdrawn")  # the owner has nothing else on the site
    return SimpleNamespace(opportunity=again, officer=people.officer, database=committed_db)


def suspended_while_publishing(submitted: SimpleNamespace) -> str:
    """Suspend an owner whose first listing is just being published; say what came of it."""
    return during(
        lambda: OPPORTUNITY.apply(submitted.opportunity, "publish", by=submitted.officer),
        "UPDATE firms_organisation SET status = 'suspended' WHERE status = 'listed'",
    )


def test_suspension_waits_for_a_publication(submitted: SimpleNamespace) -> None:
    assert suspended_while_publishing(submitted) == "waits"

    with transaction.atomic():
        Organisation.objects.update(status="suspended")

    assert not OpportunityEntry.objects.exists()


def test_twin_without_the_lock_a_suspended_owner_is_found(submitted: SimpleNamespace) -> None:
    rewrite(submitted.database, "entries_of_owner", "PERFORM pg_advisory_xact_lock", "PERFORM concat")

    assert suspended_while_publishing(submitted) == "happens"

    assert OpportunityEntry.objects.get().opportunity.owner.status == "suspended"


# --- Shortlists and saved searches --------------------------------------------------------


@pytest.fixture
def listed(committed_db: str) -> SimpleNamespace:
    """Return a person, and two published opportunities."""
    with transaction.atomic():
        return SimpleNamespace(person=make_user("wei"), opportunities=published(2))


def test_two_sign_ins_at_once_take_the_list_over_once(listed: SimpleNamespace) -> None:
    kept = [Entry.of(one) for one in listed.opportunities]

    endings = at_once(*[lambda: take_over(by=listed.person, entries=kept)] * 4)

    places = ShortlistItem.objects.order_by("place").values_list("place", "opportunity")
    assert endings == ["done"] * 4
    assert list(places) == [(1, listed.opportunities[1].pk), (2, listed.opportunities[0].pk)]


def test_twin_without_lock_and_keys_the_list_is_taken_over_twice(listed: SimpleNamespace) -> None:
    opportunity = listed.opportunities[0]

    def race() -> list[str]:
        looked = meeting(2)

        @transaction.atomic
        def take() -> None:
            there = ShortlistItem.objects.filter(person=listed.person, opportunity=opportunity).exists()  # no lock
            looked.wait()
            assert not there
            ShortlistItem.objects.create(person=listed.person, opportunity=opportunity, place=1)

        return at_once(take, take, refusals={IntegrityError: "refused"})

    assert race() == ["done", "refused"]
    ShortlistItem.objects.all().delete()
    _drop_keys("investors_shortlistitem", "shortlist_item_once", "shortlist_place_once")

    assert race() == ["done", "done"]
    assert ShortlistItem.objects.filter(person=listed.person, opportunity=opportunity).count() == 2


def test_twin_without_the_key_a_search_tells_of_one_thing_twice(listed: SimpleNamespace) -> None:
    values = {"name": "Robots", "query": "q=Robot", "often": "immediate", "since": listed.person.date_joined}
    with transaction.atomic():
        search = SavedSearch.objects.create(person=listed.person, place=1, **values)
    opportunity = listed.opportunities[0]

    def race() -> list[str]:
        looked = meeting(2)

        @transaction.atomic
        def tell() -> None:
            known = search.hits.filter(opportunity=opportunity).exists()
            looked.wait()
            assert not known
            SearchHit.objects.create(search=search, opportunity=opportunity)

        return at_once(tell, tell, refusals={IntegrityError: "refused"})

    assert race() == ["done", "refused"]
    search.hits.all().delete()
    _drop_keys("investors_searchhit", "search_hit_once")

    assert (race(), search.hits.count()) == (["done", "done"], 2)


def _drop_keys(table: str, *names: str) -> None:
    with as_owner(), connection.cursor() as owner:
        for name in names:
            owner.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")


# --- Photographs and signatures -----------------------------------------------------------


@pytest.fixture
def university(committed_db: str) -> SimpleNamespace:
    """Return a university's people with premises in draft, an interest that may be signed, and the database."""
    with transaction.atomic():
        people = university_people()
        values = {"title_en": "A hall", "summary_en": "s", "text_en": "t", "area": 500, "available_from": "2027-01-01",
                  "expires_on": people.opportunity.expires_on}  # fmt: skip
        people.premises = draft_opportunity(
            by=people.signatory, owner=people.university, kind="premises", values=values
        )
        add_photo(by=people.signatory, opportunity=people.premises, upload=picture(), caption_en="1", caption_zh="")
        people.interest = interest_at(people, "first", "accepted")
    people.database = committed_db
    return people


_RENAMED = "UPDATE investors_opportunityphoto SET caption_en = 'Another hall'"


def renamed_while_submitting(university: SimpleNamespace) -> str:
    """Change a photograph of premises that are just being submitted; say what came of it."""
    return during(lambda: OPPORTUNITY.apply(university.premises, "submit", by=university.signatory), _RENAMED)


def test_photograph_waits_for_a_submission_and_twin_without_the_lock_does_not(university: SimpleNamespace) -> None:
    with transaction.atomic():
        assert renamed_while_submitting(university) == "waits"
        transaction.set_rollback(True)
    university.premises.refresh_from_db()

    rewrite(university.database, "while_written", "FOR NO KEY UPDATE OF o", "")

    assert renamed_while_submitting(university) == "happens"
    assert university.premises.photos.get().caption_en == "Another hall"  # what nobody submitted


_SIGNED = (
    "INSERT INTO investors_interestacceptance (interest_id, side, text_id, text_sha256, signed_by_id, name, on_behalf_of)"
    " SELECT i.id, 'person', t.id, t.sha256, i.person_id, 'Ada', '' FROM investors_interest i"
    " JOIN investors_confidentialitytext t ON t.id = i.agreement_text_id"
)


def signed_while_withdrawing(university: SimpleNamespace) -> str:
    """Accept the agreement of an interest that is just being withdrawn; say what came of it."""
    return during(lambda: INTEREST.apply(university.interest, "withdraw", by=university.first), _SIGNED)


def test_signature_waits_for_a_withdrawal_and_twin_without_the_lock_does_not(university: SimpleNamespace) -> None:
    with transaction.atomic():
        assert signed_while_withdrawing(university) == "waits"
        transaction.set_rollback(True)
    university.interest.refresh_from_db()

    rewrite(university.database, "accepted_text", "FOR NO KEY UPDATE OF i", "")

    assert signed_while_withdrawing(university) == "happens"
    university.interest.refresh_from_db()
    assert (university.interest.status, university.interest.acceptances.count()) == ("withdrawn", 1)
