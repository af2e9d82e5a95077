"""Criteria: the kind is chosen first, then its own small form is filled in, and read as a sentence."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from incentives.facts import Text, pair_of
from incentives.forms.criteria import FORMS, CriterionForm, parameters_of
from incentives.models import Criterion, Programme
from incentives.models.parameters import RESTRICTING
from incentives.wording import in_words
from portal.admin.edits import EditsAdmin
from portal.admin.lookups import FilteredLookups
from portal.admin.tables import TabularInline

_LINK = "text-primary-600 underline dark:text-primary-500"
_BUTTON = "border border-base-200 cursor-pointer mt-2 px-3 py-2 rounded-default text-important dark:border-base-700"


def both_languages(sentence: Text) -> SafeString:
    """Write a sentence in English and below in Chinese."""
    words = pair_of(str, sentence)
    return format_html('<span lang="en">{}</span><br><span lang="zh-Hans">{}</span>', words["en"], words["zh"])


def kinds() -> list[tuple[str, Any, Text]]:
    """Return the kinds to choose from: key, name, and what it favours firms by where that is a reason to warn."""
    return [(kind.value, kind.label, RESTRICTING.get(kind, "")) for kind in Criterion.Kind]


class CriterionInline(TabularInline):
    """Who can get it: the criteria as sentences; each is written on a page of its own."""

    model = Criterion
    extra = 0
    tab = True
    fields = ("sentence", "hard", "position")
    readonly_fields = ("sentence",)
    template_after = "incentives/admin/criteria_add.html"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Criteria are added on their own page: what is asked there depends on the kind."""
        return False

    @admin.display(description=_("as a sentence"))
    def sentence(self, criterion: Criterion) -> SafeString:
        """Say it, all criteria of the programme read at once."""
        if not hasattr(self, "_said"):
            criteria = list(criterion.programme.criteria.all())
            self._said = {c.pk: said for c, said in zip(criteria, in_words(criteria), strict=True)}
        address = reverse("admin:incentives_criterion_change", args=[criterion.pk])
        words = both_languages(self._said[criterion.pk])
        return format_html('<a class="{}" href="{}">{}</a>', _LINK, address, words)


@admin.register(Criterion)
class CriterionAdmin(FilteredLookups, EditsAdmin):
    """One criterion of a programme."""

    admin_icon = "rule"
    admin_position = 5
    list_display = ("__str__", "kind", "programme", "hard")
    list_filter = ("programme", "kind")
    list_select_related = ("programme",)
    readonly_fields = ("programme", "kind", "sentence", "preview")
    change_form_before_template = "incentives/admin/criterion.html"

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Ask for the programme and the kind before the form."""
        if self._programme(request) is not None and request.GET.get("kind", "") in FORMS:
            return super().add_view(request, form_url, extra_context)
        if not self.has_add_permission(request):
            raise PermissionDenied
        programme = self._programme(request)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Add a criterion"),
            "programme": programme,
            "programmes": [] if programme else Programme.objects.order_by("slug"),
            "criterion_kinds": kinds(),
        }
        return TemplateResponse(request, "incentives/admin/choose_kind.html", context)

    @staticmethod
    def _programme(request: HttpRequest) -> Programme | None:
        key = request.GET.get("programme", "")
        if not key.isascii() or not key.isdigit() or len(key) > 18:  # noqa: PLR2004 -- what a bigint holds
            return None
        return Programme.objects.filter(pk=int(key)).first()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form of the kind."""
        base = FORMS.get(obj.kind if obj else request.GET.get("kind", ""), CriterionForm)
        attributes = {"programme": obj.programme if obj else self._programme(request)}
        return super().get_form(request, obj, change=change, form=type(base.__name__, (base,), attributes), **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Criterion | None = None) -> Any:
        """Show the fields of the kind to who may write them; to others the sentence says it all."""
        kind = obj.kind if obj else request.GET.get("kind", "")
        writes = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        asked = (*parameters_of(kind), "preview") if writes else ("sentence",)
        words = (("title_en", "title_zh"), ("evidence_en", "evidence_zh"))
        return (
            (None, {"fields": ("programme", "kind", *asked, "hard", "position")}),
            (_("In your own words, where the sentence does not do"), {"fields": words}),
        )

    @admin.display(description=_("as a sentence"))
    def sentence(self, criterion: Criterion) -> SafeString:
        """Say what stands in the form, saved or not."""
        return both_languages(in_words([criterion])[0]) if criterion.parameters else SafeString("–")

    @admin.display(description=_("as a sentence"))
    def preview(self, criterion: Criterion) -> SafeString:
        """Say it, above a button that says what is typed now and saves nothing."""
        button = '{}<br><button class="{}" type="submit" name="_preview" value="1">{}</button>'
        return format_html(button, self.sentence(criterion), _BUTTON, gettext("Preview in words"))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Warn of kinds that favour certain firms, and say that a preview saved nothing."""
        criterion = context["adminform"].form.instance
        context["restricting"] = RESTRICTING.get(criterion.kind)
        context["programme"] = criterion.programme
        context["is_preview"] = "_preview" in request.POST and not context["errors"]
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(self, request: HttpRequest, obj: Criterion, post_url_continue: Any = None) -> HttpResponse:
        """Go back to the programme, or on to the next criterion."""
        return self._after(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Criterion) -> HttpResponse:
        """Go back to the programme, or on to the next criterion."""
        return self._after(request, obj) or super().response_change(request, obj)

    def _after(self, request: HttpRequest, criterion: Criterion) -> HttpResponse | None:
        if "_continue" in request.POST:
            return None
        messages.success(request, gettext("Saved: %(sentence)s") % {"sentence": in_words([criterion])[0]})
        if "_addanother" in request.POST:
            return redirect(f"{reverse('admin:incentives_criterion_add')}?programme={criterion.programme_id}")
        return redirect(f"{reverse('admin:incentives_programme_change', args=[criterion.programme_id])}#criteria")
