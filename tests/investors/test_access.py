"""Inquiries, complaints, commitments, absences, templates: every address × everybody × verb, and who reads what."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from http import HTTPStatus
from itertools import product
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from firms.models import Membership, Organisation
from investors.commitment_lifecycle import COMMITMENT
from investors.complaint_lifecycle import COMPLAINT, Written
from investors.lifecycle import INQUIRY
from investors.models import (
    Absence,
    AnswerTemplate,
    Commitment,
    Complaint,
    ComplaintMessage,
    Inquiry,
    InquiryMessage,
    InquiryTopic,
    Officer,
)
from investors.services.absences import record_absence
from investors.services.commitments import keep_commitment, object_to_commitment
from investors.services.drafts import save_draft
from investors.services.inquiries import rate_answer, write_message
from portal.models import Deadline, Document, HistoryEntry, Notice, StepTaken, User
from portal.roles import Role
from tests.asking import VERBS, Answer, Portal, portal
from tests.investors.committing import make
from tests.investors.complaining import complain, message
from tests.investors.conftest import everybody, make_organisation, make_user
from tests.portal.test_bad_input import names_of_addresses
from tests.walking import view_of

MARKS = {
    label: f"zqx-{label}-zqx"
    for label in ("inquiry", "note", "complaint", "complaint note", "commitment", "absence", "template")
}


GOVERNED = (Inquiry, InquiryMessage, Complaint, ComplaintMessage, Commitment, Absence, AnswerTemplate)
VISITORS = ("Stranger", "Rival", "Administrator")
"""By whom lists that give everybody their own are asked for by every verb; the others are let in, and GET them."""

SENT = {"text": "x", "reason": "x", "rating": 1, "sure": "yes"}


def pdf(label: str) -> list[Any]:
    content = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n" + MARKS[label].encode() + b"\ntrailer\n<<>>\n%%EOF\n"
    return [SimpleUploadedFile(f"{MARKS[label]}.pdf", content, "application/pdf")]


@pytest.fixture
def inquiry(people: SimpleNamespace, make_inquiry: Callable[..., Inquiry], settings: Any) -> Inquiry:
    """Return an inquiry of the investor's, answered and asked again, with a mark in every text and file, another in what is internal."""
    settings.DEMONSTRATION = True  # staff without a second factor
    mark = MARKS["inquiry"]
    found = make_inquiry(subject=mark, text=mark)
    for step, by, label in [
        ("reply", people.investor, "inquiry"),
        ("note", people.officer, "note"),
        ("answer", people.officer, "inquiry"),
    ]:
        write_message(by=by, inquiry=found, step=step, text=MARKS[label], key=uuid4(), files=pdf(label))
    rate_answer(by=people.investor, inquiry=found, rating=5, comment=mark)
    write_message(by=people.investor, inquiry=found, step="reopen", text=mark, key=uuid4())
    save_draft(by=people.officer, inquiry=found, text=MARKS["note"], version=None)
    found.refresh_from_db()
    return found


@pytest.fixture
def complaint(people: SimpleNamespace, inquiry: Inquiry) -> Complaint:
    """Return a complaint of the investor's about the officer, handled by another officer."""
    people.handler = make_user("handler", Role.INVESTMENT)
    mark, note = MARKS["complaint"], MARKS["complaint note"]
    words = dict.fromkeys(("subject", "facts", "request", "authority", "on_behalf_of", "elsewhere"), mark)
    found = complain(
        people.investor, about_staff=True, persons=[people.officer.name, mark], files=pdf("complaint"), **words
    )
    COMPLAINT.apply(found, "assign", by=people.head, officer=people.handler.pk)
    COMPLAINT.apply(found, "accept", by=people.handler)
    COMPLAINT.apply(found, "note", by=people.handler, message=message(note, is_internal=True))
    COMPLAINT.apply(found, "extend", by=people.handler, extension=Written(5, mark))
    return Complaint.objects.get()


