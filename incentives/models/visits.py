"""Who is at an application now, and when each person was there last: convenience, not record."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from incentives.models.applications import Application


class SectionPresence(models.Model):
    """A person who has a section open; it locks nothing, it only tells the others."""

    AWAY_AFTER: ClassVar = timedelta(seconds=50)
    """Pages ask every 15 seconds who else is there; who did not for so long has left."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="+", verbose_name=_("application"))
    section = models.SlugField(pgettext_lazy("application form", "section"), max_length=40)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    since = models.DateTimeField(_("present since"), db_default=Now())
    seen_at = models.DateTimeField(_("last seen"), db_default=Now())

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "section", "user"], name="presence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.application_id} {self.section}"


class Visit(models.Model):
    """When a person last looked at an application, and what was news to them then."""

    GAP: ClassVar = timedelta(minutes=30)
    """Looks less far apart are one visit: what is new stays marked as new during it."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="+", verbose_name=_("application"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    at = models.DateTimeField(_("last look"), db_default=Now())
    news_since = models.DateTimeField(_("end of the visit before"), db_default=Now())

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "user"], name="visit_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.application_id}"
