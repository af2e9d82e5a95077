"""Records that an inquiry has to do with, as its officers found."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from firms.models.merged import OfLiving
from investors.models.inquiries import Inquiry
from portal.models import User
from portal.triggers import History

TARGETS = ("organisation", "opportunity", "programme", "application", "other")


def _one_of(names: tuple[str, ...]) -> models.Q:
    found = models.Q()
    for name in names:
        found |= models.Q(**{f"{other}__isnull": other != name for other in names})
    return found


class InquiryLink(models.Model):
    """One record that an inquiry has to do with: exactly one of the columns is filled."""

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="links", verbose_name=_("inquiry"))
    organisation = models.ForeignKey(
        "firms.Organisation", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    opportunity = models.ForeignKey(
        "investors.Opportunity", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("opportunity")
    )
    programme = models.ForeignKey(
        "incentives.Programme", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("programme")
    )
    application = models.ForeignKey(
        "incentives.Application", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("application")
    )
    other = models.ForeignKey(
        Inquiry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("other inquiry")
    )
    linked_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False, verbose_name=_("linked by"))
    linked_at = models.DateTimeField(_("linked"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("link of an inquiry")
        verbose_name_plural = _("links of inquiries")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=_one_of(TARGETS), name="inquiry_link_to_one_thing"),
            models.CheckConstraint(condition=~models.Q(other=models.F("inquiry")), name="inquiry_link_not_to_itself"),
        ]
        triggers: ClassVar = [History(), OfLiving()]

    def __str__(self) -> str:
        return f"{self.inquiry_id}: {self.pk}"

    @property
    def target(self) -> models.Model:
        """The record."""
        found: models.Model = next(filter(None, (getattr(self, name) for name in TARGETS)))
        return found
