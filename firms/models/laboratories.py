"""Laboratories of universities, institutes and firms, and the clusters that they work for."""

from datetime import date
from typing import Any, ClassVar, Self

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Coalesce, Lower, NullIf
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from firms.models.clusters import Cluster
from firms.models.merged import OfLiving
from firms.models.organisations import READS_ALL, Organisation
from portal.models import User
from portal.roles import may_read_as
from portal.triggers import History

EARLIEST, LATEST = date(1800, 1, 1), date(2100, 1, 1)
"""An opening outside these days is taken for a slip of the pen."""


class LaboratoryQuerySet(models.QuerySet["Laboratory"]):
    """Reading laboratories, and who may see them."""

    def published(self) -> Self:
        """Return what the public sees: listed ones of listed organisations."""
        return self.filter(is_listed=True, organisation__status=Organisation.Status.LISTED)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return what is public, those of the user's own organisations, and for staff all."""
        if may_read_as(user, *READS_ALL):
            return self
        public = models.Q(is_listed=True, organisation__status=Organisation.Status.LISTED)
        return self.filter(public | models.Q(organisation__in=Organisation.objects.with_member(user)))

    def by_name(self) -> Self:
        """Sort by the name that the language of the page shows first."""
        first, second = ("name_zh", "name_en") if get_language() == "zh-hans" else ("name_en", "name_zh")
        return self.order_by(Lower(Coalesce(NullIf(first, models.Value("")), second)), "pk")


class LeavesByMerge(pgtrigger.Trigger):
    """A laboratory stays with its organisation unless that is merged into another; looked at when all is done."""

    def __init__(self) -> None:
        super().__init__(
            name="leaves_by_merge",
            when=pgtrigger.After,
            timing=pgtrigger.Deferred,
            operation=pgtrigger.UpdateOf("organisation_id"),
            condition=pgtrigger.Q(new__organisation_id__df=pgtrigger.F("old__organisation_id")),
            func="""
                IF NOT EXISTS (SELECT FROM firms_organisation WHERE id = OLD.organisation_id AND status = 'merged') THEN
                    RAISE EXCEPTION 'laboratory % stays with organisation %', OLD.id, OLD.organisation_id
                        USING ERRCODE = 'check_violation';
                END IF;
                RETURN NULL;
            """,
        )


class Laboratory(models.Model):
    """A laboratory, written by the registry in the words of its organisation."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="laboratories", verbose_name=_("organisation")
    )
    slug = models.SlugField(_("address on the site"), max_length=120, unique=True, editable=False)
    name_zh = models.CharField(_("name in Chinese"), max_length=150, blank=True)
    name_en = models.CharField(_("name in English"), max_length=150, blank=True)
    field_zh = models.CharField(_("field of work in Chinese"), max_length=200, blank=True)
    field_en = models.CharField(_("field of work in English"), max_length=200, blank=True)
    description_zh = models.TextField(_("description in Chinese"), max_length=5000, blank=True)
    description_en = models.TextField(_("description in English"), max_length=5000, blank=True)
    website = models.URLField(_("website"), blank=True)
    opened = models.DateField(_("opened on"), null=True, blank=True)
    clusters: "models.ManyToManyField[Cluster, Any]" = models.ManyToManyField(
        Cluster, through="firms.LaboratoryCluster", related_name="laboratories", verbose_name=_("clusters")
    )
    source = models.CharField(
        _("source"), max_length=200, help_text=_("From where this is known: the public reads it.")
    )
    is_listed = models.BooleanField(
        _("listed"), default=False, help_text=_("The public sees it, as long as its organisation is listed.")
    )

    objects = LaboratoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("laboratory")
        verbose_name_plural = _("laboratories")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(name_zh="", name_en=""),
                name="laboratory_has_a_name",
                violation_error_message=_("Give a name in Chinese or in English."),
            ),
            models.CheckConstraint(
                condition=models.Q(opened=None) | models.Q(opened__gte=EARLIEST, opened__lte=LATEST),
                name="laboratory_opened_in_our_times",
                violation_error_message=_("No laboratory was opened then."),
            ),
            models.CheckConstraint(
                condition=models.Q(website="") | models.Q(website__regex=r"^https?://"),
                name="laboratory_website",
                violation_error_message=_("The address begins with http:// or https://."),
            ),
            models.CheckConstraint(condition=~models.Q(source=""), name="laboratory_has_a_source"),
        ]
        triggers: ClassVar = [History(), OfLiving("organisation_id"), LeavesByMerge()]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of its public page."""
        return reverse("firms:laboratory", args=[self.slug])

    @property
    def title(self) -> str:
        """The name in the language of the page, or in the other where that is empty."""
        if get_language() == "zh-hans":
            return self.name_zh or self.name_en
        return self.name_en or self.name_zh

    @property
    def is_public(self) -> bool:
        """Whether the public sees it, as far as the row and its organisation say."""
        return self.is_listed and self.organisation.status == Organisation.Status.LISTED


class LaboratoryCluster(models.Model):
    """A cluster that a laboratory works for."""

    laboratory = models.ForeignKey(Laboratory, models.CASCADE, related_name="+")
    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="+", verbose_name=_("cluster"))

    class Meta:
        verbose_name = _("cluster of a laboratory")
        verbose_name_plural = _("clusters of a laboratory")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["laboratory", "cluster"], name="laboratory_cluster_once"),
        ]
        triggers: ClassVar = [History()]

    def __str__(self) -> str:
        return str(self.cluster)
