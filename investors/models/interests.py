"""Expressions of interest: from the first word to the contract, each tier opened by its step."""

from typing import TYPE_CHECKING, ClassVar, Self
from uuid import uuid4

from django.contrib.auth.models import AnonymousUser
from django.db import connection, models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField

from firms.models import Membership, Organisation
from firms.models.merged import OfLiving
from incentives.models.triggers import Kept
from investors.models.interest_triggers import BetweenTwo, ConcludedWithProof, OpenedByDeclaration, StagedDisclosure
from portal.models import Document, User
from portal.roles import Role, has_role, may_read_as
from portal.triggers import History

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from investors.models.confidentiality import InterestAcceptance
    from investors.models.interest_threads import InterestMessage, InterestMilestone

WRITERS = (Membership.Role.SIGNATORY, Membership.Role.EDITOR)
"""Who of an organisation reads and writes about its interests."""

WORDS = ("message", "decline_text", "no_registration_reason")
"""The columns that hold what people wrote."""

WATCHES = (Role.INVESTMENT, Role.HEAD, Role.AUDITOR)
"""Staff who see how far interests are; never what is said or shown."""


class InterestQuerySet(models.QuerySet["Interest"]):
    """Reading interests, and who may."""

    def of_person(self, user: User | AnonymousUser) -> Self:
        """Return those for which the user speaks: their own, or those of an organisation that they write for."""
        return self.filter(_speaks_for_person(user)) if user.is_authenticated else self.none()

    def of_owner(self, user: User | AnonymousUser) -> Self:
        """Return those in opportunities of the organisations that the user writes for."""
        return self.filter(opportunity__owner__in=_written(user)) if user.is_authenticated else self.none()

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return those of which the user is a party, and those to which a party has invited them.

        A superuser reads no more than their part: what is confidential is not a matter of rights.
        """
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            _speaks_for_person(user) | models.Q(opportunity__owner__in=_written(user)) | _is_invited(user)
        )

    def in_progress_of(self, user: User | AnonymousUser) -> Self:
        """Return those whose progress, and nothing else, a member of staff may see."""
        return self if may_read_as(user, *WATCHES) else self.none()

    def live(self) -> Self:
        """Return those that have not ended."""
        return self.filter(status__in=Interest.LIVE)

    def opening_confidential(self, user: User | AnonymousUser) -> Self:
        """Return those that open the confidential tier to the user now, whom the export gate is asked about besides.

        Both sides have accepted the agreement, it was not revoked, and the owner is in good standing.
        """
        shut = (Organisation.Status.SUSPENDED, Organisation.Status.MOVED_OUT)
        return (
            self.of_person(user)
            .filter(status__in=Interest.DISCLOSED, access_revoked_at=None)
            .exclude(opportunity__owner__status__in=shut)
            .exclude(opportunity__export_declaration="prohibited")
        )

    def opening_room(self, user: User | AnonymousUser) -> Self:
        """Return those that open the data room to the user now: those that open the tier, with the room opened."""
        return self.opening_confidential(user).filter(room_opened_at__isnull=False)


def _written(user: User | AnonymousUser) -> models.QuerySet[Membership, int]:
    found = Membership.objects.active().filter(user=user, role__in=WRITERS)  # type: ignore[misc]
    return found.values_list("organisation_id", flat=True)


def _speaks_for_person(user: User | AnonymousUser) -> models.Q:
    return models.Q(organisation=None, person=user) | models.Q(organisation__in=_written(user))


def _is_invited(user: User | AnonymousUser) -> models.Q:
    """Return what an invited officer reads, while they are an officer and belong to neither party."""
    if not has_role(user, Role.INVESTMENT):
        return models.Q(pk=None)
    acting = Membership.objects.active().filter(user=user).values("organisation")  # type: ignore[misc]
    no_part = ~models.Q(organisation__in=acting, organisation__isnull=False) & ~models.Q(person=user)
    return models.Q(officer=user) & no_part & ~models.Q(opportunity__owner__in=acting)


class Interest(models.Model):
    """The interest of a person, for themselves or for their organisation, in an opportunity of another."""

    class Status(models.TextChoices):
        EXPRESSED = "expressed", pgettext_lazy("interest", "waiting for the owner")
        ACCEPTED = "accepted", pgettext_lazy("interest", "accepted, agreement to be signed")
        CONFIDENTIAL = "confidential", pgettext_lazy("interest", "agreement signed")
        NEGOTIATING = "negotiating", pgettext_lazy("interest", "in negotiation")
        CONCLUDED = "concluded", pgettext_lazy("interest", "concluded")
        DECLINED = "declined", pgettext_lazy("interest", "declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("interest", "withdrawn")

    class Decline(models.TextChoices):
        """Why an owner declines."""

        NO_FIT = "no_fit", _("It does not fit what we seek or offer")
        TERMS = "terms", _("We could not agree on the terms")
        ELSEWHERE = "elsewhere", _("We have agreed with somebody else")
        NOT_NOW = "not_now", _("Not at present")
        INFORMATION = "information", _("We would need to know more about you")
        RULES = "rules", _("A rule stands in the way, for example on exports")
        UNANSWERED = "unanswered", _("The owner did not answer in time")

    class PriceSetBy(models.TextChoices):
        """How a university arrives at the price of a technology."""

        NEGOTIATED = "negotiated", _("By negotiation")
        LISTED = "listed", _("By listing on a technology exchange")
        AUCTION = "auction", _("By auction")

    LIVE = (Status.EXPRESSED, Status.ACCEPTED, Status.CONFIDENTIAL, Status.NEGOTIATING)
    DISCLOSED = (Status.CONFIDENTIAL, Status.NEGOTIATING, Status.CONCLUDED)
    ENDED = (Status.CONCLUDED, Status.DECLINED, Status.WITHDRAWN)

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    opportunity = models.ForeignKey(
        "investors.Opportunity", models.PROTECT, related_name="interests", verbose_name=_("opportunity")
    )
    person = models.ForeignKey(User, models.PROTECT, related_name="interests", verbose_name=_("person"))
    organisation = models.ForeignKey(
        "firms.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="interests",
        verbose_name=_("on behalf of"),
    )
    country = CountryField(_("your country or region"))
    message = models.TextField(_("message to the owner"), max_length=3000)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.EXPRESSED, editable=False)
    agreement_text = models.ForeignKey(
        "investors.ConfidentialityText",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("text of the agreement"),
    )
    officer = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="invited_to_interests",
        verbose_name=_("invited officer"),
    )
    expressed_at = models.DateTimeField(pgettext_lazy("interest", "expressed"), default=timezone.now, editable=False)
    accepted_at = models.DateTimeField(pgettext_lazy("interest", "accepted"), null=True, editable=False)
    agreed_at = models.DateTimeField(_("agreement signed"), null=True, editable=False)
    negotiating_at = models.DateTimeField(_("negotiation began"), null=True, editable=False)
    ended_at = models.DateTimeField(pgettext_lazy("interest", "ended"), null=True, editable=False)
    access_revoked_at = models.DateTimeField(_("access revoked"), null=True, editable=False)
    room_opened_at = models.DateTimeField(_("data room opened"), null=True, editable=False)
    decline_reason = models.CharField(_("reason"), max_length=12, choices=Decline, blank=True)
    decline_text = models.TextField(_("in your words"), max_length=1000, blank=True)
    price_set_by = models.CharField(_("how the price was set"), max_length=10, choices=PriceSetBy, blank=True)
    price_notice_from = models.DateField(_("first day of the notice"), null=True, blank=True)
    price_notice_document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("evidence of the notice")
    )
    contract_registration = models.CharField(_("registration number of the contract"), max_length=60, blank=True)
    no_registration_reason = models.CharField(_("why there is no registration"), max_length=300, blank=True)
    export_certificate = models.CharField(_("number of the export certificate"), max_length=60, blank=True)
    concluded_on = models.DateField(_("day of the contract"), null=True, blank=True)
    erased_at = models.DateTimeField(_("texts erased"), null=True, editable=False)
    idempotency_key = models.UUIDField(default=uuid4, editable=False)

    objects = InterestQuerySet.as_manager()

    if TYPE_CHECKING:
        acceptances: RelatedManager[InterestAcceptance]
        messages: RelatedManager[InterestMessage]
        milestones: RelatedManager[InterestMilestone]

    class Meta:
        verbose_name = _("expression of interest")
        verbose_name_plural = _("expressions of interest")
        indexes: ClassVar = [
            models.Index(fields=["opportunity", "status"], name="interest_opportunity"),
            models.Index(fields=["person", "status"], name="interest_person"),
            models.Index(fields=["organisation", "status"], name="interest_organisation"),
            models.Index(fields=["-expressed_at", "-id"], name="interest_newest"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "idempotency_key"], name="interest_expressed_once"),
            models.UniqueConstraint(
                fields=["person", "opportunity"],
                condition=models.Q(status__in=["expressed", "accepted", "confidential", "negotiating"]),
                name="interest_one_live_per_person",
            ),
            models.UniqueConstraint(
                fields=["organisation", "opportunity"],
                condition=models.Q(status__in=["expressed", "accepted", "confidential", "negotiating"]),
                name="interest_one_live_per_organisation",
            ),
            models.CheckConstraint(
                condition=models.Q(reference__regex=r"^INT-\d{4}-\d{6,}$"), name="interest_reference_form"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=[
                        "expressed", "accepted", "confidential", "negotiating", "concluded", "declined", "withdrawn"
                    ]
                ),
                name="interest_status_known",
            ),
            models.CheckConstraint(condition=~models.Q(country=""), name="interest_from_a_country"),
            models.CheckConstraint(condition=~models.Q(message=""), name="interest_says_something"),
            models.CheckConstraint(
                condition=models.Q(status="expressed", accepted_at=None, agreement_text=None)
                | models.Q(status__in=["declined", "withdrawn"])
                | models.Q(accepted_at__isnull=False, agreement_text__isnull=False),
                name="interest_accepted_has_its_text",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=["confidential", "negotiating", "concluded"])
                | models.Q(agreed_at__isnull=False),
                name="interest_agreed_has_its_date",
            ),
            models.CheckConstraint(
                condition=models.Q(agreed_at__isnull=False) | models.Q(room_opened_at=None, access_revoked_at=None),
                name="interest_no_room_before_agreement",
            ),
            models.CheckConstraint(
                condition=models.Q(access_revoked_at=None) | models.Q(room_opened_at=None),
                name="interest_no_room_when_revoked",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["concluded", "declined", "withdrawn"], ended_at__isnull=False)
                | models.Q(status__in=["expressed", "accepted", "confidential", "negotiating"], ended_at=None),
                name="interest_ended_has_its_date",
            ),
            models.CheckConstraint(
                condition=(models.Q(status="declined") & ~models.Q(decline_reason=""))
                | (~models.Q(status="declined") & models.Q(decline_reason="", decline_text="")),
                name="interest_declined_with_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(price_notice_from=None, price_notice_document=None)
                | models.Q(
                    price_set_by="negotiated", price_notice_from__isnull=False, price_notice_document__isnull=False
                )
                | models.Q(erased_at__isnull=False, price_set_by="negotiated", price_notice_from__isnull=False),
                name="interest_notice_of_a_negotiated_price",
            ),
            models.CheckConstraint(
                condition=models.Q(status="concluded", concluded_on__isnull=False, contract_registration__regex=r"\S")
                | models.Q(status="concluded", concluded_on__isnull=False, no_registration_reason__regex=r"\S")
                | (
                    ~models.Q(status="concluded")
                    & models.Q(
                        concluded_on=None,
                        contract_registration="",
                        no_registration_reason="",
                        export_certificate="",
                    )
                ),
                name="interest_concluded_is_registered",
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at=None) | models.Q(ended_at__isnull=False), name="interest_erased_has_ended"
            ),
        ]  # fmt: skip
        triggers: ClassVar = [
            History(masked=WORDS),
            OfLiving(),
            BetweenTwo(),
            StagedDisclosure(),
            OpenedByDeclaration(),
            ConcludedWithProof(),
            Kept(
                once=(
                    "accepted_at", "agreement_text_id", "agreed_at", "negotiating_at", "ended_at", "concluded_on",
                    "erased_at",
                ),
                free=(
                    "status", "organisation_id", "officer_id", "access_revoked_at", "room_opened_at", "decline_reason",
                    "price_set_by", "price_notice_from", "price_notice_document_id", "contract_registration",
                    "export_certificate", *WORDS,
                ),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Return the address of its page, the same for both sides."""
        return reverse("investors:interest", args=[self.reference])

    @property
    def is_live(self) -> bool:
        """Whether it has not ended."""
        return self.status in self.LIVE

    @property
    def is_disclosed(self) -> bool:
        """Whether the agreement stands that lets the confidential tier be read."""
        return self.status in self.DISCLOSED

    @property
    def counterparty(self) -> str:
        """Who is interested, by name: the organisation, or the person."""
        return self.organisation.title if self.organisation else str(self.person.name)


def next_reference(year: int) -> str:
    """Return the reference of the next interest.

    Args:
        year: in Shanghai, in which it is expressed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('investors_interest_reference')")
        return f"INT-{year}-{cursor.fetchone()[0]:06d}"
