"""Commitments of the district in the workplace: made from an answer, an offer or by hand, settled by their owners."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, Model, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from investors.commitment_files import spreadsheet
from investors.commitment_rules import MAKERS
from investors.committing import Origin, source_in_words, standing
from investors.forms.commitments import BreakForm, CommitmentForm, KeepForm, ObjectionAnswerForm, OwnerForm
from investors.models import Commitment
from investors.services.commitments import Promised, make_commitment
from portal import local_form
from portal.admin.lists import GrowingAdmin
from portal.admin.lookups import FilteredLookups
from portal.admin.plain import plain, unbroken
from portal.admin.steps import StepsAdmin
from portal.admin_site import AdminPage
from portal.clock import working_days_left
from portal.lifecycle import NotAllowed, Step, StepClosed
from portal.models import Document
from portal.roles import has_role

_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RELATED = ("organisation", "person", "owner", "made_by", "message__inquiry", "application", "follows", "follow_up")


class StandingFilter(admin.SimpleListFilter):
    """Mine, open, overdue, not kept, objected to."""

    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer them."""
        return [
            ("mine", _("mine, open")),
            ("open", _("open")),
            ("overdue", _("overdue")),
            ("broken", _("not kept")),
            ("disputed", _("objected to, not answered yet")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow to the choice."""
        found: Any = queryset
        match self.value():
            case "mine":
                return found.open().filter(owner=request.user)
            case "open":
                return found.open()
            case "overdue":
                return found.overdue()
            case "broken":
                return found.filter(status=Commitment.Status.BROKEN)
            case "disputed":
                return found.disputed()
        return queryset


@admin.register(Commitment)
class CommitmentAdmin(FilteredLookups, GrowingAdmin, StepsAdmin):
    """Commitments, what is due first on top."""

    admin_icon = "handshake"
    admin_position = 3
    admin_pages = (
        AdminPage(
            _("Commitments as a spreadsheet"),
            "download",
            "admin:investors_commitment_export",
            "investors.view_commitment",
        ),
    )
    view_on_site = False  # its page is the beneficiary's
    list_display = (unbroken(Commitment, "reference"), "due", "stands", "promise", "to_whom", "owner")
    list_filter = (StandingFilter, "source")
    list_select_related = ("organisation", "person", "owner")
    search_fields = ("=reference", "organisation__name_zh", "organisation__name_en", "text_zh", "text_en")
    change_form_outer_before_template = None
    change_form_outer_after_template = "portal/admin/steps.html"
    steps_elsewhere = ("make",)
    step_forms = {
        "keep": KeepForm,
        "break": BreakForm,
        "hand_over": OwnerForm,
        "answer_objection": ObjectionAnswerForm,
        "concede": BreakForm,
    }
    fieldsets = (
        (None, {"fields": ("reference", "stands", "to_whom", plain(Commitment, "owner"), "due", "left")}),
        (
            _("What is promised"),
            {"fields": ("words", "promised_in", plain(Commitment, "made_by"), "made_at", "follow_ups")},
        ),
        (
            _("What became of it"),
            {"fields": ("settled_at", "evidence", "files", "reasons", "next_step")},
        ),
        (_("Objection"), {"fields": ("objected_at", "objection", "objection_answered_at", "objection_answer")}),
    )
    readonly_fields = [name for _title, part in fieldsets for name in part["fields"]]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Leave out what has not happened."""
        parts = super().get_fieldsets(request, obj)
        happened = [True, True, bool(obj and obj.settled_at), bool(obj and obj.objected_at)]
        return [part for part, has_happened in zip(parts, happened, strict=True) if has_happened]

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """Show what is due first on top."""
        return [F("next_due").asc(nulls_last=True), "-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Commitment]:
        """Show what the role may see."""
        return Commitment.objects.visible_to(request.user).with_next_due().select_related(*_RELATED)

    def get_urls(self) -> list[Any]:
        """Add the address of the export."""
        export = path("commitments.xlsx", self.admin_site.admin_view(self.export), name="investors_commitment_export")
        return [export, *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Officers and the head make commitments."""
        return has_role(request.user, *MAKERS)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """What was promised stays as it was told; its steps are all that happens to it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Commitments stay."""
        return False

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Make a commitment from what an answer or an offer says, or by hand."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        origin = Origin.find(request.GET, request.user)  # type: ignore[arg-type]
        known = origin.is_known
        initial = {"owner": request.user.pk, **(origin.first_words() if known else {})}
        bound = (request.POST, request.FILES) if request.method == "POST" else (None, None)
        form = CommitmentForm(*bound, initial=initial, has_source=known)
        if request.method == "POST" and form.is_valid() and (made := self._make(request, form, origin)):
            messages.success(
                request, gettext("%(reference)s was made, and its beneficiary was told.") % {"reference": made}
            )
            return redirect("admin:investors_commitment_change", made.pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Make a commitment of the district"),
            "form": form,
            "origin": origin if known else None,
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "investors/admin/commitment_add.html", context, status=status)

    def _make(self, request: HttpRequest, form: CommitmentForm, origin: Origin) -> Commitment | None:
        data = dict(form.cleaned_data)
        key, file = data.pop("key"), data.pop("file", None)
        said = {**data, **(origin.promised() if origin.is_known else {})}
        try:
            return make_commitment(
                by=request.user,  # type: ignore[arg-type]
                promised=Promised(**said),
                key=key,
                files=[file] if file else [],
            )
        except StepClosed as closed:
            if isinstance(closed, NotAllowed):
                raise PermissionDenied from closed
            form.add_error(None, [str(reason) for reason in closed.reasons])
        return None

    def export(self, request: HttpRequest) -> FileResponse:
        """Send what the person may read as a spreadsheet."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        name = f"commitments-{timezone.localdate():%Y-%m-%d}.xlsx"
        file = spreadsheet(self.get_queryset(request).order_by("pk"))
        return FileResponse(file, as_attachment=True, filename=name, content_type=_SPREADSHEET)

    def step_form(self, request: HttpRequest, obj: Model, step: Step, data: Any = None) -> forms.Form | None:
        """Offer for handing over those who may answer for this one."""
        form = super().step_form(request, obj, step, data)
        if isinstance(form, OwnerForm) and isinstance(obj, Commitment):
            form.offer_officers_for(obj)
        return form

    @admin.display(description=_("made to"))
    def to_whom(self, commitment: Commitment) -> str:
        """Name organisation and person."""
        person = commitment.person.name if commitment.person else ""
        names = [commitment.organisation.title if commitment.organisation else "", person]
        return " · ".join(name for name in names if name)

    @admin.display(description=_("promise"))
    def promise(self, commitment: Commitment) -> str:
        """Begin the words."""
        text = " ".join(_words(commitment)[0].split())
        return text if len(text) <= 80 else f"{text[:79]}…"  # noqa: PLR2004 -- a line of the list

    @admin.display(description=_("promise"))
    def words(self, commitment: Commitment) -> SafeString:
        """Show the words in the languages in which they were told."""
        return SafeString("".join(linebreaks(text, autoescape=True) for text in _words(commitment)))

    @admin.display(description=_("promised in"))
    def promised_in(self, commitment: Commitment) -> str | SafeString:
        """Lead to the thread or the application."""
        words = source_in_words(commitment)
        if commitment.message:
            url = reverse("admin:investors_inquiry_change", args=[commitment.message.inquiry_id])
        elif commitment.application:
            url = reverse("admin:incentives_application_change", args=[commitment.application_id])
        else:
            return words
        return format_html('<a class="text-primary-600 underline" href="{}">{}</a>', url, words)

    @admin.display(description=_("status"), ordering="status")
    def stands(self, commitment: Commitment) -> str:
        """Say how it stands."""
        return standing(commitment).label

    @admin.display(description=_("due"), ordering="due_on")
    def due(self, commitment: Commitment) -> str | SafeString:
        """Say the day, and whether it has passed."""
        day = local_form.day(commitment.due_on)
        return format_html("<strong>{}: {}</strong>", _("Overdue"), day) if commitment.is_overdue else day

    @admin.display(description=_("working days left"))
    def left(self, commitment: Commitment) -> str:
        """Count the working days until its day, while it is open."""
        if commitment.status != Commitment.Status.OPEN:
            return "-"
        return str(working_days_left([commitment.due_at])[commitment.due_at])

    @admin.display(description=_("takes the place of, or was followed by"))
    def follow_ups(self, commitment: Commitment) -> str | SafeString:
        """Lead to the broken one, and to the one that takes its place."""
        others = [commitment.follows, getattr(commitment, "follow_up", None)]
        links = [
            format_html(
                '<a class="text-primary-600 underline" href="{}">{}</a>',
                reverse("admin:investors_commitment_change", args=[one.pk]),
                one,
            )
            for one in others
            if one
        ]
        return SafeString(" · ".join(links)) or "-"

    @admin.display(description=_("files"))
    def files(self, commitment: Commitment) -> str | SafeString:
        """Lead to the files."""
        links = [
            format_html('<a href="{}">{}</a> ({})', reverse("document", args=[one.uid]), one.name, one.state)
            for one in Document.objects.about(commitment).order_by("pk")
        ]
        return SafeString("<br>".join(links)) or "-"


def _words(commitment: Commitment) -> list[str]:
    pair = [commitment.text_en, commitment.text_zh]
    return [text for text in (reversed(pair) if local_form.is_chinese() else pair) if text]
