"""Lists of tables that grow: nothing is counted, no page is reached by skipping those before it."""

import json
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.admin import ShowFacets
from django.contrib.admin.views.main import ALL_VAR, PAGE_VAR
from django.core.exceptions import FieldError, SuspiciousOperation, ValidationError
from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import Index, Model, OrderBy, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin
from unfold.views import ChangeList

from portal import keyset

AFTER, BEFORE = "after", "before"
_NUMBERED = (PAGE_VAR, ALL_VAR)
_TRUSTED = 1000  # an estimate below this says less than what the page shows
_MOST_CHOICES = 10  # pages of rows to choose from


class RowGoneError(Exception):
    """The row at which a page begins is no longer there."""


class GrowingChangeList(ChangeList):
    """A list that is paged by the row at which a page begins or ends."""

    previous_url = next_url = first_url = ""

    def get_filters_params(self, params: Any = None) -> Any:
        """Return the filters; where a page begins is none."""
        found = super().get_filters_params(params)
        return {name: value for name, value in found.items() if name not in {AFTER, BEFORE}}

    def get_ordering_field(self, field_name: Any) -> Any:
        """Sort by the columns that can be sorted by, also where an address asks for others."""
        if self.sortable_by is not None and field_name not in self.sortable_by:
            return None
        return super().get_ordering_field(field_name)

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        """Let the last of equals follow the direction of what makes them equal: an index reads it either way."""
        ordering = list(super().get_ordering(request, queryset))
        if len(ordering) > 1 and ordering[-1] == "-pk" and not _descends(ordering[-2]):
            ordering[-1] = "pk"
        return ordering

    def get_results(self, request: HttpRequest) -> None:
        """Read one page, and one row more to know whether there is another."""
        for name in (AFTER, BEFORE):  # the form of the search repeats the rest
            self.filter_params.pop(name, None)
        keys = keyset.keys_of(self.queryset)
        before, mark = self._mark(request, keys)
        page = keyset.page_beside(self.queryset, keys, mark, size=self.list_per_page, before=before)
        if before and not page.has_previous:  # the first page, with as many rows as it has when one begins there
            page = keyset.page_beside(self.queryset, keys, None, size=self.list_per_page)
        self.result_list = page.rows
        self.result_count = self.full_result_count = len(page.rows)  # what is said of, and done to, "all": this page
        self.show_full_result_count = self.can_show_all = self.multi_page = False
        self.show_admin_actions = True
        self.paginator = Pages(self.queryset, self.list_per_page)
        self._lead(page)

    def _mark(self, request: HttpRequest, keys: list[keyset.Key]) -> tuple[bool, list[Any] | None]:
        given = [(name, request.GET[name]) for name in (AFTER, BEFORE) if name in request.GET]
        if not given:
            return False, None
        if len(given) > 1:
            raise SuspiciousOperation
        name, value = given[0]
        pk = self._key(value)
        for queryset in (self.queryset, self.root_queryset):  # a filter may have lost it since: its place remains
            try:
                mark = keyset.position(queryset, keys, pk)
            except FieldError:  # what the list is sorted by comes with its search
                break
            if mark is not None:
                return name == BEFORE, mark
        raise RowGoneError

    def _key(self, value: str) -> Any:
        """Read a primary key.

        Raises:
            SuspiciousOperation: No row of the table can have it.
        """
        column = self.lookup_opts.pk
        try:
            key = column.to_python(value)
            column.run_validators(key)
        except (ValidationError, ValueError) as error:
            raise SuspiciousOperation from error
        return key

    def _lead(self, page: keyset.Page[Any]) -> None:
        others = [AFTER, BEFORE]
        if page.has_previous and page.rows:
            self.previous_url = self.get_query_string({BEFORE: page.rows[0].pk}, [AFTER])
            self.first_url = self.get_query_string(remove=others)
        if page.has_next and page.rows:
            self.next_url = self.get_query_string({AFTER: page.rows[-1].pk}, [BEFORE])

    def get_query_string(self, new_params: Any = None, remove: Any = None) -> str:
        """Write an address of the list; another filter, search or order begins at its first row."""
        new, removed = dict(new_params or {}), list(remove or [])
        kept = {AFTER, BEFORE} & set(new)
        return super().get_query_string(new, [*removed, *({AFTER, BEFORE} - kept)])

    @cached_property
    def total(self) -> int | None:
        """How many rows the list has: exactly where one page holds them, else as PostgreSQL estimates, or None."""
        if not self.previous_url and not self.next_url:
            return len(self.result_list)
        if self.query:
            return None
        plan = json.loads(self.queryset.order_by().values("pk").explain(format="json"))
        rows = int(plan[0]["Plan"]["Plan Rows"])
        if rows < _TRUSTED:
            return None
        unit = 10 ** (len(str(rows)) - 2)
        return rows // unit * unit

    @property
    def total_text(self) -> str:
        """The total with its thousands set apart."""
        return f"{self.total or 0:,}"

    @property
    def is_whole(self) -> bool:
        """Whether the page shows every row."""
        return not self.previous_url and not self.next_url


