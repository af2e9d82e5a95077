"""Brochures: made by a worker with progress, tagged, in either language; for whoever asked, and for a few days."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pypdf
import pytest
from django.conf import settings as site
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from investors.holding import Holder
from investors.models import Brochure, BrochureEnd, BrochureProgress, Opportunity
from investors.services import brochures
from investors.services.brochures import Order, brochures_of, make_file, order_brochure
from investors.services.photos import add_photo
from investors.services.shortlists import keep
from investors.shortlisting import Entry
from portal import work
from portal.models import Document, User
from portal.personal_data import everything_about
from portal.roles import Role
from tests.asking import given, reached
from tests.investors.conftest import everybody, lead, make_user
from tests.investors.publishing import published
from tests.investors.test_photos import picture
from tests.investors.test_shortlists import beside
from tests.racing import results_at_once

PAGE = "/en/shortlist/brochures/"


@pytest.fixture
def two(make_opportunity: Callable[..., Opportunity]) -> list[Opportunity]:
    """Return two published opportunities."""
    return [
        make_opportunity(title_en="Robot 1", title_zh="机器人甲", text_zh="夹爪精度<b>0.1</b>毫米。"),
        make_opportunity(title_en="Robot 2", title_zh="", kind="technology_offered"),
    ]


def asked(client: Client, **changes: str) -> Any:
    return client.post(PAGE, {"language": "en", "key": str(uuid4()), **changes})


def add(client: Client, *opportunities: Opportunity) -> Client:
    for one in opportunities:
        client.post("/en/shortlist/add/", {"item": one.slug})
    return client


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def order(holder: Holder, pks: list[int], language: str = "en", **changes: Any) -> Brochure:
    return order_brochure(
        by=holder, order=Order(pks, language=language, key=changes.pop("key", uuid4()), address="192.0.2.1")
    )


def text_of(content: bytes) -> str:
    """Return what a PDF says."""
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Opportunities in Yangpu District", "Robot 1", "Robot 2", "CNY 30 million", "Contents", "/en/opp"]),
        ("zh-hans", ["上海市杨浦区", "机器人甲", "Robot 2", "3000万元", "夹爪精度<b>0.1</b>毫米", "/zh-hans/opp"]),
    ],
)
def test_brochure_says_in_its_language_what_is_public(
    two: list[Opportunity], people: SimpleNamespace, language: str, words: list[str]
) -> None:
    made = order(Holder(person=people.investor), [one.pk for one in two], language)

    content = brochures.printed(made, lambda *_said: None)

    text = re.sub(r"\s+", " ", text_of(content))
    assert [word for word in words if word not in text] == []
    root: Any = pypdf.PdfReader(BytesIO(content)).root_object
    marked = (root["/MarkInfo"]["/Marked"], root["/Lang"], b"pdfuaid:part" in root["/Metadata"].get_data())
    assert marked == (True, "zh-Hans" if language == "zh-hans" else "en", True)


def test_first_photograph_of_premises_is_printed_once_its_file_is_checked(
    people: SimpleNamespace, make_opportunity: Callable[..., Opportunity]
) -> None:
    written = make_opportunity("draft", kind="premises", area=500, available_from="2027-01-01")
    for caption in ("The hall", "The yard"):
        add_photo(by=people.editor, opportunity=written, upload=picture(), caption_en=caption, caption_zh="")
    lead(written, "published", people)
    made = order(Holder(person=people.investor), [written.pk])

    found = {}
    for status in ("clean", "pending", "infected"):
        Document.objects.filter(purpose="photo").update(status=status)
        content = brochures.printed(made, lambda *_said: None)
        pictures = {image.data for page in pypdf.PdfReader(BytesIO(content)).pages for image in page.images}
        words = text_of(content)
        found[status] = (len(pictures), "The hall" in words, "The yard" in words)

    assert found["clean"] == (1, True, False)
    assert found["pending"] == found["infected"] == (0, False, False)


def test_what_is_gone_when_it_is_made_is_left_out(two: list[Opportunity], people: SimpleNamespace) -> None:
    made = order(Holder(person=people.investor), [one.pk for one in two])
    Opportunity.objects.filter(pk=two[0].pk).update(expires_on=timezone.localdate() - timedelta(days=1))

    text = text_of(brochures.printed(made, lambda *_said: None))

    assert ("Robot 1" in text, "Robot 2" in text, "1 opportunity of the list" in text) == (False, True, True)


def test_worker_makes_it_and_says_how_far_it_is(committed_db: str) -> None:
    with transaction.atomic():
        pks = [one.pk for one in published(3)]
        made = order(Holder(person=make_user("wei")), pks)
    told = []
    render, seen = brochures.render_pdf, BrochureProgress.objects.filter(brochure=made).values_list("stage", "done")

    def look(*args: Any, **kwargs: Any) -> bytes:
        told.append(seen.get())
        return render(*args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(brochures, "render_pdf", look)
        assert work.run("brochures") == 1

    made.refresh_from_db()
    assert (told, seen.get()) == ([("setting", 0)], ("done", 1))
    assert (made.done_at is not None, made.document is not None) == (True, True)


def test_without_account_it_is_the_sessions_alone(two: list[Opportunity], people: SimpleNamespace) -> None:
    client = add(Client(), *two)
    answer = asked(client)
    made = Brochure.objects.get()
    waiting = client.get(answer["Location"])
    make_file(made)

    file = client.get(f"{PAGE}{made.uid}/file/")
    others = [Client(), add(Client(), *two), signed_in(people.investor)]

    assert (made.person, len(made.session_digest), "hx-get" in waiting.text) == (None, 64, True)
    assert (file.status_code, file["Content-Type"], b"".join(file.streaming_content)[:5]) == (
        200,
        "application/pdf",
        b"%PDF-",
    )
    assert [other.get(f"{PAGE}{made.uid}/{path}").status_code for other in others for path in ("", "file/")] == [
        404
    ] * 6


def test_nobody_reaches_the_brochure_of_another(two: list[Opportunity], people: SimpleNamespace, settings: Any) -> None:
    settings.DEMONSTRATION = True
    made = order(Holder(person=people.investor), [two[0].pk])
    make_file(made)
    assert made.document
    paths = [f"{PAGE}{made.uid}/", f"{PAGE}{made.uid}/file/", f"/documents/{made.document.uid}/"]
    marks = (f"{made.uid}/file/", "%PDF-", made.document.name)
    accounts = {name: user for name, user in everybody(people).items() if user != people.investor}

    assert reached(accounts, paths, *marks) == {}
    assert len(accounts) == 1 + len(Role) + 6
    assert given(people.investor, [*paths, PAGE], *marks) == paths
    assert [signed_in(user).get(path).status_code for user in (people.officer, people.stranger) for path in paths] == [
        404
    ] * 6


def test_brochures_become_the_persons_at_sign_in(two: list[Opportunity], people: SimpleNamespace) -> None:
    client = add(Client(), *two)
    asked(client)
    people.investor.set_password("river-blue-77")
    people.investor.save()
    people.investor.emailaddress_set.create(email=people.investor.email, verified=True, primary=True)

    client.post("/en/accounts/login/", {"login": people.investor.email, "password": "river-blue-77"})

    made = Brochure.objects.get()
    assert (made.person, made.session_digest, client.get(made.get_absolute_url()).status_code) == (
        people.investor,
        "",
        200,
    )


def test_one_form_sent_by_fifty_clicks_is_one_brochure(committed_db: str) -> None:
    with transaction.atomic():
        one, user = published(1)[0], make_user("wei")
        keep(by=user, entry=Entry.of(one))
    client, key = signed_in(user), str(uuid4())

    def post() -> int:
        return beside(client).post(PAGE, {"language": "en", "key": key}).status_code

    answers = results_at_once(*[post] * 50)

    assert (set(answers), Brochure.objects.count(), BrochureEnd.objects.count()) == ({302}, 1, 1)


@pytest.mark.parametrize(
    ("setting", "value", "same"), [("BROCHURES_PER_HOUR", 2, True), ("BROCHURES_PER_PLACE", 2, False)]
)
def test_hourly_limits_answer_429(two: list[Opportunity], settings: Any, setting: str, value: int, same: bool) -> None:
    setattr(settings, setting, value)
    client = add(Client(), *two)

    answers = [asked(client if same else add(Client(), *two)) for _time in range(3)]

    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert answers[2]["Retry-After"] == "600"


@pytest.mark.parametrize(
    "changes", [{"language": "fr"}, {"language": ""}, {"key": "x"}, {"key": ""}, {"language": "en\x00"}]
)
def test_wrong_order_is_refused(two: list[Opportunity], changes: dict[str, str]) -> None:
    assert asked(add(Client(), *two), **changes).status_code == 422
    assert Brochure.objects.count() == 0


def test_empty_list_has_no_brochure(db: None) -> None:
    assert asked(Client())["Location"] == "/en/shortlist/"


def test_it_is_deleted_with_its_file_when_it_expires(two: list[Opportunity], people: SimpleNamespace) -> None:
    made = order(Holder(person=people.investor), [two[0].pk])
    make_file(made)
    early = work.run("brochures_end")
    path = Path(site.MEDIA_ROOT) / str(made.document and made.document.file.name)
    there = path.is_file()
    BrochureEnd.objects.update(next_try_at=timezone.now())

    late = work.run("brochures_end")

    assert (early, there, late) == (0, True, 1)
    assert (Brochure.objects.count(), Document.objects.filter(purpose="brochure").count(), path.is_file()) == (
        0,
        0,
        False,
    )


def test_expired_one_is_gone_before_it_is_deleted(two: list[Opportunity], people: SimpleNamespace) -> None:
    made = order(Holder(person=people.investor), [two[0].pk])
    Brochure.objects.update(expires_at=timezone.now())

    assert (signed_in(people.investor).get(made.get_absolute_url()).status_code, brochures_of(Holder())) == (404, [])


def test_export_tells_of_it(two: list[Opportunity], people: SimpleNamespace) -> None:
    order(Holder(person=people.investor), [two[0].pk], "zh-hans")

    assert [one["language"] for one in everything_about(people.investor)["brochures"]] == ["zh-hans"]


def test_brochure_belongs_to_one_holder_and_is_of_bounded_length(db: None, people: SimpleNamespace) -> None:
    good = {"key": uuid4(), "language": "en", "expires_at": timezone.now(), "person": people.investor}
    wrongs: list[dict[str, Any]] = [
        {"session_digest": "x"},
        {"person": None},
        {"opportunities": []},
        {"opportunities": [1] * 51},
    ]
    for wrong in wrongs:
        with pytest.raises(IntegrityError), transaction.atomic():
            Brochure.objects.create(**{**good, "opportunities": [1], **wrong})
