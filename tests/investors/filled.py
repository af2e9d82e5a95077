"""One of each: listings, interests, rooms, photographs, lists, searches, a complaint and a question."""

from types import SimpleNamespace
from uuid import uuid4

from allauth.account.models import EmailAddress

from investors.models import SearchHit
from investors.services.inquiries import Question, send_inquiry
from investors.services.opening import open_file, record_opening
from investors.services.opportunities import draft_opportunity
from investors.services.photos import add_photo
from investors.services.saved_searches import Wish, save_search
from investors.services.shortlists import keep
from investors.shortlisting import Entry
from tests.investors.complaining import complain
from tests.investors.interested import interest_at, university_people
from tests.investors.rooms import put
from tests.investors.test_photos import picture


def one_of_each() -> SimpleNamespace:
    """Return a university's people; the first has opened its data room, and keeps a list and a search."""
    people = university_people()
    by = people.signatory
    files = [put(by, people.opportunity, tier) for tier in ("confidential", "room")]
    people.opportunity.confidential_en = "How it holds"
    people.opportunity.save(update_fields=["confidential_en"])
    interest = interest_at(people, "first", "room")
    assert all(
        [
            *(open_file(people.first, file.document) for file in files),
            record_opening(by=people.first, interest=interest),
        ]
    )
    for name, status in (("second", "accepted"), ("third", "concluded"), ("fourth", "expressed")):
        interest_at(people, name, status)
    values = {"title_en": "A hall", "area": 500, "available_from": "2027-01-01"}
    premises = draft_opportunity(by=by, owner=people.university, kind="premises", values=values)
    add_photo(by=by, opportunity=premises, upload=picture(), caption_en="The hall", caption_zh="")
    EmailAddress.objects.create(user=people.first, email=people.first.email, verified=True, primary=True)
    search = save_search(by=people.first, wish=Wish("Gears", "q=gears", "daily"))
    SearchHit.objects.create(search=search, opportunity=people.opportunity)
    keep(by=people.first, entry=Entry.of(people.opportunity))
    complain(people.second)
    question = Question(topic="other", language="en", subject="Gears", text="Which?")
    send_inquiry(by=people.third, question=question, key=uuid4())
    return people
