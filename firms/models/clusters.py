"""Clusters, the rules that fill them, and who belongs."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from firms.models.facets import part_triggers
from firms.models.merged import OfLiving
from portal.models.work import Job, JobQuerySet
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


class RulesInForce(models.Manager["ClusterRule"]):
    """The rules that hold. One that ended stays, unseen, until no membership names it."""

    def get_queryset(self) -> "models.QuerySet[ClusterRule]":
        """Leave out those that ended."""
        return super().get_queryset().filter(is_ended=False)


class ClusterRule(models.Model):
    """What takes a firm into a cluster, or keeps it out: its industry's code, words of its business scope, or both.

    A firm belongs when a rule that takes in fits it, and none that keeps out does; the first that fits (by id) explains
    its membership. ``firms.clusters.membership`` says the same in SQL.
    """

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
        verbose_name=_("words of the business scope"),
        default=list,
        blank=True,
        help_text=_("Separated by commas, written as in the scope. With codes as well, a firm must meet both."),
    )
    all_words = models.BooleanField(
        _("all of the words"), default=False, help_text=_("Otherwise one of the words is enough.")
    )
    keeps_out = models.BooleanField(
        _("keeps out"), default=False, help_text=_("A firm that it fits stays out, whatever other rules say.")
    )
    is_ended = models.BooleanField(_("ended"), default=False, editable=False)

    objects = RulesInForce()

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

    def fits(self, code: str, scope: str) -> bool:
        """Say whether an industry code and a business scope meet it.

        Args:
            code: of GB/T 4754-2017, two to four digits, or empty.
            scope: as registered; words are found as they are written, signs and all.
        """
        if self.class_prefixes and not any(code.startswith(prefix) for prefix in self.class_prefixes):
            return False
        has = all if self.all_words else any
        return not self.scope_words or has(word in scope for word in self.scope_words)


def rule_for(rules: Iterable[ClusterRule], code: str, scope: str) -> ClusterRule | None:
    """Return the rule by which a firm belongs; None where none takes it in or one keeps it out."""
    fitting = [rule for rule in rules if rule.fits(code, scope)]
    if any(rule.keeps_out for rule in fitting):
        return None
    return next(iter(fitting), None)


class ClusterMembership(models.Model):
    """An organisation in a cluster: by a rule, or by hand where the rule is empty; by hand wins."""

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
    reason = models.CharField(
        _("reason of a decision by hand"), max_length=500, blank=True, help_text=_("Only staff read it.")
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
            models.CheckConstraint(
                condition=models.Q(reason="") | models.Q(rule=None), name="cluster_reason_of_a_decision_by_hand"
            ),
        ]
        triggers: ClassVar = [History(), OfLiving(), *part_triggers()]

    def __str__(self) -> str:
        return f"{self.organisation_id} · {self.cluster_id}"


class ClusterFilling(Job):
    """A piece of the work of applying the rules of a cluster to the whole registry, too large for one request."""

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="fillings", verbose_name=_("cluster"))
    after = models.BigIntegerField(_("after the organisation with number"), default=0)
    asked_at = models.DateTimeField(_("asked for"), db_default=Now())

    objects = JobQuerySet["ClusterFilling"].as_manager()

    class Meta(Job.Meta):
        verbose_name = _("filling of a cluster")
        verbose_name_plural = _("fillings of clusters")

    def __str__(self) -> str:
        return f"{self.cluster_id} {self.after}"
