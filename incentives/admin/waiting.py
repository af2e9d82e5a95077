"""Lists by risk of lateness: what waits, the most urgent on top, for reviews, appeals and objections alike."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from incentives.admin.reading import ReadOnlyAdmin
from incentives.models.applications import ApplicationQuerySet
from portal.local_form import day
from portal.models import User
from portal.roles import Role


class WaitsFilter(admin.SimpleListFilter):
    """What waits for the person, and what is late."""

    title = _("waits for me")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer one's own and what is overdue."""
        return [("mine", _("waits for me")), ("overdue", _("overdue"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow the list."""
        if self.value() == "mine":
            return queryset.filter(is_waiting=True, is_mine=True)
        if self.value() == "overdue":
            return queryset.filter(is_waiting=True, due_at__lt=timezone.now())
        return queryset


class HearerFilter(admin.SimpleListFilter):
    """What one of those who hear it may decide: who have one of the roles, about the applications in ``heard``."""

    title = _("may be decided by")
    parameter_name = "hearer"
    roles: tuple[Role, ...]
    heard: Callable[[User], ApplicationQuerySet]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer those who have the role."""
        found = User.objects.filter(is_active=True, is_staff=True, groups__name__in=self.roles)
        self.people = {str(user.pk): user for user in found.order_by("name", "pk")}  # once, whatever their roles
        return [(pk, str(user)) for pk, user in self.people.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow to what waits and the person chosen may decide."""
        if self.value() is None:
            return queryset
        person = self.people.get(str(self.value()))
        if person is None:
            return queryset.none()
        return queryset.filter(is_waiting=True, application__in=self.heard(person).values("pk"))


class WaitingAdmin(ReadOnlyAdmin):
    """A list of what is to be done about applications: what waits first, the most urgent on top."""

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Put first what waits, the most urgent on top."""
        return ("-is_waiting", "due_at", "-id")

    @staticmethod
    def with_waiting(found: Any, mine: Any) -> Any:
        """Add what the list sorts and narrows by.

        Args:
            found: rows with ``waiting()`` and ``with_due_date()``.
            mine: whether a row is the person's own to do, as a condition.
        """
        waiting = found.model._default_manager.waiting().filter(pk=OuterRef("pk"))
        return (
            found.with_due_date()
            .annotate(is_waiting=Exists(waiting), is_mine=mine)
            .select_related("application__organisation", "application__round__programme")
        )

    @admin.display(description=_("number"))
    def number(self, row: Any) -> SafeString:
        """Give the application's number, on one line."""
        return format_html('<span class="whitespace-nowrap">{}</span>', row.application.number or "—")

    @admin.display(description=_("organisation"))
    def organisation(self, row: Any) -> str:
        """Name the applicant, so that a conflict can be seen."""
        return str(row.application.organisation.title)

    @admin.display(description=_("programme"))
    def programme(self, row: Any) -> str:
        """Name the programme."""
        return str(row.application.round.programme)

    @admin.display(description=_("due"), ordering="due_at")
    def due(self, row: Any) -> str:
        """Say by when it should be done, and whether that has passed."""
        return f"{day(row.due_at)} · {gettext('overdue')}" if self.is_late(row) else day(row.due_at)

    @staticmethod
    def is_late(row: Any) -> bool:
        """Whether it waits although its date has passed."""
        return bool(row.is_waiting and row.due_at and row.due_at < timezone.now())
