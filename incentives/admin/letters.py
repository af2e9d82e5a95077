"""Letters in the staff workplace: what was issued, and what waits to be made into a file."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from incentives.admin.reading import ReadOnlyAdmin
from incentives.models import Application, Letter

_ON_ONE_LINE = '<span class="whitespace-nowrap">{}</span>'


@admin.register(Letter)
class LetterAdmin(ReadOnlyAdmin):
    """Letters without their words, which stand in the file; it is opened from the page of the application."""

    admin_icon = "mail"
    admin_position = 4
    list_display = ("whole_number", "language", "kind", "applied", "issued_at", "made_at", "parked_at")
    list_filter = ("kind", "language", ("parked_at", admin.EmptyFieldListFilter))
    list_select_related = ("application",)
    exclude = ("content", "code", "document", "step")
    ordering = ("-id",)
    actions = ("try_again",)

    @admin.display(description=_("number"), ordering="number")
    def whole_number(self, letter: Letter) -> SafeString:
        """Show the number on one line."""
        return format_html(_ON_ONE_LINE, letter.number)

    @admin.display(description=_("application"), ordering="application")
    def applied(self, letter: Letter) -> SafeString:
        """Show the number of the application on one line."""
        return format_html(_ON_ONE_LINE, letter.application)

    @admin.display(description=_("file made"), ordering="done_at")
    def made_at(self, letter: Letter) -> datetime | str:
        """Say when the file was made."""
        return letter.done_at or pgettext("file", "not yet")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Leave out the words, and the code by which whoever holds the letter checks it."""
        return [field for field in super().get_fields(request, obj) if field not in self.exclude]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Letter]:
        """Return the letters of the applications that the person handles."""
        return Letter.objects.filter(application__in=Application.objects.handled_by(request.user)).defer("content")

    @admin.action(description=_("Try again"), permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: Any) -> None:
        """Give letters whose file could not be made five more tries."""
        count = queryset.parked().update(parked_at=None, tries=0)
        self.message_user(request, _("%(count)s letters will be tried again.") % {"count": count})
