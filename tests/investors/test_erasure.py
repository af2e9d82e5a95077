"""Whoever is erased leaves nothing: each column of each table, files, sessions, Valkey and the log are searched."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from smtplib import SMTPRecipientsRefused
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test import Client
from django.utils import timezone
from redis import Redis

from firms.lifecycle import CLAIM
from firms.models import Claim
from firms.services.claims import submit_claim
from investors.complaint_lifecycle import COMPLAINT, Written
from investors.holding import Holder
from investors.models import Inquiry, InvestorProfile
from investors.services.commitments import (
    Promised,
    break_commitment,
    keep_commitment,
    make_commitment,
    object_to_commitment,
)
from investors.services.drafts import save_draft
from investors.services.inquiries import Question, rate_answer, write_message
from investors.services.saved_searches import Wish, save_search
from investors.services.sharing import share
from investors.services.shortlists import keep
from investors.services.unconfirmed import Stranger, confirm_question, keep_question
from investors.shortlisting import Entry
from portal import database, invariants, work
from portal.consents import withdraw_consent
from portal.lifecycle import SYSTEM
from portal.models import Deadline, Document, Erasure, HistoryEntry, StepTaken, User
from portal.personal_data import everything_about
from tests.investors.complaining import complain, message
from tests.investors.conftest import make_organisation
from tests.investors.interested import with_roles, write_as_interested

MARK = "zqxmarker"
"""Stands in every field that the person fills in; nothing else contains it."""

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n" + MARK.encode() + b"\ntrailer\n<<>>\n%%EOF\n"

WRITTEN = {
    "account_emailaddress", "django_admin_log", "firms_claim", "investors_answerdraft", "investors_commitment",
    "investors_complainedof", "investors_complaint", "investors_complaintmessage", "investors_inquiry", "investors_inquirymessage",
    "investors_savedsearch", "investors_shortlistitem", "investors_unconfirmedinquiry", "mfa_authenticator", "portal_document", "portal_notice", "portal_user",
}  # fmt: skip
"""The tables in which the person's words stand before they are erased."""

INTERESTED = {
    "investors_interest", "investors_interestacceptance", "investors_interestmessage", "investors_interestmilestone",
}  # fmt: skip
"""Those in which they stand besides when the person is interested in something."""

TOLD = {
    "account", "notices", "organisations", "inquiries", "complaints", "commitments", "shortlist", "saved_searches",
    "interests",
}  # fmt: skip
"""The parts of what a person takes along in which they stand."""


