"""Interests that tests express, and lead to where they want them."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils import timezone

from firms.models import Membership, Organisation
from investors.interest_effects import Conclusion, Price
from investors.interest_lifecycle import INTEREST
from investors.lifecycle import OPPORTUNITY
from investors.models import ConfidentialityText, Interest, Opportunity
from investors.services import interests as services
from investors.services.opportunities import draft_opportunity
from investors.services.profiles import save_profile
from portal import clock
from portal.models import User
from portal.roles import Role
from tests.investors.conftest import TECHNOLOGY, make_organisation, make_user

MARK = "A-WORD-BETWEEN-TWO"
PDF = b"%PDF-1.4\n%%EOF\n"

WAY = ["expressed", "accepted", "signed", "confidential", "negotiating", "concluded"]
"""The straight way; ``signed`` is accepted, with the first of the two acceptances."""


def today() -> date:
    return timezone.localdate(timezone=clock.SHANGHAI)


def express(by: User, opportunity: Opportunity, organisation: Organisation | None = None, **said: Any) -> Interest:
    """Express interest, from Germany unless it is said otherwise."""
    words = services.Expression(
        message=said.pop("message", f"We build gears. {MARK}"),
        country=said.pop("country", "DE"),
        organisation=organisation,
    )
    return services.express_interest(by=by, opportunity=opportunity, expression=words, key=said.pop("key", uuid4()))


def contract(**values: Any) -> Conclusion:
    """Return a conclusion with all that may be asked for."""
    return Conclusion(**{"on": today(), "registration": "2026310110000001", "certificate": "JSCK-2026-1", **values})


def evidence() -> SimpleUploadedFile:
    """Return a file that shows a notice."""
    return SimpleUploadedFile("notice.pdf", PDF, "application/pdf")


def lead(interest: Interest, status: str, owner: User, person: User) -> Interest:
    """Lead an interest from where it begins to a status, through the real steps.

    Args:
        interest: just expressed.
        status: one of ``WAY``, ``revoked``, ``room``, ``declined`` or ``withdrawn``.
        owner: a signatory of the owner.
        person: who may accept the agreement for the other side.
    """
    steps = {
        "accepted": lambda: services.accept_interest(by=owner, interest=interest),
        "signed": lambda: services.sign_agreement(by=person, interest=interest, name="Ada Investor"),
        "confidential": lambda: services.countersign_agreement(by=owner, interest=interest, name="Bo Owner"),
        "negotiating": lambda: INTEREST.apply(interest, "negotiate", by=owner),
        "concluded": lambda: services.conclude_interest(by=owner, interest=interest, contract=contract()),
    }
    goal = {"revoked": "confidential", "room": "confidential", "declined": "accepted", "withdrawn": "expressed"}
    for step in WAY[1 : WAY.index(goal.get(status, status)) + 1]:
        steps[step]()
    if status == "revoked":
        INTEREST.apply(interest, "revoke", by=owner)
    if status == "room":
        INTEREST.apply(interest, "open_room", by=owner)
    if status == "declined":
        services.decline_interest(by=owner, interest=interest, reason="no_fit", text=f"No. {MARK}")
    if status == "withdrawn":
        INTEREST.apply(interest, "withdraw", by=person)
    interest.refresh_from_db()
    return interest


def posted(owner: User, interest: Interest, days_ago: int) -> None:
    """Record a notice of the price that began so many days ago."""
    first = today() - timedelta(days=days_ago)
    services.set_price(by=owner, interest=interest, price=Price("negotiated", first, evidence()))


def with_roles(people: SimpleNamespace, organisation: Organisation, **roles: User) -> None:
    """Let people act for an organisation."""
    for role, user in roles.items():
        Membership.objects.create(user=user, organisation=organisation, role=role)


def university_people() -> SimpleNamespace:
    """Return a university's members with a published technology and a draft, an officer, persons to be interested."""
    names = ("signatory", "editor", "viewer", "stranger", "first", "second", "third", "fourth", "fifth", "sixth")
    found = {name: make_user(name) for name in names}
    officer = make_user("officer", Role.INVESTMENT)
    university = make_organisation("University", kind="university")
    with_roles(SimpleNamespace(), university, **{role: found[role] for role in ("signatory", "editor", "viewer")})
    values = {"title_en": "Gears", "title_zh": "齿轮", "summary_en": "s", "summary_zh": "s", "text_en": "t",
              "text_zh": "t", "expires_on": today() + timedelta(days=90), **TECHNOLOGY}  # fmt: skip
    drafts = [
        draft_opportunity(by=found["signatory"], owner=university, kind="technology_offered", values=dict(values))
        for _number in range(2)
    ]
    for step, by in (("submit", found["signatory"]), ("publish", officer)):
        OPPORTUNITY.apply(drafts[0], step, by=by)
    ConfidentialityText.objects.create(number=2, text_en="en", text_zh="zh", drafted_by=officer)
    return SimpleNamespace(officer=officer, university=university, opportunity=drafts[0], **found)


def interest_at(people: SimpleNamespace, name: str, status: str) -> Interest:
    """Express the interest of one of the university's persons, and lead it to a status."""
    person: User = getattr(people, name)
    interest = express(person, people.opportunity)
    if status != "concluded":
        return lead(interest, status, people.signatory, person)
    lead(interest, "negotiating", people.signatory, person)
    Interest.objects.filter(pk=interest.pk).update(price_set_by="auction")
    services.conclude_interest(by=people.signatory, interest=interest, contract=contract())
    return interest


def write_as_interested(
    person: User,
    by: User,
    technology: Opportunity,
    other: Opportunity,
    *,
    words: str,
    upload: Callable[[], UploadedFile],
) -> None:
    """Write words wherever somebody interested is written of: up to a contract, in what was declined, in a profile.

    Args:
        person: who is interested.
        by: a signatory of both owners.
        technology: offered by a university.
        other: what is declined.
        words: what stands everywhere.
        upload: makes each file.
    """
    interest = express(person, technology, message=words)
    services.accept_interest(by=by, interest=interest)
    services.sign_agreement(by=person, interest=interest, name=words)
    services.countersign_agreement(by=by, interest=interest, name="Bo Owner")
    for writer in (person, by):
        services.write_message(by=writer, interest=interest, text=words, key=uuid4(), files=[upload()])
        day = today() + timedelta(days=9)
        services.add_milestone(by=writer, interest=interest, title=words, due_on=day, key=uuid4())
    INTEREST.apply(interest, "negotiate", by=person)
    for _time in range(2):  # the second notice takes the place of the first
        price = Price("negotiated", today() - timedelta(days=20), upload())
        services.set_price(by=by, interest=interest, price=price)
    services.conclude_interest(by=by, interest=interest, contract=contract(registration="", no_registration=words))
    declined = express(person, other, message=words)
    services.decline_interest(by=by, interest=declined, reason="no_fit", text=words)
    values = {"investor_type": "angel", "country": "SG", "kinds": ["capital_sought"]}
    save_profile(by=person, values=values, clusters=[], excluded_clusters=[], version=0)
