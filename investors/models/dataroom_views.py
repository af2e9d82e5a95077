"""Who opened what of a confidential tier, and when: each opening is a row before it is a byte."""

from typing import ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from investors.models.dataroom import DataRoomDocument, Tier, written_by
from investors.models.dataroom_triggers import OpenedByRight
from investors.models.interests import Interest
from portal.models import User
from portal.triggers import AppendOnly


class DataRoomViewQuerySet(models.QuerySet["DataRoomView"]):
    """Reading openings."""

    def of_owner(self, user: User | AnonymousUser) -> Self:
        """Return the openings of what organisations have for which the user writes; staff see none."""
        return self.filter(interest__opportunity__owner__in=written_by(user))

    def of_side(self, interest: Interest) -> Self:
        """Return the openings of one interest, as its own side reads them."""
        return self.filter(interest=interest).order_by("-pk")


class DataRoomView(models.Model):
    """One opening of a file, or of the confidential text. PostgreSQL writes when it was and what it showed."""

    interest = models.ForeignKey(
        Interest, models.PROTECT, related_name="room_views", verbose_name=_("expression of interest")
    )
    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("person"))
    document = models.ForeignKey(
        DataRoomDocument,
        models.PROTECT,
        null=True,
        related_name="views",
        verbose_name=_("file"),
        help_text=_("None: the confidential text."),
    )
    tier = models.CharField(_("who sees it"), max_length=12, choices=Tier, default=Tier.CONFIDENTIAL)
    sha256 = models.CharField(_("SHA-256 of what was shown"), max_length=64, default="")
    at = models.DateTimeField(pgettext_lazy("file", "opened"), db_default=Now())
    request = models.CharField(_("request"), max_length=64, default="")

    objects = DataRoomViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("opening of something confidential")
        verbose_name_plural = _("openings of something confidential")
        indexes: ClassVar = [models.Index(fields=["interest", "-id"], name="room_view_of_interest")]
        triggers: ClassVar = [OpenedByRight(), AppendOnly()]

    def __str__(self) -> str:
        return f"{self.interest_id}: {self.pk}"
