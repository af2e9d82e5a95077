"""Counted firms: how many of each cluster, and of the district, by place, year, staff and ownership."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from portal.models.work import Job, JobQuerySet


class FirmCount(Job):
    """One count of all listed firms: work when it is due, the day of its numbers once it is done."""

    asked_at = models.DateTimeField(_("asked for"), db_default=Now())
    registry_on = models.DateField(_("date of the registry file"), null=True, blank=True)

    objects = JobQuerySet["FirmCount"].as_manager()

    class Meta(Job.Meta):
        verbose_name = _("count of firms")
        verbose_name_plural = _("counts of firms")

    def __str__(self) -> str:
        return f"{self.pk} {self.done_at or '–'}"


class CountedGroup(models.Model):
    """A number of a count: of a cluster, or of the whole district where there is none."""

    class Grouping(models.TextChoices):
        SUBDISTRICT = "subdistrict", _("subdistrict")
        FOUNDED = "founded", _("year of founding")
        STAFF = "staff", _("staff")
        FOREIGN = "foreign", _("foreign investment")

    count = models.ForeignKey(FirmCount, models.CASCADE, related_name="groups", verbose_name=_("count"))
    cluster = models.ForeignKey("firms.Cluster", models.CASCADE, null=True, verbose_name=_("cluster"))
    grouping = models.CharField(_("grouping"), max_length=12, choices=Grouping)
    value = models.CharField(_("value"), max_length=12, help_text=_("Empty where it is not known."))
    number = models.PositiveIntegerField(_("number of firms"))

    class Meta:
        verbose_name = _("counted group")
        verbose_name_plural = _("counted groups")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["count", "cluster", "grouping", "value"], nulls_distinct=False, name="counted_group_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cluster_id or '–'} {self.grouping} {self.value} {self.number}"
