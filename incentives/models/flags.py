"""What staff write beside an application: notes that stay, and flags that must be settled before the decision."""

from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from incentives.models.applications import READS_ALL, Application
from portal.models import User
from portal.roles import may_read_as
from portal.triggers import AppendOnly, History


class BesideQuerySet[M: models.Model](models.QuerySet[M]):
    """Reading what stands beside applications."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return what is of applications that staff handle; reviewers judge without it, applicants never see it."""
        if not may_read_as(user, *READS_ALL):
            return self.none()
        return self.filter(application__in=Application.objects.handled_by(user))


class Note(models.Model):
    """A note of a member of staff. Added, never changed; the applicant never sees it."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="notes", verbose_name=_("application"))
    text = models.TextField(pgettext_lazy("note", "text"), max_length=5000)
    key = models.UUIDField(unique=True, help_text=_("One click is one note."))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_default=Now())

    objects = BesideQuerySet["Note"].as_manager()

    class Meta:
        verbose_name = pgettext_lazy("application", "note")
        verbose_name_plural = pgettext_lazy("application", "notes")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.CheckConstraint(condition=~models.Q(text=""), name="note_says_something")]
        triggers: ClassVar = [AppendOnly()]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.text[:40]}"


class Flag(models.Model):
    """Something about an application that somebody must look into. No approval while one is open."""

    class Kind(models.TextChoices):
        CHANGED = "changed", _("facts changed since the submission")
        LINKED = "linked", _("linked applicant in the same round")
        BORDERLINE = "borderline", _("borderline eligibility")
        DOCUMENTS = "documents", _("documents")
        FUNDING = "funding", _("other public funding")
        CREDIT = "credit", _("credit check")
        OTHER = "other", pgettext_lazy("flag", "other")

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("flag", "open")
        RESOLVED = "resolved", pgettext_lazy("flag", "resolved")

    BY_HAND: ClassVar = (Kind.DOCUMENTS, Kind.FUNDING, Kind.CREDIT, Kind.OTHER)

    application = models.ForeignKey(Application, models.PROTECT, related_name="flags", verbose_name=_("application"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    reason = models.TextField(_("what is to be looked into"), max_length=2000, blank=True)
    found = models.JSONField(_("what was found"), default=dict, blank=True)
    key = models.CharField(max_length=80, help_text=_("One click, or one finding, is one flag."))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("opened by"),
        help_text=_("Nobody: found by the portal."),
    )
    opened_at = models.DateTimeField(_("opened"), db_default=Now())
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=pgettext_lazy("flag", "owner"),
    )
    resolution = models.TextField(_("how it was resolved"), max_length=2000, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("resolved by")
    )
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)

    objects = BesideQuerySet["Flag"].as_manager()

    class Meta:
        verbose_name = pgettext_lazy("application", "flag")
        verbose_name_plural = pgettext_lazy("application", "flags")
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["application"], name="flag_open", condition=models.Q(status="open")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "key"], name="flag_once"),
            models.CheckConstraint(
                condition=~models.Q(reason="") | ~models.Q(found={}), name="flag_says_what_to_look_into"
            ),
            models.CheckConstraint(
                condition=models.Q(status="open", resolution="", resolved_by=None, resolved_at=None)
                | (
                    models.Q(status="resolved", resolved_by__isnull=False, resolved_at__isnull=False)
                    & models.Q(owner__isnull=False)
                    & ~models.Q(resolution="")
                ),
                name="flag_resolved_by_somebody_with_words",
            ),
        ]
        triggers: ClassVar = [
            History(),
            pgtrigger.Trigger(
                name="kept",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("loose", "text[] := ARRAY['owner_id','status','resolution','resolved_by_id','resolved_at']")],
                func="""
                    IF TG_OP = 'DELETE' THEN
                        RAISE EXCEPTION 'a flag is never deleted' USING ERRCODE = 'insufficient_privilege';
                    END IF;
                    IF TG_OP = 'INSERT' THEN
                        PERFORM 1 FROM incentives_application WHERE id = NEW.application_id AND status IN
                            ('draft', 'submitted', 'returned', 'under_review', 'recommended', 'first_approved')
                            FOR NO KEY UPDATE;
                        IF NOT FOUND THEN
                            RAISE EXCEPTION 'flags are raised before the decision' USING ERRCODE = 'check_violation';
                        END IF;
                        RETURN NEW;
                    END IF;
                    IF OLD.status = 'resolved' AND NEW IS DISTINCT FROM OLD
                       OR to_jsonb(NEW) - loose IS DISTINCT FROM to_jsonb(OLD) - loose THEN
                        RAISE EXCEPTION 'what was found stays, and what was resolved does not change'
                            USING ERRCODE = 'insufficient_privilege';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.get_kind_display()}"