@pytest.fixture
def commitment(people: SimpleNamespace, firm: Organisation) -> Commitment:
    """Return a commitment to the firm, of the registry officer's, kept with a file and objected to."""
    mark = MARKS["commitment"]
    found = make(people, firm, owner=people.registry, text_en=mark, source_note=mark)
    keep_commitment(by=people.registry, commitment=found, evidence=mark, files=pdf("commitment"))
    object_to_commitment(by=people.signatory, commitment=found, text=mark)
    return Commitment.objects.get()


@pytest.fixture
def things(
    people: SimpleNamespace, inquiry: Inquiry, complaint: Complaint, commitment: Commitment
) -> dict[str, list[Any]]:
    """Return what is asked for, by its name."""
    absence = Absence(
        officer=people.officer, first_day=date(2030, 1, 1), last_day=date(2030, 1, 2), reason=MARKS["absence"]
    )
    record_absence(by=people.officer, absence=absence)
    template = AnswerTemplate.objects.create(
        name="Template", text_en=MARKS["template"], text_zh=MARKS["template"], is_offered=False
    )
    return {
        "inquiry": [inquiry],
        "complaint": [complaint],
        "commitment": [commitment],
        "absence": [absence],
        "template": [template],
        "officer": [Officer.objects.create(user=people.officer, telephone="+86 21 5555")],
        "topic": [InquiryTopic.objects.get(code=inquiry.topic)],
        "record": [
            *HistoryEntry.objects.filter(subject_table__in=[row._meta.db_table for row in GOVERNED])
            .order_by("subject_table", "-pk")
            .distinct("subject_table"),
            *StepTaken.objects.order_by("subject_type", "-pk").distinct("subject_type"),
            *Deadline.objects.order_by("subject_type", "-pk").distinct("subject_type"),
            *Notice.objects.filter(channel="in_app").order_by("kind", "-pk").distinct("kind"),
        ],
    }


type Found = dict[str, dict[str, set[str]]]

OFFICERS = {"Investment", "Handler"}
READERS = OFFICERS | {"Auditor", "Head", "root", "Bare"}
"""Who reads inquiries and commitments of everybody; a bare superuser is in no group."""

HANDLING = {"Handler", "Head", "root"}  # and not the officer complained of
OVERSEEING = {"Auditor", "Administrator", "root", "Bare"}
WRITING = {"Signatory", "Editor"}
MEMBERS = WRITING | {"Viewer"}
OWNING = READERS | {"Registry"}
ABSENCES = READERS - {"Handler"}


def by_view(pattern: str, places: str, who: set[str]) -> dict[str, set[str]]:
    """Return who for each view whose name a word gives."""
    return {pattern.format(place): who for place in places.split()}


READ: Found = {
    "inquiry": {
        **by_view("{}", "inquiry inquiries reply_to_inquiry rate_inquiry export_inquiry", {"Investor"}),
        **by_view("admin:inquiry_{}", "change changelist queue", READERS),
        "admin:commitment_add": OFFICERS | {"Head", "root"},
        "admin:index": {"Investment"},
        "desk": {"Investor", "Investment"},
        "document": READERS | {"Investor"},
        "export_personal_data": {"Investor"},
    },
    "note": {"admin:inquiry_change": READERS, "document": READERS},
    "complaint": {
        **by_view("{}", "complaint complaints reply_to_complaint desk export_personal_data", {"Investor"}),
        "admin:complaint_change": HANDLING,
        **by_view("admin:complaint_{}", "register register_csv register_xlsx", {"Head", "root"}),
        "document": HANDLING | {"Investor"},
    },
    "complaint note": {"admin:complaint_change": HANDLING},
    "commitment": {
        **by_view("{}", "commitment commitments commitments_to_print object_to_commitment", MEMBERS),
        **by_view("{}", "notices export_personal_data", WRITING),
        **by_view("admin:commitment_{}", "change changelist export", OWNING),
        "document": OWNING | MEMBERS,
    },
    "absence": {"admin:absence_change": ABSENCES},
    "template": {"admin:answertemplate_change": OWNING, "admin:portal_historyentry_change": OVERSEEING},
}
"""Who reads what of each, by view."""

