"""Shortlists: what a person keeps of the opportunities, and the links by which one is shown to others."""

from typing import ClassVar, Self
from uuid import uuid4

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from investors.models.opportunities import Opportunity
from portal.models import User
from portal.triggers import History

MOST_KEPT = 200
"""So many opportunities one person keeps; each has a place of its own, which PostgreSQL counts by."""

NOTE_LENGTH = 300


class ShortlistItemQuerySet(models.QuerySet["ShortlistItem"]):
    """Reading shortlists, and whose they are."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return what the person keeps: nobody else sees it, staff neither."""
        return self.filter(person=user) if user.is_authenticated else self.none()


class ShortlistItem(models.Model):
    """An opportunity that a person keeps, with the title it then had and the person's note.

    The title stays when the listing goes: whoever had it is told what is gone, and of what it says now nothing.
    """

    person = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("person"))
    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="+", verbose_name=_("opportunity"))
    place = models.PositiveSmallIntegerField(
        _("place"), validators=[MinValueValidator(1), MaxValueValidator(MOST_KEPT)], editable=False
    )
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)
    title_zh = models.CharField(_("title in Chinese"), max_length=120, blank=True)
    note = models.CharField(_("note"), max_length=NOTE_LENGTH, blank=True)
    added_at = models.DateTimeField(_("added"), db_default=Now())

    objects = ShortlistItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item of a shortlist")
        verbose_name_plural = _("items of shortlists")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "opportunity"], name="shortlist_item_once"),
            models.UniqueConstraint(fields=["person", "place"], name="shortlist_place_once"),
            models.CheckConstraint(
                condition=models.Q(place__gte=1, place__lte=MOST_KEPT), name="shortlist_of_bounded_length"
            ),
        ]
        triggers: ClassVar = [History(masked=("note",))]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the language of the page, or in the other where that is empty."""
        if get_language() == "zh-hans":
            return self.title_zh or self.title_en
        return self.title_en or self.title_zh


class Held(models.Model):
    """What belongs to a person, or to a session of somebody without an account, of which a digest alone is kept."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    person = models.ForeignKey(User, models.CASCADE, null=True, related_name="+", verbose_name=_("person"))
    session_digest = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(_("made"), db_default=Now(), editable=False)
    expires_at = models.DateTimeField(_("expires"), editable=False)

    class Meta:
        abstract = True


def of_one_holder(name: str) -> models.CheckConstraint:
    """Return the constraint that a row belongs to a person or to a session, never to both or to none."""
    person = models.Q(person__isnull=False, session_digest="")
    return models.CheckConstraint(condition=person | (models.Q(person=None) & ~models.Q(session_digest="")), name=name)


class SharedShortlistQuerySet(models.QuerySet["SharedShortlist"]):
    """Reading the links to shortlists."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return the links that the person made."""
        return self.filter(person=user) if user.is_authenticated else self.none()

    def live(self) -> Self:
        """Return those that still work, by PostgreSQL's clock."""
        return self.filter(revoked_at=None, expires_at__gt=Now())


class SharedShortlist(Held):
    """A link that shows a shortlist as it was when the link was made: what is on it, and nothing of whose it is."""

    opportunities = ArrayField(models.BigIntegerField(), size=MOST_KEPT, verbose_name=_("opportunities"))
    revoked_at = models.DateTimeField(pgettext_lazy("link", "ended"), null=True, blank=True)

    objects = SharedShortlistQuerySet.as_manager()

    class Meta:
        verbose_name = _("shared shortlist")
        verbose_name_plural = _("shared shortlists")
        indexes: ClassVar = [
            models.Index(fields=["person", "created_at"], name="shared_shortlist_person"),
            models.Index(fields=["session_digest", "created_at"], name="shared_shortlist_session"),
        ]
        constraints: ClassVar = [
            of_one_holder("shared_shortlist_of_one_holder"),
            models.CheckConstraint(
                condition=models.Q(opportunities__len__gte=1, opportunities__len__lte=MOST_KEPT),
                name="shared_shortlist_of_bounded_length",
            ),
        ]
        triggers: ClassVar = [History(masked=("session_digest",))]

    def __str__(self) -> str:
        return str(self.uid)

    def get_absolute_url(self) -> str:
        """Return the page where its maker sees and ends it."""
        return reverse("investors:shortlist")
