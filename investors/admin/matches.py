"""Matches in the workplace: both sides with their names and why they fit, for the officers who introduce them."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from firms.models import Organisation
from investors import fitting
from investors.models import Match, Opportunity
from portal.admin.lists import GrowingAdmin
from portal.admin.lookups import FilteredLookups

_RELATED = (
    "profile__user", "profile__organisation", "search__organisation", "listing__owner", "listing__subdistrict",
    "opportunity__owner", "opportunity__subdistrict", "firm",
)  # fmt: skip


@admin.register(Match)
class MatchAdmin(FilteredLookups, GrowingAdmin):
    """Matches, the best first; nothing is changed here."""

    admin_icon = "join_inner"
    admin_position = 4
    list_display = ("sides", "pairing", "share", "is_good", "found_at")
    list_filter = ("pairing", "is_good")
    search_fields = (
        "profile__user__name", "opportunity__title_en", "opportunity__title_zh", "listing__title_en",
        "listing__title_zh", "firm__name_en", "firm__name_zh",
    )  # fmt: skip
    fields = ("pairing", "seeker", "what_is_found", "share", "summary", "reasons", "found_at", "told")
    readonly_fields = fields

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """Show the best first."""
        return ["-rank", "-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Match]:
        """Show what the role may see and still stands."""
        found = Match.objects.visible_to(request.user).standing().select_related(*_RELATED)
        return found.prefetch_related("opportunity__clusters", "listing__clusters")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A worker finds them."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """What fits follows from what both sides say."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """They go when they fit no more."""
        return False

    @admin.display(description=_("who seeks, and what is found"))
    def sides(self, match: Match) -> str:
        """Name both sides."""
        return f"{_seeker_name(match)} ↔ {match.opportunity or match.firm}"

    @admin.display(description=_("score"), ordering="rank")
    def share(self, match: Match) -> str:
        """Show the score of 100."""
        return f"{match.percent}%"

    @admin.display(description=_("who seeks"))
    def seeker(self, match: Match) -> SafeString:
        """Name who seeks, and how to reach them."""
        if match.profile:
            user, profile = match.profile.user, match.profile
            names = [
                user.name,
                profile.organisation and profile.organisation.title,
                profile.get_investor_type_display(),
            ]
            words = " · ".join(str(word) for word in (*names, countries.name(str(profile.country))) if word)
            return format_html('{} · <a href="mailto:{}">{}</a>', words, user.email, user.email)
        if match.search:
            return _organisation(match.search.organisation)
        assert match.listing  # noqa: S101 -- a constraint sees to it
        return _listing(match.listing)

    @admin.display(description=_("what is found"))
    def what_is_found(self, match: Match) -> SafeString:
        """Name what was found, and whose it is."""
        if match.firm:
            return _organisation(match.firm)
        assert match.opportunity  # noqa: S101 -- a constraint sees to it
        return _listing(match.opportunity)

    @admin.display(description=_("in short"))
    def summary(self, match: Match) -> str:
        """Sum the verdicts up."""
        return str(fitting.fit_of(match).summary)

    @admin.display(description=_("verdicts"))
    def reasons(self, match: Match) -> SafeString:
        """Show each verdict with its reason."""
        rows = (
            (one.criterion.title, one.criterion.weight, one.outcome.label, one.reason)
            for one in fitting.fit_of(match).verdicts
        )
        return format_html_join("", "<p><strong>{}</strong> ({}): {}. {}</p>", rows)

    @admin.display(description=_("told"))
    def told(self, match: Match) -> str:
        """Say which side knows of it."""
        sides = [(_("who seeks"), match.seeker_told_at), (_("whose it is"), match.owner_told_at)]
        return ", ".join(str(side) for side, at in sides if at) or "-"


def _seeker_name(match: Match) -> str:
    if match.profile:
        return match.profile.user.name
    return str(match.search.organisation if match.search else match.listing)


def _organisation(organisation: Organisation) -> SafeString:
    url = reverse("admin:firms_organisation_change", args=[organisation.pk])
    return format_html('<a href="{}">{}</a>', url, organisation)


def _listing(opportunity: Opportunity) -> SafeString:
    url = reverse("admin:investors_opportunity_change", args=[opportunity.pk])
    return format_html('<a href="{}">{}</a> ({})', url, opportunity, _organisation(opportunity.owner))