def upload() -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{MARK}.pdf", PDF, "application/pdf")


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Collect what the portal logs, written as on a server."""
    formatter = next(
        handler.formatter
        for handler in logging.getLogger().handlers
        if "structlog" in type(handler.formatter).__module__
    )
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(formatter)
    handler.setLevel(logging.DEBUG)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield text
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def person(people: SimpleNamespace, firm: Any, make_inquiry: Any, make_opportunity: Any, logged: io.StringIO) -> User:
    """Return somebody who wrote the mark wherever a person writes."""
    user = User.objects.create_user(f"{MARK}-{uuid4().hex[:8]}@demo.example", "river-blue-77", name=f"{MARK} Wei")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    EmailAddress.objects.create(user=user, email=f"second-{MARK}@demo.example")
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={"name": MARK})
    LogEntry.objects.create(
        user=people.administrator,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(user.pk),
        object_repr=str(user),
        action_flag=CHANGE,
        change_message=f"Changed {user.email}",
    )
    _visit_pages(user)
    _claim(user, people, firm)
    _ask(user, people, make_inquiry)
    _complain(user, people)
    _promise(user, people)
    _ask_without_signing_in(user)
    _keep(user, make_opportunity)
    return user


def _visit_pages(user: User) -> None:
    client = Client(REMOTE_ADDR="198.51.100.7")
    client.post("/en/accounts/login/", {"login": user.email, "password": "wrong-wrong-77"})
    client.post("/en/accounts/password/reset/", {"email": user.email})
    client.force_login(user)
    client.get(f"/en/firms/?q={MARK}")
    client.post("/en/accounts/email/", {"action_add": "", "email": f"third-{MARK}@demo.example"})
    session = client.session
    session["draft"] = MARK
    session.save()


def _claim(user: User, people: SimpleNamespace, firm: Any) -> None:
    """Claim three organisations: refused, accepted, not decided."""
    others = [make_organisation("Second"), make_organisation("Third")]
    for organisation, step in zip([firm, *others], ["refuse", "accept", ""], strict=True):
        claim = submit_claim(
            by=user, organisation=organisation, position=f"{MARK} manager", telephone=f"021 {MARK}", letter=upload()
        )
        Deadline.objects.about(claim).filter(step="remind").update(due_at=timezone.now())
        CLAIM.apply(claim, "remind", by=SYSTEM)
        if step:
            CLAIM.apply(claim, step, by=people.registry, reason="Because.")


def _ask(user: User, people: SimpleNamespace, make_inquiry: Any) -> None:
    """Send three inquiries: not answered; answered, rated and asked on; closed. Files on both sides, and a note."""
    words = {"sender": user, "subject": f"{MARK} asks", "text": f"Dear sirs, {MARK}"}
    waiting = make_inquiry("acknowledged", **words)
    answered = make_inquiry("answered", **words)
    make_inquiry("closed", **words)
    rate_answer(by=user, inquiry=answered, rating=4, comment=f"{MARK} is glad")
    for inquiry, step, by in [
        (waiting, "reply", user),
        (waiting, "note", people.officer),
        (answered, "note", people.officer),
    ]:
        text = f"About {MARK}"
        write_message(by=by, inquiry=inquiry, step=step, text=text, key=uuid4(), files=[upload()])
    save_draft(by=people.officer, inquiry=waiting, text=f"Dear {MARK}", version=None)


def _complain(user: User, people: SimpleNamespace) -> None:
    """Complain with all that can be written, of somebody by name; noted, and refused in words that quote it."""
    written = dict.fromkeys(("subject", "facts", "request", "authority", "on_behalf_of", "elsewhere"), MARK)
    complaint = complain(user, persons=[f"Mr {MARK}"], **written)
    by = complaint.handler or people.head
    COMPLAINT.apply(complaint, "note", by=by, message=message(f"{MARK} rang.", is_internal=True))
    COMPLAINT.apply(complaint, "refuse", by=by, decision=Written("scope", f"{MARK} should go to court."))


def _ask_without_signing_in(user: User) -> None:
    """Ask twice as a stranger; the second question is confirmed by its link."""
    stranger = Stranger(email=user.email, name=f"{MARK} W.", country="DE", firm=f"{MARK} GmbH", address="198.51.100.7")
    question = Question(topic="other", language="en", subject=f"{MARK} again", text=f"Who is {MARK}?")
    for _time in range(2):
        row = keep_question(stranger=stranger, question=question, key=uuid4())
    confirm_question(token=signing.Signer(salt="investors.unconfirmed_inquiry").sign(str(row.uid)))


def _promise(user: User, people: SimpleNamespace) -> None:
    """Make three commitments to the person: open; broken; kept, to which the person objects."""
    for source_note in ("open", "broken", "kept"):
        promised = Promised(
            text_zh="",
            text_en=f"{MARK} gets an answer",
            due_on=timezone.localdate() + timedelta(days=30),
            owner=people.officer,
            source="meeting",
            person=user,
            source_on=timezone.localdate(),
            source_note=f"{MARK} {source_note}",
        )
        commitment = make_commitment(by=people.officer, promised=promised, key=uuid4(), files=[upload()])
        if source_note == "broken":
            words = {"reasons": f"{MARK} moved", "next_step": f"We ring {MARK}"}
            break_commitment(by=people.officer, commitment=commitment, **words)
    keep_commitment(by=people.officer, commitment=commitment, evidence=f"{MARK} was rung", files=[upload()])
    object_to_commitment(by=user, commitment=commitment, text=f"{MARK} objects")


def _keep(user: User, make_opportunity: Any) -> None:
    """Keep an opportunity with a note, and show the list by a link."""
    opportunity = make_opportunity()
    keep(by=user, entry=Entry.of(opportunity).noted(f"{MARK} likes it"))
    share(by=Holder(person=user), opportunities=[opportunity.pk])
    save_search(by=user, wish=Wish(f"{MARK} wants robots", f"q={MARK}", "daily"))


def tables_with_mark() -> set[str]:
    """Return the tables of which some column of some row holds the mark, packed sessions among them."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND data_type = 'bytea'",
                [table],
            )
            raw = [f"encode({column}, 'escape')" for (column,) in cursor.fetchall()]
            texts = " || ".join(["t::text", *(f"coalesce({column}, '')" for column in raw)])
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE {texts} ILIKE %s", [f"%{MARK}%"])
            if cursor.fetchone()[0]:
                found.add(table)
    if any(MARK in json.dumps(session.get_decoded()) for session in Session.objects.all()):
        found.add("django_session")
    return found


def files_with_mark() -> list[Path]:
    return [
        path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file() and MARK.encode() in path.read_bytes()
    ]


def keys_with_mark() -> list[bytes]:
    """Return the keys of Valkey whose name or value holds the mark."""
    redis = Redis.from_url(settings.REDIS_URL)
    read: dict[Any, Any] = {
        b"string": redis.get,
        b"list": lambda key: redis.lrange(key, 0, -1),
        b"hash": redis.hgetall,
        b"set": redis.smembers,
        b"zset": lambda key: redis.zrange(key, 0, -1),
    }
    return [key for key in redis.scan_iter() if MARK in f"{key!r}{read[redis.type(key)](key)!r}"]


def erase(person: User) -> Erasure:
    order = withdraw_consent(by=person, purpose="account")
    assert work.run("erasures") == 1
    order.refresh_from_db()
    return order


