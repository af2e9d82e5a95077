"""The confidential tier of an opportunity: files by tier, and what of it its owner announces."""

from typing import ClassVar, Self
from uuid import uuid4

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from firms.models import Membership
from incentives.models.triggers import Kept
from investors.models.opportunities import Opportunity
from portal.models import Document, User
from portal.triggers import History


class Tier(models.TextChoices):
    """What must have happened before an interested party sees it."""

    CONFIDENTIAL = "confidential", _("After the confidentiality agreement")
    ROOM = "room", _("Data room, opened by the owner")


class DataRoomDocumentQuerySet(models.QuerySet["DataRoomDocument"]):
    """Reading the files of data rooms; interested parties reach them by an opening alone."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return the files of organisations for which the user writes; staff see none."""
        return self.filter(opportunity__owner__in=written_by(user)) if user.is_authenticated else self.none()

    def current(self) -> Self:
        """Return what was neither withdrawn nor replaced, in the owner's order."""
        return self.filter(withdrawn_at=None).order_by("tier", "position", "pk")

    def checked(self) -> Self:
        """Return those whose file may be opened."""
        return self.filter(document__status=Document.Status.CLEAN)


def written_by(user: User | AnonymousUser) -> models.QuerySet[Membership, int]:
    """Return the organisations for which a person is signatory or editor."""
    held = Membership.objects.active().filter(user=user if user.is_authenticated else None)
    return held.exclude(role=Membership.Role.VIEWER).values_list("organisation", flat=True)


class DataRoomDocument(models.Model):
    """One file in one tier of an opportunity. Another file is another row, which takes the place of this one."""

    Tier = Tier

    opportunity = models.ForeignKey(
        Opportunity, models.PROTECT, related_name="room_documents", verbose_name=_("opportunity")
    )
    document = models.OneToOneField(
        Document, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("file")
    )
    tier = models.CharField(_("who sees it"), max_length=12, choices=Tier)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)
    title_zh = models.CharField(_("title in Chinese"), max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=1)
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="replaced_by",
        verbose_name=_("takes the place of"),
    )
    added_at = models.DateTimeField(pgettext_lazy("file", "added"), default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(pgettext_lazy("file", "withdrawn"), null=True, editable=False)
    idempotency_key = models.UUIDField(default=uuid4, unique=True, editable=False)

    objects = DataRoomDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a data room")
        verbose_name_plural = _("files of data rooms")
        indexes: ClassVar = [models.Index(fields=["opportunity", "tier", "position"], name="room_document_listed")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(title_en="", title_zh=""), name="room_document_has_a_title"),
            models.CheckConstraint(condition=models.Q(tier__in=Tier.values), name="room_document_tier_known"),
        ]
        triggers: ClassVar = [
            History(masked=("title_en", "title_zh")),
            Kept(once=("document_id", "withdrawn_at"), free=("tier", "title_en", "title_zh", "position")),
            pgtrigger.Trigger(
                name="of_its_room",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("document_id"),
                func="""
                    IF NEW.document_id IS NOT NULL AND NOT EXISTS (
                        SELECT FROM portal_document d JOIN django_content_type t ON t.id = d.subject_type_id
                         WHERE d.id = NEW.document_id AND d.subject_id = NEW.id
                           AND t.app_label = 'investors' AND t.model = 'dataroomdocument') THEN
                        RAISE EXCEPTION 'document % is no file of this room', NEW.document_id
                            USING ERRCODE = 'check_violation';
                    END IF;
                    IF NEW.replaces_id IS NOT NULL AND NOT EXISTS (
                        SELECT FROM investors_dataroomdocument
                         WHERE id = NEW.replaces_id AND opportunity_id = NEW.opportunity_id
                           AND withdrawn_at IS NOT NULL) THEN
                        RAISE EXCEPTION 'file % is of another room, or was not withdrawn', NEW.replaces_id
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opportunity_id}: {self.pk}"

    @property
    def title(self) -> str:
        """The title in the language of the page, or in the other where that is empty."""
        if get_language() == "zh-hans":
            return self.title_zh or self.title_en
        return self.title_en or self.title_zh

    @property
    def is_open_to_read(self) -> bool:
        """Whether its file was checked and is in the room."""
        is_clean = self.document is not None and self.document.status == Document.Status.CLEAN
        return is_clean and self.withdrawn_at is None


class DataRoom(models.Model):
    """What an owner lets the public know of the confidential tier: without a row, nothing."""

    class Announced(models.TextChoices):
        NOTHING = "nothing", _("Nothing")
        TIERS = "tiers", _("That there is more after a confidentiality agreement")
        COUNTS = "counts", _("Also how many files there are")

    opportunity = models.OneToOneField(Opportunity, models.PROTECT, related_name="room", verbose_name=_("opportunity"))
    announced = models.CharField(
        _("What the public page says of it"), max_length=8, choices=Announced, default=Announced.NOTHING
    )

    class Meta:
        verbose_name = _("data room")
        verbose_name_plural = _("data rooms")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(announced__in=["nothing", "tiers", "counts"]), name="room_announced_known"
            ),
        ]
        triggers: ClassVar = [History()]

    def __str__(self) -> str:
        return str(self.opportunity_id)
