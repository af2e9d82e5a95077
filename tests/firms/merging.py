"""Two firms with everything attached, of every app, for tests of merging."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from firms.lifecycle import CLAIM
from firms.models import (
    Certificate,
    Cluster,
    ClusterMembership,
    Duplicate,
    Membership,
    Organisation,
    Verification,
    YearlyFigure,
)
from firms.services.claims import submit_claim
from firms.services.edits import propose_edit, shown_state, withdraw_edit
from firms.services.merging import merge_organisations, suggested
from firms.services.merging import shown_state as compared
from firms.services.organisations import save_organisation
from portal.documents import store_document
from portal.models import User
from portal.roles import Role

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def upload(name: str = "letter.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, "application/pdf")


def person(name: str, *roles: Role) -> User:
    made = User.objects.create_user(f"{name}@demo.example", name=name, is_staff=bool(roles))
    made.groups.set(Group.objects.filter(name__in=roles))
    return made


def firm(name_zh: str, **fields: Any) -> Organisation:
    values: dict[str, Any] = {"status": "listed", "source": "test", "industry_code": "6513"}
    made = Organisation(name_zh=name_zh, **(values | fields))
    save_organisation(organisation=made)
    return made


def pair_of(one: Organisation, other: Organisation) -> Duplicate:
    first, second = sorted((one, other), key=lambda organisation: organisation.pk)
    with transaction.atomic():
        return Duplicate.objects.get_or_create(first=first, second=second, defaults={"reasons": ["by_hand"]})[0]


def merge(by: User, survivor: Organisation, going: Organisation, *, take: Iterable[str] | None = None) -> Organisation:
    """Merge as the page does: what it showed is what stands now."""
    survivor, going = (Organisation.objects.get(pk=one.pk) for one in (survivor, going))
    return merge_organisations(
        by=by,
        duplicate=pair_of(survivor, going),
        survivor=survivor,
        take=suggested(survivor, going) if take is None else list(take),
        reason="One company, entered twice",
        seen=compared(survivor, going),
    )


def attach(to: Organisation, officer: User, name: str, level: str = "hnte") -> User:
    """Give a firm what the registry keeps of one; return its signatory, who came by an accepted claim."""
    signatory = person(name)
    claim = submit_claim(by=signatory, organisation=to, position="director", letter=upload())
    CLAIM.apply(claim, "accept", by=officer)
    refused = submit_claim(by=person(f"{name}-other"), organisation=to, position="clerk", letter=upload())
    CLAIM.apply(refused, "refuse", by=officer, reason="no seal")
    to.refresh_from_db()
    values = {"website": f"https://{name}.example/"}
    edit = propose_edit(by=signatory, organisation=to, values=values, seen=shown_state(to, None))
    withdraw_edit(by=signatory, edit=edit)
    Certificate.objects.create(organisation=to, level=level, issued=date(2024, 1, 1), authority=f"of {name}")
    by_hand, _made = Cluster.objects.get_or_create(slug=f"of-{name}", defaults={"title_en": name, "title_zh": name})
    ClusterMembership.objects.create(organisation=to, cluster=by_hand)
    Verification.objects.create(
        organisation=to, basis="other", reference=name, checked_on=date(2026, 1, 1), verified_by=officer
    )
    YearlyFigure.objects.create(
        organisation=to,
        year=2024 if level == "hnte" else 2023,
        revenue=1_000_000,
        source="registry",
        source_date=date(2026, 1, 1),
        entered_by=officer,
        verified_by=officer,
        verified_at=timezone.now(),
        evidence="report",
    )
    store_document(by=officer, upload=upload(), subject=to, purpose="registry")
    Membership.objects.create(user=person(f"{name}-editor"), organisation=to, role="editor")
    return signatory