def _descends(item: Any) -> bool:
    return item.startswith("-") if isinstance(item, str) else isinstance(item, OrderBy) and item.descending


class Pages(Paginator):
    """Stands where Django's templates look for a paginator; for choosing a row, a few pages without a count."""

    template_name = "portal/admin/pages.html"

    @cached_property
    def num_pages(self) -> int:
        """As many as one may leaf through; who looks for more types more."""
        return _MOST_CHOICES

    def page(self, number: Any) -> Page:
        """Return a page, with one row more to know whether another follows."""
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        rows = list(self.object_list[start : start + self.per_page + 1])
        if number > 1 and not rows:
            raise EmptyPage
        return _Choices(rows[: self.per_page], number, self, more=len(rows) > self.per_page)


class _Choices(Page):
    def __init__(self, rows: list[Any], number: int, paginator: Paginator, *, more: bool) -> None:
        super().__init__(rows, number, paginator)
        self.more = more

    def has_next(self) -> bool:
        return self.more and self.number < self.paginator.num_pages

    def has_other_pages(self) -> bool:
        return self.has_previous() or self.has_next()


class GrowingAdmin(ModelAdmin):
    """An admin whose list costs the same at a thousand rows and at a million."""

    show_full_result_count = False
    show_facets = ShowFacets.NEVER  # they count each choice
    list_per_page = 50
    list_disable_select_all = True
    paginator = Pages

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Page by rows."""
        return GrowingChangeList

    def get_sortable_by(self, request: HttpRequest) -> Any:
        """Sort by the columns for which an index has the order; by all, or by others, where ``sortable_by`` says so."""
        if self.sortable_by is not None:
            return self.sortable_by
        ordered = _ordered_by_index(self.model)
        shown = [name for name in self.get_list_display(request) if isinstance(name, str)]
        return [name for name in shown if getattr(getattr(self, name, None), "admin_order_field", name) in ordered]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the list; an address with a page's number leads to the first page."""
        if any(name in request.GET for name in _NUMBERED):
            return _without(request, *_NUMBERED)
        try:
            return super().changelist_view(request, extra_context)
        except RowGoneError:
            messages.info(request, _("The row at which that page began is gone: the list begins anew."))
            return _without(request, AFTER, BEFORE)

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any) -> Any:
        """Act on the rows that were ticked, and never on those of other pages."""
        post = request.POST.copy()
        post["select_across"] = "0"
        request.POST = post  # type: ignore[assignment]
        return super().response_action(request, queryset, *args, **kwargs)


def _without(request: HttpRequest, *names: str) -> HttpResponseRedirect:
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    return HttpResponseRedirect(f"{request.path}?{query.urlencode()}" if query else request.path)


def _ordered_by_index(model: type[Model]) -> set[str]:
    """Return the columns whose order, and among equals that of the keys, an index has."""
    fields = [f for f in model._meta.concrete_fields if not f.is_relation]
    found = {f.name for f in fields if f.unique}
    for index in model._meta.indexes:
        names = [name.removeprefix("-") for name in index.fields]
        if type(index) is Index and index.condition is None and len(names) == 2 and names[1] in {"id", "pk"}:  # noqa: PLR2004
            found.add(names[0])
    return found
