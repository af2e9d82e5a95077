"""Matches: what was found for whom, the work of finding them, and the news that each side is told."""

from typing import ClassVar, Self

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from firms.models import Organisation
from firms.models.merged import OfLiving
from investors.models.opportunities import Opportunity, public
from investors.models.profiles import INTRODUCES
from investors.models.telling import Tell
from portal.models import User
from portal.models.work import Job, JobQuerySet
from portal.roles import has_role
from portal.triggers import History

_SIDES = {
    "capital": ("profile", "opportunity"),
    "technology": ("profile", "opportunity"),
    "laboratory": ("profile", "opportunity"),
    "need": ("listing", "opportunity"),
    "digital": ("listing", "firm"),
    "premises": ("search", "opportunity"),
}
"""By which columns each pairing names who seeks, and what is found."""

_COLUMNS = ("profile", "listing", "search", "opportunity", "firm")


def _names_its_sides() -> models.Q:
    condition = models.Q()
    for pairing, sides in _SIDES.items():
        condition |= models.Q(pairing=pairing, **{f"{name}__isnull": name not in sides for name in _COLUMNS})
    return condition


def _one_of(*names: str) -> models.Q:
    condition = models.Q()
    for name in names:
        condition |= models.Q(**{f"{other}__isnull": other != name for other in names})
    return condition


class MatchQuerySet(models.QuerySet["Match"]):
    """Reading matches, and who may see them."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return those found for a person and for their organisations; all of them for the staff who introduce."""
        if has_role(user, *INTRODUCES):
            return self
        if not user.is_authenticated:
            return self.none()
        own = Organisation.objects.with_member(user)
        return self.filter(
            models.Q(profile__user=user) | models.Q(search__organisation__in=own) | models.Q(listing__owner__in=own)
        )

    def standing(self) -> Self:
        """Return those that still fit, of things that are public today."""
        public = Opportunity.objects.published().values("pk")
        return self.filter(
            models.Q(opportunity=None) | models.Q(opportunity__in=public),
            models.Q(listing=None) | models.Q(listing__in=public),
            models.Q(firm=None) | models.Q(firm__status=Organisation.Status.LISTED),
            rank__gt=0,
        )

    def on_offer(self) -> Self:
        """Return those that still stand of people and organisations to whom opportunities are found, never firms.

        The same as ``standing`` says of them, in joins that a page has anyway: it looks at its own rows alone.
        """
        return self.filter(public("opportunity__"), rank__gt=0)

    def ranked(self) -> Self:
        """Sort the best first, of equals the newest."""
        return self.order_by("-rank", "-pk")


