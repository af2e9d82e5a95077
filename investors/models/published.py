"""What was published of an opportunity, each time: a later version is compared with it."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from investors.models.opportunities import Opportunity
from portal.models import User
from portal.triggers import AppendOnly


class PublishedVersion(models.Model):
    """The public words and facts of an opportunity as staff published them. Never changed."""

    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="published_versions")
    content = models.JSONField(_("content"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("published by"))
    at = models.DateTimeField(_("published"), db_default=Now())

    class Meta:
        verbose_name = _("published version")
        verbose_name_plural = _("published versions")
        ordering: ClassVar = ["pk"]
        triggers: ClassVar = [AppendOnly()]

    def __str__(self) -> str:
        return f"{self.opportunity_id} · {self.at:%Y-%m-%d}"