ENTERED: Found = {
    "inquiry": {
        **by_view("{}_inquiry", "reply_to rate close withdraw export", {"Investor"}),
        "inquiry": {"Investor"},
        **by_view("admin:inquiry_{}", "change history step link", READERS),
        "admin:inquiry_draft": OFFICERS | {"root"},
        "admin:commitment_add": OFFICERS | {"Head", "Manager", "Registry", "root"},
        "document": READERS | {"Investor"},
    },
    "note": {"document": READERS},
    "complaint": {
        **by_view("{}", "complaint reply_to_complaint withdraw_complaint", {"Investor"}),
        **by_view("admin:complaint_{}", "change history step", HANDLING),
        "document": HANDLING | {"Investor"},
    },
    "commitment": {
        **by_view("{}", "commitment object_to_commitment release_commitment", MEMBERS),
        **by_view("admin:commitment_{}", "change history step", OWNING),
        "document": OWNING | MEMBERS,
    },
    "absence": {
        **by_view("admin:absence_{}", "change history", ABSENCES),
        "admin:absence_delete": ABSENCES - {"Auditor"},
    },
    "template": {
        **by_view("admin:answertemplate_{}", "change history", OWNING),
        "admin:answertemplate_delete": OWNING - {"Auditor"},
    },
    "officer": by_view("admin:officer_{}", "change history", OWNING | {"Administrator"}),
    "topic": by_view("admin:inquirytopic_{}", "change history", OWNING | {"Administrator"}),
    "record": by_view("admin:portal_{}_change", "historyentry steptaken deadline notice", OVERSEEING),
    **{f"notice to {name}": {"read_notice": {name}} for name in ("Investor", "Editor", "Registry", "Handler", "Head", "Investment")},
}  # fmt: skip
"""Who is let in to what names each of them, by view; what they may do there, the tests of the lifecycles say."""

STEPS = {Inquiry: INQUIRY, Complaint: COMPLAINT, Commitment: COMMITMENT}
PART = re.compile(
    r"inquir|complaint|commitment|absence|officer|answertemplate"
    r"|admin:portal_(historyentry|steptaken|deadline|notice|erasure)_change|^admin:(index|search)$"
    r"|^(desk|notices|read_notice|document|personal_data|export_personal_data)$"
)
"""What speaks of it: its own addresses, and those at which something of everything stands."""


