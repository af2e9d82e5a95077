"""How far interests are, and the texts of the agreement, in the staff workplace."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Max, Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from investors.interest_course import waiting_for
from investors.interest_rules import named_to_staff
from investors.models import ConfidentialityText, Interest
from portal.admin.edits import EditsAdmin
from portal.admin.lists import GrowingAdmin
from portal.admin.lookups import FilteredLookups
from portal.admin.plain import plain, unbroken
from portal.admin.steps import StepsAdmin


@admin.register(Interest)
class InterestAdmin(FilteredLookups, GrowingAdmin):
    """Progress alone: which opportunity, how far, since when, who waits for whom; no word of what is written."""

    admin_icon = "handshake"
    admin_position = 3
    list_display = (
        unbroken(Interest, "reference"),
        "status",
        "waits_for",
        "opportunity",
        "owner",
        "interested",
        "expressed_at",
        "ended_at",
    )
    list_filter = ("status", "opportunity__kind")
    list_select_related = ("opportunity__owner", "organisation")
    search_fields = ("reference",)
    fields = (
        "reference", plain(Interest, "opportunity"), "owner", "interested", "status", "waits_for", "expressed_at",
        "accepted_at", "agreed_at", "negotiating_at", "ended_at", "written", "planned", "reads_along",
    )  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Interest]:
        """Show how far all are."""
        seen = Interest.objects.in_progress_of(request.user).select_related("opportunity__owner", "organisation")
        return seen.annotate(
            messages_written=Count("messages", distinct=True), milestones_planned=Count("milestones", distinct=True)
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Interest is expressed by who is interested."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing of it is the staff's."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """It is never deleted."""
        return False

    def view_on_site(self, interest: Interest) -> str | None:
        """Lead nobody to the page of the two sides but from what is said below."""
        return None

    @admin.display(description=_("owner of the opportunity"))
    def owner(self, interest: Interest) -> str:
        """Name the organisation that owns the opportunity."""
        return str(interest.opportunity.owner)

    @admin.display(description=_("who is interested"))
    def interested(self, interest: Interest) -> str:
        """Name the organisation once both have agreed; before, say what it is. A person is never named."""
        named = named_to_staff(interest)
        return str(named or (_("an organisation") if interest.organisation_id else _("a person")))

    @admin.display(description=_("waits for"))
    def waits_for(self, interest: Interest) -> str:
        """Say what is to be done, and by which side."""
        return str(waiting_for(interest).text)

    @admin.display(description=_("messages"))
    def written(self, interest: Interest) -> int:
        """Count the messages."""
        return int(interest.messages_written)  # type: ignore[attr-defined]

    @admin.display(description=_("milestones"))
    def planned(self, interest: Interest) -> int:
        """Count the milestones."""
        return int(interest.milestones_planned)  # type: ignore[attr-defined]

    @admin.display(description=_("invited officer"))
    def reads_along(self, interest: Interest) -> str | SafeString:
        """Name the officer, and lead to the thread whoever is that officer."""
        if interest.officer is None:
            return "–"
        return format_html('<a href="{}">{}</a>', interest.get_absolute_url(), interest.officer.name)


class TextForm(forms.ModelForm):
    """A draft of the agreement; the next one begins with the text in force."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = ConfidentialityText.objects.current()
        if self.instance.pk is None and current:
            self.initial = {"text_zh": current.text_zh, "text_en": current.text_en, **self.initial}


@admin.register(ConfidentialityText)
class ConfidentialityTextAdmin(FilteredLookups, EditsAdmin, StepsAdmin):
    """The agreement in its versions: drafted here by one officer, published by another."""

    form = TextForm
    admin_icon = "gavel"
    admin_position = 9
    list_display = ("__str__", "status", "is_model", "drafted_by", "published_by", "published_at")
    list_select_related = ("drafted_by", "published_by")
    _shown = ("status", "is_model", plain(ConfidentialityText, "drafted_by"), "drafted_at",
              plain(ConfidentialityText, "published_by"), "published_at", "sha256")  # fmt: skip
    fields = ("text_zh", "text_en", *_shown)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[Any, ...]:
        """Let drafts be written; what was published stands fast."""
        return self.fields if obj and obj.is_published else self._shown

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was published never changes."""
        return super().has_change_permission(request, obj) and not (obj and obj.is_published)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Keep every version."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Number a new draft, and keep who wrote it last: somebody else publishes it."""
        if not change:
            obj.number = (ConfidentialityText.objects.aggregate(last=Max("number"))["last"] or 0) + 1
        obj.drafted_by = request.user
        super().save_model(request, obj, form, change)
