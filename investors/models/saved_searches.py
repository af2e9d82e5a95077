"""Saved searches: what a person wants to hear of, what they were told, and the work of telling it."""

from typing import ClassVar, Self
from uuid import uuid4

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from investors.models.opportunities import Opportunity
from portal.models import Job, JobQuerySet, User
from portal.triggers import History

MOST_SAVED = 20
"""So many searches one person saves; each has a place of its own, which PostgreSQL counts by."""

QUERY_LENGTH = 2000


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    """Reading saved searches, and whose they are."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return those of the person: nobody else sees them, staff neither."""
        return self.filter(person=user) if user.is_authenticated else self.none()

    def running(self) -> Self:
        """Return those of whose finds somebody is told."""
        return self.filter(paused_at=None, person__is_active=True)


class SavedSearch(models.Model):
    """The criteria of a search, under a name, and how often its person is told of what is new."""

    class Often(models.TextChoices):
        IMMEDIATE = "immediate", pgettext_lazy("saved search", "at once")
        DAILY = "daily", pgettext_lazy("saved search", "once a day, at 8 in the morning in Shanghai")
        WEEKLY = "weekly", pgettext_lazy("saved search", "once a week, on Mondays at 8 in the morning in Shanghai")

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    person = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("person"))
    place = models.PositiveSmallIntegerField(_("place"), editable=False)
    name = models.CharField(pgettext_lazy("saved search", "name"), max_length=80)
    query = models.CharField(pgettext_lazy("saved search", "criteria"), max_length=QUERY_LENGTH, blank=True)
    often = models.CharField(_("how often"), max_length=10, choices=Often)
    since = models.DateTimeField(
        _("what was published after"), help_text=_("Saving, changing the criteria and going on begin anew.")
    )
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True)
    created_at = models.DateTimeField(_("saved"), db_default=Now(), editable=False)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "place"], name="saved_search_place_once"),
            models.UniqueConstraint(fields=["person", "query"], name="saved_search_query_once"),
            models.CheckConstraint(
                condition=models.Q(place__gte=1, place__lte=MOST_SAVED), name="saved_searches_of_bounded_number"
            ),
            models.CheckConstraint(
                condition=models.Q(often__in=["immediate", "daily", "weekly"]), name="saved_search_often_known"
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="saved_search_has_a_name"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["id"], name="saved_search_immediate", condition=models.Q(often="immediate", paused_at=None)
            )
        ]
        triggers: ClassVar = [History(masked=("name", "query"))]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the page where its person changes it."""
        return reverse("investors:saved_search", args=[self.uid])


class SearchHit(models.Model):
    """An opportunity of which the person of a search was told: once."""

    search = models.ForeignKey(SavedSearch, models.CASCADE, related_name="hits", verbose_name=_("saved search"))
    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="+", verbose_name=_("opportunity"))
    told_at = models.DateTimeField(_("told"), db_default=Now())

    class Meta:
        verbose_name = _("hit of a saved search")
        verbose_name_plural = _("hits of saved searches")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["search", "opportunity"], name="search_hit_once"),
        ]

    def __str__(self) -> str:
        return f"{self.search_id}: {self.opportunity_id}"


class SearchDigest(Job):
    """The next digest of a search: work that is due at 8 in the morning, and makes the row of the one after it."""

    search = models.ForeignKey(SavedSearch, models.CASCADE, related_name="digests", verbose_name=_("saved search"))
    due_at = models.DateTimeField(_("due"))

    objects = JobQuerySet["SearchDigest"].as_manager()

    class Meta(Job.Meta):
        verbose_name = _("digest of a saved search")
        verbose_name_plural = _("digests of saved searches")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["search", "due_at"], name="search_digest_once"),
        ]

    def __str__(self) -> str:
        return f"{self.search_id}: {self.due_at}"


ANNOUNCEMENTS = "announcements"
"""The queue of what was published, which the lifecycle wakes."""


class Announcement(Job):
    """An opportunity that was published: work, in which those who want to hear at once are found, piece by piece."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="+", verbose_name=_("opportunity"))
    published_at = models.DateTimeField(_("published"))
    after = models.BigIntegerField(_("searches after this one"), default=0)

    objects = JobQuerySet["Announcement"].as_manager()

    class Meta(Job.Meta):
        verbose_name = _("announcement of an opportunity")
        verbose_name_plural = _("announcements of opportunities")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["opportunity", "published_at", "after"], name="announcement_once"),
        ]

    def __str__(self) -> str:
        return str(self.opportunity_id)
