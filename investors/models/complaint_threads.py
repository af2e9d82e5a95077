"""What belongs to a complaint: who is complained of, and what is written about it."""

from collections.abc import Sequence
from typing import ClassVar, Self
from uuid import uuid4

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from incentives.models.triggers import Kept
from investors.models.complaints import Complaint
from portal.models import User
from portal.triggers import History


class ComplainedOf(models.Model):
    """Somebody complained of: as the complainant names them, and which member of staff that is, where it is known."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="complained_of", verbose_name=_("complaint"))
    named = models.CharField(_("named as"), max_length=200, blank=True)
    staff = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("member of staff")
    )
    identified_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("identified by"),
        help_text=_("Nobody: the name that was written is the name of this person."),
    )
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("person complained of")
        verbose_name_plural = _("persons complained of")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["complaint", "staff"], condition=models.Q(staff__isnull=False), name="complained_of_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(named="") | models.Q(staff__isnull=False), name="complained_of_somebody"
            ),
        ]
        triggers: ClassVar = [
            History(masked=("named",)),
            Kept(once=("staff_id", "identified_by_id"), free=("named",)),
            pgtrigger.Trigger(
                name="not_who_handles_it",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("staff_id"),
                declare=[("it", "record")],
                func="""
                    SELECT handler_id, decided_by_id INTO it
                      FROM investors_complaint WHERE id = NEW.complaint_id FOR NO KEY UPDATE;
                    IF NEW.staff_id IN (it.handler_id, it.decided_by_id) THEN
                        RAISE EXCEPTION 'complaint % would be against who handles or decided it', NEW.complaint_id
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id}: {self.pk}"


class ComplaintMessageQuerySet(models.QuerySet["ComplaintMessage"]):
    """Reading what is written about complaints."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return the messages of complaints the user may see; internal notes are not the complainant's."""
        if not user.is_authenticated:
            return self.none()
        found = self.filter(complaint__in=Complaint.objects.visible_to(user))
        return found.exclude(is_internal=True, complaint__complainant=user)

    def public(self) -> Self:
        """Return what the complainant reads."""
        return self.filter(is_internal=False)


class ComplaintMessage(models.Model):
    """A message of the complaint's thread, or an internal note."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="messages", verbose_name=_("complaint"))
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("author"))
    body = models.TextField(_("text"), max_length=5000)
    is_internal = models.BooleanField(_("internal note"), default=False)
    at = models.DateTimeField(pgettext_lazy("time", "written"), default=timezone.now, editable=False)
    idempotency_key = models.UUIDField(default=uuid4, editable=False)

    objects = ComplaintMessageQuerySet.as_manager()

    uploads: Sequence[UploadedFile] = ()
    """Files that are kept with it when it is written."""

    class Meta:
        verbose_name = _("message about a complaint")
        verbose_name_plural = _("messages about complaints")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["complaint", "author", "idempotency_key"], name="complaint_message_once"),
            models.CheckConstraint(condition=~models.Q(body=""), name="complaint_message_not_empty"),
        ]
        triggers: ClassVar = [History(masked=("body",)), Kept(free=("body",))]

    def __str__(self) -> str:
        return f"{self.complaint_id}: {self.pk}"
