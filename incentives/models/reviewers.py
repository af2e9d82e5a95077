"""Reviewers: what they know, and whom they work or worked for."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from firms.models import Organisation
from firms.models.merged import OfLiving
from firms.models.organisations import USCC_PATTERN
from incentives.models.programmes import Programme
from portal.triggers import History

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class ReviewerProfile(models.Model):
    """What a reviewer can judge. Kept by the programme managers, never by the reviewer."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviewer_profile", verbose_name=_("reviewer")
    )
    clusters = ArrayField(
        models.SlugField(max_length=60), verbose_name=_("clusters that the reviewer knows"), default=list, blank=True
    )
    instruments = ArrayField(
        models.CharField(max_length=10, choices=Programme.Instrument),
        verbose_name=_("instruments that the reviewer knows"),
        default=list,
        blank=True,
    )

    if TYPE_CHECKING:
        employers: RelatedManager["Employment"]

    class Meta:
        verbose_name = _("reviewer")
        verbose_name_plural = pgettext_lazy("people", "reviewers")
        ordering: ClassVar = ["id"]
        triggers: ClassVar = [History()]

    def __str__(self) -> str:
        return str(self.user)


class Employment(models.Model):
    """An employer of a reviewer, now or before: an organisation of the registry, a code, or a name."""

    profile = models.ForeignKey(ReviewerProfile, models.PROTECT, related_name="employers", verbose_name=_("reviewer"))
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organisation of the registry"),
    )
    uscc = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    name = models.CharField(_("name of the employer"), max_length=200, blank=True)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True, help_text=_("Empty: works there now."))

    class Meta:
        verbose_name = _("employer")
        verbose_name_plural = _("employers, present and past")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(organisation__isnull=False) | ~models.Q(uscc="", name=""),
                name="employment_names_somebody",
                violation_error_message=_("Choose the organisation, or give its code or name."),
            ),
            models.CheckConstraint(
                condition=models.Q(uscc="") | models.Q(uscc__regex=USCC_PATTERN),
                name="employment_uscc",
                violation_error_message=_("This is not a unified social credit code."),
            ),
            models.CheckConstraint(
                condition=models.Q(since=None) | models.Q(until=None) | models.Q(until__gte=models.F("since")),
                name="employment_ends_after_it_begins",
                violation_error_message=_("It ends before it begins."),
            ),
        ]
        triggers: ClassVar = [History(), OfLiving()]

    def __str__(self) -> str:
        return str(self.organisation) if self.organisation_id else self.name or self.uscc
