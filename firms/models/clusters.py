"""Clusters, the rules that fill them, and who belongs."""

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from firms.models.facets import part_triggers
from portal.triggers import History

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class Cluster(models.Model):
    """An industrial cluster around which the district mobilises its resources."""

    slug = models.SlugField(_("address on the site"), unique=True)
    title_en = models.CharField(_("title in English"), max_length=100)
    title_zh = models.CharField(_("title in Chinese"), max_length=100)
    summary_en = models.TextField(_("summary in English"), max_length=2000, blank=True)
    summary_zh = models.TextField(_("summary in Chinese"), max_length=2000, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    if TYPE_CHECKING:
        rules: RelatedManager["ClusterRule"]
        memberships: RelatedManager["ClusterMembership"]

    class Meta:
        verbose_name = _("cluster")
        verbose_name_plural = _("clusters")
        ordering: ClassVar = ["position", "slug"]
        triggers: ClassVar = [History()]

    def __str__(self) -> str:
        return self.title_zh if get_language() == "zh-hans" else self.title_en

    def get_absolute_url(self) -> str:
        """Return the address of its public page."""
        return reverse("firms:cluster", args=[self.slug])


class ClusterRule(models.Model):
    """What puts a firm into a cluster: its industry's code, words of its business scope, or both."""

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="rules", verbose_name=_("cluster"))
    title_en = models.CharField(_("title in English"), max_length=150)
    title_zh = models.CharField(_("title in Chinese"), max_length=150)
    class_prefixes = ArrayField(
        models.CharField(max_length=4),
        verbose_name=_("industry codes begin with"),
        default=list,
        blank=True,
        help_text=_("Codes of GB/T 4754-2017 or their beginnings, separated by commas: 651, 6520."),
    )
    scope_words = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("business scope has one of the words"),
        default=list,
        blank=True,
        help_text=_("Separated by commas. With codes as well, a firm must meet both."),
    )

    class Meta:
        verbose_name = _("cluster rule")
        verbose_name_plural = _("cluster rules")
        ordering: ClassVar = ["cluster", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(class_prefixes=[], scope_words=[]), name="cluster_rule_asks_something"
            ),
        ]
        triggers: ClassVar = [History()]

    def __str__(self) -> str:
        return self.title_zh if get_language() == "zh-hans" else self.title_en


class ClusterMembership(models.Model):
    """A firm in a cluster: by a rule, or by hand where the rule is empty; by hand wins."""

    organisation = models.ForeignKey(
        "firms.Organisation", models.PROTECT, related_name="cluster_memberships", verbose_name=_("organisation")
    )
    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="memberships", verbose_name=_("cluster"))
    rule = models.ForeignKey(
        ClusterRule, models.CASCADE, null=True, blank=True, verbose_name=_("rule"), help_text=_("Empty: by hand.")
    )
    excluded = models.BooleanField(
        _("kept out by hand"), default=False, help_text=_("The rules do not put the firm in again.")
    )

    class Meta:
        verbose_name = _("cluster membership")
        verbose_name_plural = _("cluster memberships")
        indexes: ClassVar = [models.Index(fields=["cluster", "excluded", "organisation"], name="cluster_members")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "cluster"], name="cluster_membership_once"),
            models.CheckConstraint(
                condition=models.Q(excluded=False) | models.Q(rule=None), name="cluster_exclusion_by_hand"
            ),
        ]
        triggers: ClassVar = [History(), *part_triggers()]

    def __str__(self) -> str:
        return f"{self.organisation_id} · {self.cluster_id}"