def test_nothing_is_left_of_who_was_erased(
    person: User, people: SimpleNamespace, make_opportunity: Any, logged: io.StringIO
) -> None:
    by = people.signatory = User.objects.get(pk=people.signatory.pk)  # who has learnt of no organisation yet
    university = make_organisation("University", kind="university")
    with_roles(people, university, signatory=by)
    technology = make_opportunity(kind="technology_offered", owner=university)
    write_as_interested(person, by, technology, make_opportunity(title_en="Another"), words=MARK, upload=upload)
    letter = Document.objects.about(Claim.objects.get(claimant=person, status="accepted")).get()
    assert tables_with_mark() == {*WRITTEN, *INTERESTED, "django_session"}
    assert len(files_with_mark()) == 14

    told = {name for name, held in everything_about(person).items() if MARK in json.dumps(held, default=str)}
    order = erase(person)

    assert told == TOLD
    assert tables_with_mark() == set()
    assert [path.name for path in files_with_mark()] == [letter.uid.hex]  # it proves who could sign
    assert keys_with_mark() == []
    assert MARK not in logged.getvalue()
    assert not Document.objects.filter(purpose__in=["price_notice", "interest_attachment"]).exists()
    assert not InvestorProfile.objects.exists()
    known = {
        "interests": 2,
        "investor_profile": 1,
        "inquiries": 4,
        "applications": 0,
        "organisations": 4,
        "steps": 0,
        "account": 1,
    }
    assert {name: order.erased[name] for name in known} == known


def test_history_stays_whole_with_a_pseudonym(person: User, people: SimpleNamespace) -> None:
    entries = HistoryEntry.objects.count()
    steps = list(StepTaken.objects.values_list("pk", "step", "by"))

    erase(person)

    person.refresh_from_db()
    assert (person.email, person.name, str(person)) == (
        f"{person.pk}@erased.invalid", "", f"Erased account {person.pk}",
    )  # fmt: skip
    assert (person.is_active, person.has_usable_password(), person.erased_at is not None) == (False, False, True)
    assert HistoryEntry.objects.count() > entries
    assert list(StepTaken.objects.values_list("pk", "step", "by"))[: len(steps)] == steps
    broken = {one.name: found for one in invariants.all_invariants() if (found := list(one.violations()))}
    assert broken == {}


def test_figures_of_the_service_stay(person: User) -> None:
    before = list(
        Inquiry.objects.order_by("pk").values_list("topic", "received_at", "answered_at", "answer_due", "rating")
    )

    erase(person)

    after = Inquiry.objects.order_by("pk")
    assert list(after.values_list("topic", "received_at", "answered_at", "answer_due", "rating")) == before
    assert list(after.values_list("status", "subject", "text", "rating_comment")) == [
        ("withdrawn", "…", "…", ""), ("closed", "…", "…", ""), ("closed", "…", "…", ""), ("withdrawn", "…", "…", ""),
    ]  # fmt: skip


def test_mail_server_that_quotes_an_address_does_not_bring_it_into_the_log(
    person: User, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: EmailMultiAlternatives) -> int:
        raise SMTPRecipientsRefused({self.to[0]: (550, f"no such person {person.email}".encode())})

    monkeypatch.setattr(EmailMultiAlternatives, "send", refuse)

    work.run("notices")

    assert "SMTPRecipientsRefused" in logged.getvalue()
    assert f"{MARK}@" not in logged.getvalue()


def test_withdrawing_one_purpose_erases_that_part_alone(person: User) -> None:
    withdraw_consent(by=person, purpose="inquiries")
    work.run("erasures")

    person.refresh_from_db()
    assert person.is_active
    assert set(Inquiry.objects.values_list("text", flat=True)) == {"…"}
    assert tables_with_mark() == {
        *WRITTEN, "django_session",
    } - {"investors_answerdraft", "investors_inquiry", "investors_inquirymessage", "investors_unconfirmedinquiry"}  # fmt: skip


def test_erasure_is_repeated_without_effect(person: User) -> None:
    erase(person)
    again = Erasure.objects.create(user=person, purpose="account")

    work.run("erasures")

    again.refresh_from_db()
    assert again.erased["inquiries"] == 0
    assert tables_with_mark() == set()


def test_twin_without_a_mask_history_keeps_the_words(committed_db: str) -> None:
    with database.as_owner(), connection.cursor() as owner:
        owner.execute(
            "SELECT pg_get_functiondef(tgfoid) FROM pg_trigger "
            "WHERE tgrelid = 'portal_user'::regclass AND tgname LIKE 'pgtrigger_history_%'"
        )
        owner.execute(owner.fetchone()[0].replace("ARRAY['email', 'name']", "ARRAY[]"))
    person = User.objects.create_user(f"{MARK}@demo.example", name=MARK)

    erase(person)

    assert tables_with_mark() == {"portal_historyentry"}
