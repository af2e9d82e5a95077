"""Brochures: a shortlist as a PDF, made by a worker, kept for a few days for whoever asked."""

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from investors.models.shortlists import Held, of_one_holder
from portal.models import Document, Job, JobQuerySet, User

MOST_PRINTED = 50


class BrochureQuerySet(JobQuerySet["Brochure"]):
    """Reading brochures, and who may open them."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return those that the person asked for: nobody else sees them, staff neither."""
        return self.filter(person=user) if user.is_authenticated else self.none()


class Brochure(Held, Job):
    """One brochure in one language, of opportunities that were named when it was asked for, as far as they are public.

    Nothing of it is history: it is made of public pages, and gone after a few days. Its job is to be made.
    """

    key = models.UUIDField(editable=False)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    opportunities = ArrayField(models.BigIntegerField(), size=MOST_PRINTED, verbose_name=_("opportunities"))
    sender_digest = models.CharField(max_length=64, editable=False)
    document = models.OneToOneField(
        Document, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("file")
    )

    objects = BrochureQuerySet.as_manager()

    class Meta(Job.Meta):
        verbose_name = _("brochure")
        verbose_name_plural = _("brochures")
        indexes: ClassVar = [
            *Job.Meta.indexes,
            models.Index(fields=["person", "created_at"], name="brochure_person"),
            models.Index(fields=["session_digest", "created_at"], name="brochure_session"),
            models.Index(fields=["sender_digest", "created_at"], name="brochure_sender"),
        ]
        constraints: ClassVar = [
            of_one_holder("brochure_of_one_holder"),
            models.UniqueConstraint(
                fields=["key", "person", "session_digest"], name="brochure_asked_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=models.Q(opportunities__len__gte=1, opportunities__len__lte=MOST_PRINTED),
                name="brochure_of_bounded_length",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uid)

    def get_absolute_url(self) -> str:
        """Return the page that says how far it is, and gives it."""
        return reverse("investors:brochure", args=[self.uid])


class BrochureProgress(models.Model):
    """How far a brochure is; a row of its own, since the brochure itself is locked while it is made."""

    class Stage(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("brochure", "waiting for a worker")
        COLLECTING = "collecting", pgettext_lazy("brochure", "collecting the facts")
        SETTING = "setting", pgettext_lazy("brochure", "setting the pages")
        DONE = "done", pgettext_lazy("brochure", "ready")

    brochure = models.OneToOneField(
        Brochure, models.CASCADE, primary_key=True, related_name="progress", verbose_name=_("brochure")
    )
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.WAITING)
    done = models.PositiveSmallIntegerField(_("done"), default=0)
    total = models.PositiveSmallIntegerField(_("of"), default=0)

    class Meta:
        verbose_name = _("progress of a brochure")
        verbose_name_plural = _("progress of brochures")

    def __str__(self) -> str:
        return str(self.get_stage_display())

    @property
    def percent(self) -> int | None:
        """How much is done, where that can be said."""
        return self.done * 100 // self.total if self.total else None


class BrochureEnd(Job):
    """The end of a brochure: work that is due when it expires, and deletes it with its file."""

    brochure = models.OneToOneField(Brochure, models.CASCADE, related_name="+", verbose_name=_("brochure"))

    objects = JobQuerySet["BrochureEnd"].as_manager()

    class Meta(Job.Meta):
        verbose_name = _("end of a brochure")
        verbose_name_plural = _("ends of brochures")

    def __str__(self) -> str:
        return str(self.brochure_id)
