"""The confidentiality agreement: its text in versions, and who accepted which."""

from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from investors.models.interest_triggers import AcceptedText, PublishedText
from portal.models import User
from portal.triggers import History

LONGEST_TEXT = 12_000


class ConfidentialityTextQuerySet(models.QuerySet["ConfidentialityText"]):
    """Reading the texts."""

    def current(self) -> "ConfidentialityText | None":
        """Return the one that is in force: the last that was published."""
        return self.filter(status=ConfidentialityText.Status.PUBLISHED).order_by("-number").first()

    def published(self) -> Self:
        """Return those that are, or were, in force."""
        return self.filter(status=ConfidentialityText.Status.PUBLISHED)


class ConfidentialityText(models.Model):
    """One version of the agreement, in both languages; once published it never changes.

    The first is a model of the house, published by nobody: it says itself that counsel has to read it.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("text", "draft")
        PUBLISHED = "published", pgettext_lazy("text", "published")

    number = models.PositiveIntegerField(_("version"), unique=True, editable=False)
    text_en = models.TextField(_("text in English"), max_length=LONGEST_TEXT)
    text_zh = models.TextField(_("text in Chinese"), max_length=LONGEST_TEXT)
    is_model = models.BooleanField(_("model text that counsel has not read"), default=False, editable=False)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    sha256 = models.CharField(_("fingerprint"), max_length=64, editable=False)
    drafted_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("drafted by")
    )
    drafted_at = models.DateTimeField(_("drafted"), db_default=Now(), editable=False)
    published_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("published by")
    )
    published_at = models.DateTimeField(_("published"), null=True, editable=False)

    objects = ConfidentialityTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("confidentiality agreement")
        verbose_name_plural = _("confidentiality agreements")
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "published"]), name="confidentiality_text_status_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(text_en="") & ~models.Q(text_zh=""), name="confidentiality_text_in_both_languages"
            ),
            models.CheckConstraint(
                condition=models.Q(is_model=True)
                | models.Q(status="draft", drafted_by__isnull=False, published_by=None)
                | (
                    models.Q(drafted_by__isnull=False, published_by__isnull=False)
                    & ~models.Q(published_by=models.F("drafted_by"))
                ),
                name="confidentiality_text_by_two_people",
            ),
            models.CheckConstraint(
                condition=models.Q(status="draft", published_at=None)
                | models.Q(status="published", published_at__isnull=False),
                name="confidentiality_text_published_has_date",
            ),
            models.UniqueConstraint(
                fields=["is_model"], condition=models.Q(is_model=True), name="confidentiality_text_one_model"
            ),
        ]
        triggers: ClassVar = [History(), PublishedText()]

    def __str__(self) -> str:
        return str(_("version %(number)d") % {"number": self.number})

    @property
    def is_published(self) -> bool:
        """Whether it is, or was, in force."""
        return self.status == self.Status.PUBLISHED


class InterestAcceptance(models.Model):
    """One side's acceptance of the agreement: who, when, which text, with which typed name, for whom.

    Nothing of it changes, but that a person who is erased is no longer named.
    """

    class Side(models.TextChoices):
        PERSON = "person", _("who is interested")
        OWNER = "owner", _("owner of the opportunity")

    interest = models.ForeignKey(
        "investors.Interest", models.PROTECT, related_name="acceptances", verbose_name=_("expression of interest")
    )
    side = models.CharField(_("side"), max_length=6, choices=Side)
    text = models.ForeignKey(ConfidentialityText, models.PROTECT, related_name="+", verbose_name=_("text"))
    text_sha256 = models.CharField(_("fingerprint of the text"), max_length=64)
    signed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("accepted by"))
    name = models.CharField(_("name as typed"), max_length=100)
    on_behalf_of = models.CharField(_("on behalf of"), max_length=420, blank=True)
    at = models.DateTimeField(pgettext_lazy("agreement", "accepted"), db_default=Now())
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)

    class Meta:
        verbose_name = _("acceptance of the agreement")
        verbose_name_plural = _("acceptances of the agreement")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["interest", "side"], name="acceptance_once_per_side"),
            models.UniqueConstraint(fields=["interest", "signed_by"], name="acceptance_by_two_people"),
            models.CheckConstraint(condition=models.Q(side__in=["person", "owner"]), name="acceptance_side_known"),
            models.CheckConstraint(condition=~models.Q(name=""), name="acceptance_has_a_name"),
        ]
        triggers: ClassVar = [
            History(masked=("name", "on_behalf_of")),
            AcceptedText(),
            pgtrigger.Trigger(
                name="as_accepted",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF TG_OP = 'UPDATE' AND NEW.erased_at IS NOT NULL AND OLD.erased_at IS NULL AND NEW.name = '…'
                       AND NEW.on_behalf_of IN ('', '…', OLD.on_behalf_of)
                       AND to_jsonb(NEW) - ARRAY['name', 'on_behalf_of', 'erased_at']
                         = to_jsonb(OLD) - ARRAY['name', 'on_behalf_of', 'erased_at'] THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'an acceptance is never changed or deleted'
                        USING ERRCODE = 'insufficient_privilege';
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.interest_id}: {self.side}"
