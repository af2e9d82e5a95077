"""What happened, what waits and what failed: to be read, not changed."""

import re
from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal import confidential
from portal.admin.filters import RecordFilter, StepFilter, TableFilter
from portal.admin.lists import GrowingAdmin
from portal.admin.lookups import FilteredLookups
from portal.admin.plain import plain
from portal.admin.words import counted, message, operation, purpose, record, status, step, table
from portal.models import Deadline, Erasure, HistoryEntry, Notice, StepTaken, User

_REQUEST = re.compile(r"[0-9a-f-]{32,36}|[a-z]+-[0-9]+(-[a-z]+)?")  # of a visitor, or a thing that changes many rows


class ReadOnlyAdmin(GrowingAdmin):
    """Rows that staff read; nobody adds, changes or deletes them here.

    ``said`` names the columns whose codes are shown in the reader's words, and what shows each.
    """

    said: dict[str, Callable[[Any], str]] = {}

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """Show every column but those left out, without the form that Django would build to find them."""
        left_out = self.exclude or ()
        columns = [f for f in self.opts.concrete_fields if not f.primary_key and f.name not in left_out]
        return [
            plain(self.model, f.name) if f.related_model is User else self.said.get(f.name, f.name) for f in columns
        ]

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse."""
        return False


@admin.register(HistoryEntry)
class HistoryEntryAdmin(FilteredLookups, ReadOnlyAdmin):
    """Every change of every governed row."""

    admin_icon = "history"
    admin_position = 7
    said = {"operation": operation, "subject_table": table}
    list_display = ("at", "actor", operation, table, "subject_id")
    list_filter = (TableFilter,)
    search_fields = ("subject_id",)
    search_help_text = _("Number of the record, user:number, command:name, or id of a request")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave out what is confidential."""
        return super().get_queryset(request).filter(confidential.history())

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[HistoryEntry], search_term: str
    ) -> tuple[QuerySet[HistoryEntry], bool]:
        """Look for one thing, which its form tells, so that its index finds it."""
        text = search_term.strip()
        if not text:
            return queryset, False
        column = "actor" if ":" in text else "request" if _REQUEST.fullmatch(text) else "subject_id"
        return queryset.filter(**{column: text}), False


@admin.register(StepTaken)
class StepTakenAdmin(FilteredLookups, ReadOnlyAdmin):
    """Every step of every lifecycle."""

    admin_icon = "timeline"
    admin_position = 6
    said = {"subject_type": record, "step": step, "source": status("source"), "target": status("target")}
    list_display = ("at", record, "subject_id", step, said["source"], said["target"], "by")
    list_filter = (RecordFilter, StepFilter)
    list_select_related = ("subject_type", "by")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave out what is confidential."""
        return super().get_queryset(request).filter(confidential.steps())


@admin.register(Deadline)
class DeadlineAdmin(FilteredLookups, ReadOnlyAdmin):
    """What is due, and what a person must look at."""

    admin_icon = "timer"
    admin_position = 4
    said = {"subject_type": record, "step": step, "while_status": status("while_status")}
    list_display = ("due_at", step, record, "subject_id", "estimated", "done_at", "parked_at")
    list_filter = (
        RecordFilter,
        StepFilter,
        ("done_at", admin.EmptyFieldListFilter),
        ("parked_at", admin.EmptyFieldListFilter),
    )
    list_select_related = ("subject_type",)
    ordering = ("due_at",)


@admin.register(Notice)
class NoticeAdmin(FilteredLookups, ReadOnlyAdmin):
    """The outbox, without what was written: who was told what, and what could not be delivered."""

    admin_icon = "notifications"
    admin_position = 5
    said = {"kind": message}
    list_display = ("created_at", message, "channel", "recipient", "done_at", "tries", "parked_at")
    list_filter = ("channel", ("parked_at", admin.EmptyFieldListFilter), ("done_at", admin.EmptyFieldListFilter))
    list_select_related = ("recipient",)
    exclude = ("context",)
    ordering = ("-id",)
    actions = ("try_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave out what is confidential; what of it cannot be delivered is seen, so that somebody mends it."""
        found = super().get_queryset(request)
        return found.filter(confidential.notices() | Q(parked_at__isnull=False))

    @admin.action(description=_("Try again"), permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: Any) -> None:
        """Give parked notices five more tries."""
        count = queryset.parked().update(parked_at=None, tries=0)
        self.message_user(request, _("%(count)s notices will be tried again.") % {"count": count})


@admin.register(Erasure)
class ErasureAdmin(FilteredLookups, ReadOnlyAdmin):
    """Which accounts were erased for which purpose, and how many records that were: numbers, nothing of the person."""

    admin_icon = "person_off"
    admin_position = 8
    list_display = ("asked_at", "user", purpose, counted, "done_at", "parked_at")
    list_filter = (("parked_at", admin.EmptyFieldListFilter), ("done_at", admin.EmptyFieldListFilter))
    list_select_related = ("user",)
    said = {"purpose": purpose, "erased": counted}
    ordering = ("-id",)
    actions = ("try_again",)

    @admin.action(description=_("Try again"), permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: Any) -> None:
        """Give what failed five more tries."""
        count = queryset.parked().update(parked_at=None, tries=0)
        self.message_user(request, _("%(count)s erasures will be tried again.") % {"count": count})
