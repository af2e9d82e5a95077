"""Load the registry, the universities, one company's people, claims in every status, edits and yearly figures."""

from datetime import date
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from firms.demonstration.confirmations import load_confirmations
from firms.demonstration.duplicates import load_duplicates
from firms.demonstration.edits import load_edits
from firms.demonstration.imports import load_waiting_import
from firms.demonstration.incoming import load_verified
from firms.demonstration.institutions import DEMONSTRATION_UNIVERSITY, PARKS, UNIVERSITIES, Institution
from firms.demonstration.laboratories import load_laboratories
from firms.demonstration.letters import letter
from firms.demonstration.linking import link_to_clusters
from firms.demonstration.yearly_figures import load_certificates, load_figures
from firms.lifecycle import CLAIM
from firms.models import Certificate, Claim, Membership, Organisation
from firms.models.organisations import OrganisationQuerySet
from firms.services.claims import submit_claim, withdraw_claim
from firms.services.counting import count_now
from firms.services.imports import import_registry
from firms.services.organisations import register_organisation, save_organisation
from portal.models import User

REGISTRY = Path(__file__).parent / "registry-2026.xlsx"
SOURCE = "示例企业名录 Demonstration registry"
DAY = date(2026, 6, 30)


def load(accounts: dict[str, User]) -> None:
    """Load the demonstration; the same every time.

    Args:
        accounts: the demonstration's users by name (``signatory``, ``registry``, …).
    """
    import_registry(path=REGISTRY, source=SOURCE, today=DAY, is_full=True, by=accounts["registry"])
    for institution in [*UNIVERSITIES, *PARKS]:
        _save(institution)
    invented = _save(DEMONSTRATION_UNIVERSITY)
    Membership.objects.create(user=accounts["university"], organisation=invented, role=Membership.Role.SIGNATORY)
    load_laboratories(accounts["registry"], invented)
    _claims(accounts)
    load_confirmations(accounts, demonstration_firm(), invented)
    load_edits(accounts, demonstration_firm(), invented)
    load_figures(accounts, demonstration_firm())
    load_certificates(demonstration_firm())
    register_organisation(
        by=accounts["investor"],
        organisation=Organisation(
            name_en="Demonstration Robotics GmbH",
            name_zh="示例机器人（德国）有限公司",
            country="DE",
            foreign_number="HRB 000000",
            industry_code="3491",
            description_en="An invented company that is about to move in.",
            description_zh="虚构企业，拟迁入。",
        ),
    )
    load_verified(accounts)
    load_waiting_import(accounts)
    link_to_clusters()
    count_now()
    load_duplicates(accounts, demonstration_firm())


def demonstration_firm() -> Organisation:
    """Return the company of the accounts ``signatory`` and ``editor``.

    It is in the AI cluster, founded between 2016 and 2022, holds a high-tech certificate and has 20 to 200 staff.
    """
    return _typical_firms()[0]


def _typical_firms() -> OrganisationQuerySet:
    return (
        Organisation.objects.listed()
        .firms()
        .in_cluster("ai-internet-digital-content")
        .filter(
            founded__range=(date(2016, 1, 1), date(2022, 12, 31)),
            staff__range=(20, 200),
            certificates__level=Certificate.Level.HNTE,
        )
        .exclude(name_en="")
        .order_by("uscc")
    )


def _save(institution: Institution) -> Organisation:
    organisation = Organisation(status=Organisation.Status.LISTED, **institution._asdict())
    save_organisation(organisation=organisation)
    return organisation


def _claims(accounts: dict[str, User]) -> None:
    """Make a claim in each status; the accepted one is how the signatory came by the company."""
    own, *others = _typical_firms()[:4]
    CLAIM.apply(_claim(accounts["signatory"], own), "accept", by=accounts["registry"])
    Membership.objects.create(user=accounts["editor"], organisation=own, role=Membership.Role.EDITOR)
    _claim(accounts["editor"], others[0])
    refused = _claim(accounts["signatory"], others[1])
    reason = "授权委托书未加盖公章，请补充后重新认领。The letter carries no seal; please claim again with a sealed one."
    CLAIM.apply(refused, "refuse", by=accounts["registry"], reason=reason)
    withdraw_claim(by=accounts["signatory"], claim=_claim(accounts["signatory"], others[2]))


def _claim(user: User, organisation: Organisation) -> Claim:
    upload = SimpleUploadedFile("demonstration-letter.pdf", letter(organisation.uscc or ""), "application/pdf")
    return submit_claim(by=user, organisation=organisation, position="示例职务 Demonstration", letter=upload)