class Match(models.Model):
    """Something found for somebody who seeks. Verdicts are worked out when they are read; this keeps their sum."""

    class Pairing(models.TextChoices):
        CAPITAL = "capital", _("Capital")
        TECHNOLOGY = "technology", _("Technology")
        LABORATORY = "laboratory", _("Joint laboratory")
        NEED = "need", _("Technology needed")
        DIGITAL = "digital", _("Digital partner")
        PREMISES = "premises", _("Premises")

    pairing = models.CharField(_("pairing"), max_length=10, choices=Pairing)
    profile = models.ForeignKey(
        "investors.InvestorProfile",
        models.CASCADE,
        null=True,
        related_name="matches",
        verbose_name=_("investor profile"),
    )
    search = models.ForeignKey(
        "investors.PremisesSearch",
        models.CASCADE,
        null=True,
        related_name="matches",
        verbose_name=_("search for premises"),
    )
    listing = models.ForeignKey(
        "investors.Opportunity", models.CASCADE, null=True, related_name="found", verbose_name=_("what is sought")
    )
    opportunity = models.ForeignKey(
        "investors.Opportunity", models.CASCADE, null=True, related_name="matches", verbose_name=_("opportunity")
    )
    firm = models.ForeignKey(
        "firms.Organisation", models.PROTECT, null=True, related_name="+", verbose_name=_("digital firm")
    )
    rank = models.PositiveSmallIntegerField(_("rank"))
    score = models.PositiveSmallIntegerField(_("score of 1000"))
    is_good = models.BooleanField(_("a good match"))
    found_at = models.DateTimeField(_("found"), db_default=Now(), editable=False)
    seeker_told_at = models.DateTimeField(_("who seeks knows of it since"), null=True, editable=False)
    owner_told_at = models.DateTimeField(_("whose it is knows of it since"), null=True, editable=False)
    hidden_at = models.DateTimeField(_("hidden by who seeks"), null=True, editable=False)

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        indexes: ClassVar = [
            models.Index(fields=["profile", "-rank", "-id"], name="match_of_profile"),
            models.Index(fields=["opportunity", "-rank", "-id"], name="match_of_opportunity"),
            models.Index(fields=["listing", "-rank", "-id"], name="match_of_listing"),
            models.Index(fields=["search", "-rank", "-id"], name="match_of_search"),
            models.Index(fields=["firm", "-rank", "-id"], name="match_of_firm"),
            models.Index(fields=["-rank", "-id"], name="match_best"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=_names_its_sides(), name="match_names_its_sides"),
            models.CheckConstraint(
                condition=models.Q(rank__lte=3002, score__lte=1000), name="match_rank_within_bounds"
            ),
            models.UniqueConstraint(fields=["profile", "opportunity"], name="match_profile_once"),
            models.UniqueConstraint(fields=["search", "opportunity"], name="match_search_once"),
            models.UniqueConstraint(fields=["listing", "opportunity"], name="match_listing_once"),
            models.UniqueConstraint(fields=["listing", "firm"], name="match_firm_once"),
        ]
        triggers: ClassVar = [
            OfLiving("firm_id"),
            pgtrigger.Trigger(
                name="told_once",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("seeker_told_at", "owner_told_at"),
                func="""
                    IF (OLD.seeker_told_at IS NOT NULL AND NEW.seeker_told_at IS DISTINCT FROM OLD.seeker_told_at)
                       OR (OLD.owner_told_at IS NOT NULL AND NEW.owner_told_at IS DISTINCT FROM OLD.owner_told_at) THEN
                        RAISE EXCEPTION 'match % was told already: each side is told once', OLD.id
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_pairing_display()} {self.pk}"

    @property
    def percent(self) -> int:
        """The score, of 100."""
        return round(self.score / 10)


class MatchOrder(Job):
    """The matches of one thing are to be found anew."""

    profile = models.ForeignKey("investors.InvestorProfile", models.CASCADE, null=True, related_name="+")
    search = models.ForeignKey("investors.PremisesSearch", models.CASCADE, null=True, related_name="+")
    opportunity = models.ForeignKey("investors.Opportunity", models.CASCADE, null=True, related_name="+")

    objects = JobQuerySet["MatchOrder"].as_manager()

    class Meta(Job.Meta):
        verbose_name = _("search for matches")
        verbose_name_plural = _("searches for matches")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=_one_of("profile", "search", "opportunity"), name="match_order_about_one_thing"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class MatchNews(Job):
    """Somebody is to be told of the good matches that they do not know of yet, when they want to be told."""

    profile = models.ForeignKey("investors.InvestorProfile", models.CASCADE, null=True, related_name="+")
    search = models.ForeignKey("investors.PremisesSearch", models.CASCADE, null=True, related_name="+")
    organisation = models.ForeignKey("firms.Organisation", models.PROTECT, null=True, related_name="+")

    objects = JobQuerySet["MatchNews"].as_manager()

    class Meta(Job.Meta):
        verbose_name = _("news of matches")
        verbose_name_plural = _("news of matches")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=_one_of("profile", "search", "organisation"), name="match_news_for_one_side"
            ),
        ]
        triggers: ClassVar = [OfLiving()]

    def __str__(self) -> str:
        return str(self.pk)


class MatchRound(Job):
    """The daily look: what changed without an event is matched anew, what is done is cleared away; one always waits."""

    objects = JobQuerySet["MatchRound"].as_manager()

    class Meta(Job.Meta):
        verbose_name = _("daily search for matches")
        verbose_name_plural = _("daily searches for matches")

    def __str__(self) -> str:
        return str(self.pk)


class MatchWish(models.Model):
    """How often an organisation wants to be told of those who fit its listings, and of listings that it fits."""

    organisation = models.OneToOneField(
        "firms.Organisation", models.PROTECT, related_name="match_wish", verbose_name=_("organisation")
    )
    tell = models.CharField(_("tell us of new matches"), max_length=9, choices=Tell, default=Tell.WEEKLY)

    class Meta:
        verbose_name = _("wish to be told of matches")
        verbose_name_plural = _("wishes to be told of matches")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(tell__in=Tell.values), name="match_wish_tell_known"),
        ]
        triggers: ClassVar = [History(), OfLiving()]

    def __str__(self) -> str:
        return str(self.organisation)
