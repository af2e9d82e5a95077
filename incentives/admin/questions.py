"""Sections of an application's form and their questions, each with the settings of its kind."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline

from incentives.forms.questions import KeyForm, QuestionForm
from incentives.models import Option, Programme, Question, Section, TableColumn
from portal.admin.edits import EditsAdmin
from portal.admin.lookups import FilteredLookups
from portal.admin.tables import TabularInline

Kind = Question.Kind


_GENERAL = (("label_en", "label_zh"), ("slug", "kind"), ("help_en", "help_zh"), ("required", "position"))


class QuestionInline(StackedInline):
    """The questions of a section; the settings of a kind are on the question's own page."""

    model = Question
    form = KeyForm
    extra = 0
    prepopulated_fields = {"slug": ["label_en"]}
    fields = (*_GENERAL, "settings")
    readonly_fields = ("settings",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        """Read the parts with them."""
        return super().get_queryset(request).select_related("condition_question").prefetch_related("options", "columns")

    @admin.display(description=_("settings of its kind, and when it is asked"))
    def settings(self, question: Question) -> SafeString | str:
        """Say what is set on the question's own page, and lead there."""
        if question._state.adding:
            return gettext("Save first; then they can be written.")
        parts = [str(part) for part in (*question.options.all(), *question.columns.all())]
        if question.filled_from:
            parts.append(gettext("filled from the profile: %(fact)s") % {"fact": question.get_filled_from_display()})
        if earlier := question.condition_question:
            parts.append(gettext("asked only after an answer to “%(question)s”") % {"question": earlier})
        address = reverse("admin:incentives_question_change", args=[question.pk])
        words, link = " · ".join(parts), gettext("Open the question")
        return format_html('{} <a class="text-primary-600 underline" href="{}">{}</a>', words, address, link)


@admin.register(Section)
class SectionAdmin(FilteredLookups, EditsAdmin):
    """A page of the form with its questions."""

    admin_icon = "list_alt"
    admin_position = 6
    list_display = ("title_en", "title_zh", "programme", "position")
    list_filter = ("programme",)
    list_select_related = ("programme",)
    inlines = (QuestionInline,)


class OptionInline(TabularInline):
    """The answers of a choice."""

    model = Option
    extra = 0
    prepopulated_fields = {"slug": ["label_en"]}


class TableColumnInline(TabularInline):
    """The columns of a table."""

    model = TableColumn
    extra = 0
    prepopulated_fields = {"slug": ["label_en"]}


_SETTINGS: dict[str, tuple[Any, ...]] = {
    Kind.TEXT: (("maximum_length", "filled_from"),),
    Kind.LONG: (("maximum_length", "filled_from"),),
    Kind.NUMBER: ("filled_from",),
    Kind.MONEY: ("filled_from",),
    Kind.DATE: ("filled_from",),
    Kind.CHOICE: ("several",),
    Kind.TABLE: (("rows_least", "rows_most"),),
}
_PARTS: dict[str, type[TabularInline]] = {Kind.CHOICE: OptionInline, Kind.TABLE: TableColumnInline}


@admin.register(Question)
class QuestionAdmin(FilteredLookups, EditsAdmin):
    """A question with the settings of its kind, and when it is asked. It is added and deleted in its section."""

    admin_icon = "quiz"
    admin_position = 7
    form = QuestionForm
    list_display = ("label_en", "label_zh", "kind", "section", "programme")
    list_filter = ("kind", "section__programme")
    list_select_related = ("section__programme",)
    search_fields = ("label_en", "label_zh", "slug")
    readonly_fields = ("programme", "section")
    inlines = (OptionInline, TableColumnInline)

    @admin.display(description=_("programme"))
    def programme(self, question: Question) -> Programme:
        """Name the programme."""
        return question.section.programme

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        """Show the parts of its kind."""
        return [_PARTS[obj.kind]] if obj is not None and obj.kind in _PARTS else []

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show the settings of its kind."""
        general = (("programme", "section"), *_GENERAL)
        kind = obj.kind if obj is not None else ""
        condition = (
            ("only_if",) if self.has_change_permission(request, obj) else ("condition_question", "condition_answers")
        )
        return [
            (None, {"fields": general}),
            *([(_("Of this kind"), {"fields": _SETTINGS[kind]})] if kind in _SETTINGS else []),
            (_("When it is asked"), {"fields": condition}),
        ]

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Questions are added in their section."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Questions are deleted in their section, which says what depends on them."""
        return False
