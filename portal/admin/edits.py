"""Two people on one form: the later save is told what the earlier one changed, and overwrites nothing unseen."""

from typing import Any

from django import forms
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.db.models import Max, Model, Q
from django.forms.models import _get_foreign_key  # as the admin's own inlines find it
from django.http import HttpRequest, HttpResponse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from portal import local_form
from portal.admin.autocomplete import KeySelect
from portal.models import HistoryEntry, User

_SEEN = "seen_history"
_MOST_ROWS = 100  # of an inline
_MOST = 10  # changes, and fields of a change, that are told


class SeenForm(forms.ModelForm):
    """Refuses to save over a change that its page did not show."""

    changes_since: list[str] | None = None

    def clean(self) -> dict[str, Any] | None:
        """Add an error that names who changed what since the page was opened.

        Raises:
            ValidationError: The row, or one of its inlines, has changed, or the page said nothing of what it showed.
        """
        cleaned = super().clean()
        if self.changes_since is None:
            raise ValidationError(_("Please open this page again before you save: it did not say what it showed."))
        if self.changes_since:
            first = _("This was changed since you opened the page. What you typed stands below; save again to keep it.")
            raise ValidationError([first, *self.changes_since])
        return cleaned


class EditsAdmin(ModelAdmin):
    """For what staff edit: a save that would overwrite a change that was not seen is refused once, with the change.

    The page carries the newest history entry of the row and of its inlines. History is written in each change's own
    transaction, so nothing gets past it, whoever wrote.
    """

    change_form_before_template: str | None = "portal/admin/seen.html"

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Note what this page shows, before it is read.

        Raises:
            SuspiciousOperation: The form announces more rows than a page has; to show them all would take minutes.
        """
        if any(_number(request.POST[name]) > _MOST_ROWS for name in request.POST if name.endswith("-TOTAL_FORMS")):
            raise SuspiciousOperation
        context = dict(extra_context or {})
        obj = self.get_object(request, object_id) if object_id else None
        if obj is not None:
            if request.method == "POST" and self.has_change_permission(request, obj):
                self.wait_for_others(obj)
            context[_SEEN] = self._history(request, obj).aggregate(newest=Max("id"))["newest"] or 0
        return super().changeform_view(request, object_id, form_url, context)

    def wait_for_others(self, obj: Model) -> None:
        """Let the second of two saves wait for the first to end."""
        type(obj)._default_manager.select_for_update(of=("self",)).get(pk=obj.pk)

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form, which knows what has changed since its page was opened."""
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None or request.method != "POST":
            return form
        seen = request.POST.get(_SEEN, "")
        since = None
        if seen.isascii() and seen.isdecimal() and len(seen) < len(str(2**63)):
            models = {m._meta.db_table: m for m in (self.model, *(inline.model for inline in self.inlines))}
            newer = self._history(request, obj).filter(id__gt=int(seen)).order_by("-id")[:_MOST]
            since = [told(entry, models) for entry in newer]
        return type(form.__name__, (SeenForm, form), {"changes_since": since})

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Choose a row by typing, with whatever key the address or a forged form names."""
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KeySelect(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def _history(self, request: HttpRequest, obj: Model) -> Any:
        """Return the history of the row and of the rows that its inlines show."""
        about = Q(subject_table=obj._meta.db_table, subject_id=str(obj.pk))
        for inline in self.get_inline_instances(request, obj):
            key = _get_foreign_key(self.model, inline.model, fk_name=inline.fk_name)
            rows = inline.model._default_manager.filter(**{key.name: obj}).values_list("pk", flat=True)
            about |= Q(subject_table=inline.model._meta.db_table, subject_id__in=[str(pk) for pk in rows])
        return HistoryEntry.objects.filter(about)


def _number(value: str) -> int:
    """Read a number of rows as Django's own formset does."""
    try:
        return int(forms.IntegerField().clean(value))
    except ValidationError:
        return 0


def told(entry: HistoryEntry, models: dict[str, type[Model]]) -> str:
    """Say one change: when, by whom, each field before and after."""
    model = models[entry.subject_table]
    labels = {field.column: field.verbose_name for field in model._meta.concrete_fields}
    was, now = entry.was or {}, entry.now or {}
    changed = [name for name in {**was, **now} if was.get(name) != now.get(name)]
    fields = [
        f"{labels.get(name, name)}: {_short(was.get(name))} → {_short(now.get(name))}" for name in changed[:_MOST]
    ]
    return f"{local_form.moment(entry.at)}, {_who(entry.actor)}, {model._meta.verbose_name}: {'; '.join(fields)}"


def _short(value: Any) -> str:
    text = ", ".join(str(item) for item in value) if isinstance(value, list) else str("" if value is None else value)
    return Truncator(text).chars(60) or "–"


def _who(actor: str) -> str:
    kind, _colon, key = actor.partition(":")
    person = User.objects.filter(pk=key).first() if kind == "user" and key.isdecimal() else None
    return str(person) if person else actor
