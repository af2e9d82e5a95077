"""The workplace of complaints: what is due first, the thread, the steps; nobody sees one in which they have a part."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import F, Model, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join, linebreaks
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from investors.admin.complaint_register import RegisterPages
from investors.complaint_files import files_by_subject
from investors.complaints import REGISTER
from investors.forms.complaint_steps import (
    AssignForm,
    CloseForm,
    ComplaintNoteForm,
    ExtendForm,
    IdentifyForm,
    NothingForm,
    RefuseForm,
    SupplementForm,
    WriteForm,
)
from investors.models import Complaint
from portal import local_form
from portal.admin.lists import GrowingAdmin
from portal.admin.lookups import FilteredLookups
from portal.admin.plain import plain, unbroken
from portal.admin.steps import StepsAdmin
from portal.admin_site import AdminPage
from portal.lifecycle import Step
from portal.models import Document
from portal.roles import Role


class ComplaintDueFilter(admin.SimpleListFilter):
    """Overdue, open, or one's own."""

    title = _("due")
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer the three."""
        return [("overdue", _("overdue")), ("open", pgettext_lazy("complaint", "open")), ("mine", _("mine, open"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow to the choice."""
        if self.value() == "overdue":
            return queryset.filter(pk__in=Complaint.objects.overdue().values("pk"))
        if self.value() == "open":
            return queryset.open()  # type: ignore[attr-defined]
        if self.value() == "mine":
            return queryset.open().filter(handler=request.user)  # type: ignore[attr-defined]
        return queryset


@admin.register(Complaint)
class ComplaintAdmin(FilteredLookups, RegisterPages, GrowingAdmin, StepsAdmin):
    """Complaints, the overdue on top; decided, extended, closed by their steps."""

    admin_icon = "gavel"
    admin_position = 2
    admin_pages = (
        AdminPage(
            _("Register of complaints"),
            "fact_check",
            "admin:investors_complaint_register",
            REGISTER,
            (Role.HEAD, Role.AUDITOR),
        ),
    )
    view_on_site = False  # its page is the complainant's alone
    list_display = (unbroken(Complaint, "reference"), "kind", "handler", "status", "due")
    list_filter = (ComplaintDueFilter, "status", "kind")
    list_select_related = ("handler",)
    search_fields = ("=reference",)
    # What is to be decided is read before the steps.
    change_form_outer_before_template = None
    change_form_outer_after_template = "portal/admin/steps.html"
    step_forms = {
        "identify": IdentifyForm,
        "assign": AssignForm,
        "recuse": NothingForm,
        "accept": NothingForm,
        "request_supplement": SupplementForm,
        "refuse": RefuseForm,
        "extend": ExtendForm,
        "close": CloseForm,
        "write": WriteForm,
        "note": ComplaintNoteForm,
    }
    fieldsets = (
        (None, {"fields": ("reference", "status", plain(Complaint, "handler"), "due", "due_estimated")}),
        (
            _("Complaint"),
            {
                "fields": (
                    plain(Complaint, "complainant"), "standing", "complains_for", "kind", "authority", "against",
                    "language", "subject", "asked", "elsewhere", "thread",
                )
            },
        ),
        (_("Outcome"), {"fields": ("ground", "ending", "outcome", plain(Complaint, "decided_by"))}),
        (
            _("Dates"),
            {
                "fields": (
                    "received_at", "decide_due", "supplement_due", "accepted_at", "close_due", "extension_days",
                    "extension_reason", plain(Complaint, "extended_by"), "ended_at",
                )
            },
        ),
    )  # fmt: skip
    readonly_fields = [name for _title, part in fieldsets for name in part["fields"]]

    def get_urls(self) -> list[Any]:
        """Add the register."""
        return [*self.register_urls(), *super().get_urls()]

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """Show what is due first on top."""
        return [F("next_due").asc(nulls_last=True), "-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Complaint]:
        """Show what the person handles, or oversees; not what they complained of themselves."""
        related = ("complainant", "organisation", "handler", "decided_by", "extended_by")
        seen: QuerySet[Complaint] = Complaint.objects.visible_to(request.user).exclude(complainant=request.user.pk)
        return seen.with_next_due().select_related(*related)  # type: ignore[attr-defined]

    def step_form(self, request: HttpRequest, obj: Model, step: Step, data: Any = None) -> forms.Form | None:
        """Offer for choosing those who may be chosen."""
        form = super().step_form(request, obj, step, data)
        if isinstance(form, AssignForm | IdentifyForm) and isinstance(obj, Complaint):
            form.offer_for(obj)
        return form

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> Any:
        """Answer as if there was nothing, rather than lead elsewhere with its number.

        Raises:
            Http404: always.
        """
        raise Http404

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Complaints are made on the public site."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is typed into a complaint but by its steps."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Complaints stay."""
        return False

    @admin.display(description=_("due"), ordering="next_due")
    def due(self, complaint: Complaint) -> str | SafeString:
        """Say what is due, and whether it is late."""
        if complaint.due_at is None:
            return "-"
        day = local_form.day(complaint.due_at)
        return format_html("<strong>{}: {}</strong>", _("Overdue"), day) if complaint.is_overdue else day

    @admin.display(description=_("on behalf of"))
    def complains_for(self, complaint: Complaint) -> str:
        """Name the enterprise or investor, and say whether it is in the registry."""
        return complaint.complains_for

    @admin.display(description=_("persons complained of"))
    def against(self, complaint: Complaint) -> str | SafeString:
        """Say who was named, and which member of staff that is."""
        rows = [(row.named, row.staff) for row in complaint.complained_of.select_related("staff")]
        if not rows:
            return gettext("somebody who works on this portal; nobody was named") if complaint.about_staff else "-"
        said = []
        for name, staff in rows:
            if staff:
                said.append(f"{name} → {staff}" if name else str(staff))
            elif complaint.about_staff:
                said.append(gettext("%(name)s: not known yet who that is") % {"name": name})
            else:
                said.append(name)
        return format_html_join("", "<p>{}</p>", [(line,) for line in said])

    @admin.display(description=_("what is asked for"))
    def asked(self, complaint: Complaint) -> SafeString:
        """Show it in paragraphs."""
        return SafeString(linebreaks(complaint.request, autoescape=True))

    @admin.display(description=_("thread"))
    def thread(self, complaint: Complaint) -> SafeString:
        """Show facts, messages and internal notes in their order, with their files."""
        messages = list(complaint.messages.select_related("author"))
        files = files_by_subject(complaint, messages)
        rows = [_part(complaint.complainant, complaint.received_at, "", complaint.facts, files.get(complaint, []))]
        for message in messages:
            note = _("internal note") if message.is_internal else ""
            rows.append(_part(message.author, message.at, note, message.body, files.get(message, [])))
        return format_html_join("", "<article><p><strong>{}</strong> · {} <em>{}</em></p>{}{}</article>", rows)


def _part(author: Any, at: Any, note: Any, text: str, files: list[Document]) -> tuple[Any, ...]:
    return author, local_form.moment(at), note, SafeString(linebreaks(text, autoescape=True)), _files(files)


def _files(files: list[Document]) -> SafeString:
    return format_html_join(
        "",
        '<p><a class="text-primary-600 underline" href="{}">{}</a> · {}</p>',
        [(reverse("document", args=[file.uid]), file.name, file.state) for file in files],
    )
