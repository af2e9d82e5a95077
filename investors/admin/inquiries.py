"""The workplace of inquiries: what is due first, the thread, the steps."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import F, Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join, linebreaks
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from investors.admin.promising import WithCommitments
from investors.forms.steps import AnswerForm, HandOverForm, NoteForm
from investors.models import Inquiry
from investors.services.personal_data import files_by_message
from portal import local_form
from portal.admin.lists import GrowingAdmin
from portal.admin.lookups import FilteredLookups
from portal.admin.plain import plain
from portal.admin.steps import StepsAdmin
from portal.lifecycle import Step
from portal.models import Document, User
from portal.roles import Role

_MOST_OFFICERS = 200


class DueFilter(admin.SimpleListFilter):
    """Overdue, or waiting."""

    title = _("due")
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer the two."""
        return [("overdue", _("overdue")), ("waiting", _("waiting")), ("mine", _("mine, waiting"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow to the choice."""
        if self.value() == "overdue":
            return queryset.overdue()  # type: ignore[attr-defined]
        if self.value() == "waiting":
            return queryset.waiting()  # type: ignore[attr-defined]
        if self.value() == "mine":
            return queryset.waiting().filter(officer=request.user)  # type: ignore[attr-defined]
        return queryset


class OfficerFilter(admin.SimpleListFilter):
    """Whose inquiry it is."""

    title = _("officer")
    parameter_name = "officer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer those who answer, and the heads."""
        roles = [Role.INVESTMENT, Role.REGISTRY, Role.HEAD]
        officers = User.objects.filter(is_staff=True, groups__name__in=roles).order_by("name", "pk")
        return [(str(officer.pk), str(officer)) for officer in dict.fromkeys(officers[:_MOST_OFFICERS])]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow to the choice."""
        value = self.value()
        if value is None:
            return queryset
        known = value in dict(self.lookup_choices)
        return queryset.filter(officer=value) if known else queryset.none()


@admin.register(Inquiry)
class InquiryAdmin(WithCommitments, FilteredLookups, GrowingAdmin, StepsAdmin):
    """Inquiries, the overdue on top; confirmed, answered, handed over by their steps."""

    admin_icon = "forum"
    admin_position = 1
    view_on_site = False  # its page is the sender's alone
    list_display = ("number", "subject", "topic", "sender", "officer", "status", "due")
    list_filter = (DueFilter, "status", "topic", OfficerFilter)
    list_select_related = ("sender", "officer")
    search_fields = ("=reference", "subject", "sender__name")
    # What is to be decided is read before the steps.
    change_form_outer_before_template = None
    change_form_outer_after_template = "portal/admin/steps.html"
    step_forms = {"answer": AnswerForm, "note": NoteForm, "hand_over": HandOverForm}
    fieldsets = (
        (None, {"fields": ("reference", "status", plain(Inquiry, "officer"), "due", "due_estimated")}),
        (
            _("Question"),
            {"fields": (plain(Inquiry, "sender"), "organisation", "about", "topic", "language", "subject", "thread")},
        ),
        (
            _("Dates"),
            {
                "fields": (
                    "received_at",
                    "acknowledge_due",
                    "acknowledged_at",
                    "answer_due",
                    "answered_at",
                    "rating",
                    "rating_comment",
                )
            },
        ),
    )
    readonly_fields = [name for _title, part in fieldsets for name in part["fields"]]

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """Show what is due first on top."""
        return [F("next_due").asc(nulls_last=True), "-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Inquiry]:
        """Show what the role may see."""
        related = ("sender", "officer", "organisation", "opportunity", "about_organisation")
        return Inquiry.objects.visible_to(request.user).with_next_due().select_related(*related)

    def step_form(self, request: HttpRequest, obj: Model, step: Step, data: Any = None) -> forms.Form | None:
        """Offer for handing over those who may answer this one."""
        form = super().step_form(request, obj, step, data)
        if isinstance(form, HandOverForm) and isinstance(obj, Inquiry):
            form.offer_officers_for(obj)
        return form

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Inquiries are sent on the public site."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is typed into an inquiry but by its steps."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Inquiries stay."""
        return False

    @admin.display(description=_("reference"), ordering="reference")
    def number(self, inquiry: Inquiry) -> SafeString:
        """Keep the reference on one line."""
        return format_html('<span class="whitespace-nowrap">{}</span>', inquiry.reference)

    @admin.display(description=_("due"), ordering="next_due")
    def due(self, inquiry: Inquiry) -> str | SafeString:
        """Say what is due, and whether it is late."""
        if inquiry.due_at is None:
            return "-"
        day = local_form.day(inquiry.due_at)
        return format_html("<strong>{}: {}</strong>", _("Overdue"), day) if inquiry.is_overdue else day

    @admin.display(description=pgettext_lazy("inquiry", "about"))
    def about(self, inquiry: Inquiry) -> str | SafeString:
        """Lead to the opportunity or the organisation it is about, in the workplace and as the public sees it."""
        thing = inquiry.opportunity or inquiry.about_organisation
        if thing is None:
            return "-"
        url = reverse(f"admin:{thing._meta.app_label}_{thing._meta.model_name}_change", args=[thing.pk])
        links = [(url, str(thing)), (thing.get_absolute_url(), _("public page"))]
        return format_html_join(" · ", '<a class="text-primary-600 underline" href="{}">{}</a>', links)

    @admin.display(description=_("thread"))
    def thread(self, inquiry: Inquiry) -> SafeString:
        """Show question, messages and internal notes in their order."""
        first = (
            inquiry.sender,
            local_form.moment(inquiry.received_at),
            "",
            SafeString(linebreaks(inquiry.text, autoescape=True)),
        )
        messages = list(inquiry.messages.select_related("author"))
        files = files_by_message(messages)
        rows = (
            (
                message.author,
                local_form.moment(message.at),
                _("internal note") if message.is_internal else "",
                SafeString(linebreaks(message.body, autoescape=True)) + _links(files.get(message.pk, [])),
            )
            for message in messages
        )
        return format_html_join("", "<article><p><strong>{}</strong> · {} <em>{}</em></p>{}</article>", [first, *rows])


def _links(files: list[Document]) -> SafeString:
    """Lead to files that may be opened, and say of the others why not."""
    shown = [
        format_html('<a class="text-primary-600 underline" href="{}">{}</a>', reverse("document", args=[f.uid]), f.name)
        if f.status == Document.Status.CLEAN
        else format_html("{}", f.name)
        for f in files
    ]
    lines = ((link, file.state) for link, file in zip(shown, files, strict=True))
    return format_html_join("", "<p>{} ({})</p>", lines)