def named(things: dict[str, list[Any]]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield what addresses name: of what they speak, what the address's name begins with, the words in it."""
    yield "lists", "", {}
    for label, thing in ((label, thing) for label, found in things.items() for thing in found):
        prefix = f"admin:{thing._meta.label_lower.replace('.', '_')}_"
        yield label, prefix, {"object_id": thing.pk}
        if lifecycle := STEPS.get(type(thing)):
            yield label, "investors:", {"reference": thing.reference}
            yield from ((label, prefix, {"object_id": thing.pk, "step": step}) for step in lifecycle.steps)
        if isinstance(thing, Notice):
            yield f"notice to {thing.recipient}", "read_notice", {"pk": thing.pk}
    for document in Document.objects.all():
        label = next(label for label, mark in MARKS.items() if f"{mark}." in document.name)
        yield label, "document", {"uid": document.uid}


def addresses(things: dict[str, list[Any]]) -> Iterator[tuple[str, str]]:
    """Yield every address of this part of the portal, with what it names."""
    for name, (label, prefix, words) in product(filter(PART.search, names_of_addresses()), named(things)):
        if name.startswith(prefix):
            try:
                yield label, reverse(name, kwargs=words)
            except NoReverseMatch:
                continue
    for message_of in things["inquiry"][0].messages.all():
        yield "inquiry", f"{reverse('admin:investors_commitment_add')}?message={message_of.pk}"


def answers(
    asked: Portal, user: User | None, path: str, others: Sequence[str], let_in: Sequence[str]
) -> Iterator[Answer]:
    """Yield what somebody is answered at an address: by GET, and by the other verbs, of which none has an effect.

    Args:
        asked: the portal.
        user: who asks.
        path: for what.
        others: verbs by which those ask whom GET gave nothing.
        let_in: verbs by which those ask whom it gave something.
    """
    first = asked.ask(user, path)
    yield first
    for verb in others if first.is_refusal else let_in:
        with transaction.atomic():
            sent = {"data": urlencode(SENT), "content_type": "application/x-www-form-urlencoded"}
            yield asked.ask(user, path, verb, sent if verb in {"post", "put", "patch"} else {})
            transaction.set_rollback(True)


def note_writing(wrote: list[str], execute: Callable[..., Any], sql: Any, *rest: Any) -> Any:
    """Note what a statement writes, but for the session, which may keep a text until its writer has signed in."""
    if str(sql).startswith(("INSERT", "UPDATE", "DELETE")) and '"django_session"' not in str(sql):
        wrote.append(str(sql))
    return execute(sql, *rest)


def walked(accounts: Mapping[str, User | None], things: dict[str, list[Any]]) -> tuple[Found, Found]:
    """Ask everywhere as everybody; return who read which mark, and who was let in to what, by view."""
    read: Any = defaultdict(lambda: defaultdict(set))
    entered: Any = defaultdict(lambda: defaultdict(set))
    tried = Counter[tuple[str, str]]()
    wrote: list[str] = []
    with portal() as asked, connection.execute_wrapper(partial(note_writing, wrote)):
        for label, path in addresses(things):
            view = view_of(path).removeprefix("investors:").replace("admin:investors_", "admin:")
            tried[label, view] += 1
            others = VERBS[1:] if tried[label, view] == 1 else ("post",)
            for name, user in accounts.items():
                let_in = ("post",) if label != "lists" else VERBS[1:] if name in VISITORS else ()
                for answer in answers(asked, user, path, others, let_in):
                    assert answer.status < HTTPStatus.INTERNAL_SERVER_ERROR, (name, path)
                    assert not (answer.is_refusal and wrote), (name, path, wrote)
                    wrote.clear()
                    for mark_of in (label for label, mark in MARKS.items() if mark in answer.said):
                        read[mark_of][view].add(name)
                    if not answer.is_refusal and label != "lists":
                        entered[label][view].add(name)
    return plain(read), plain(entered)


def plain(found: Any) -> Found:
    return {label: dict(views) for label, views in found.items()}


def test_everybody_reads_what_concerns_them_and_nothing_else(
    people: SimpleNamespace, things: dict[str, list[Any]]
) -> None:
    people.rival, people.bare = make_user("rival"), make_user("bare")
    Membership.objects.create(user=people.rival, organisation=make_organisation("Rivals"), role="signatory")
    User.objects.filter(pk=people.bare.pk).update(is_staff=True, is_superuser=True)
    people.bare.refresh_from_db()

    accounts = everybody(people)

    read, entered = walked(accounts, things)

    assert read == READ
    assert entered == ENTERED
    assert len(accounts) == 2 + len(Role) + 9  # nobody and root; staff of each role; the others by name


def test_whole_portal_refuses_what_its_views_do(people: SimpleNamespace, things: dict[str, list[Any]]) -> None:
    paths = [path for label, path in addresses(things) if label in {"inquiry", "complaint", "commitment"}]
    client = Client(raise_request_exception=False)
    client.force_login(people.stranger)

    assert {client.get(path).status_code for path in paths} <= {302, 403, 404, 405}
