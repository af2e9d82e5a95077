"""Clusters with their rules, and who belongs."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Max, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import StackedInline

from firms.clusters.sentences import names_of_codes, sentence
from firms.forms.clusters import ClusterRuleForm, DecisionForm, RulesFormSet
from firms.models import Cluster, ClusterFilling, ClusterMembership, ClusterRule, Organisation
from firms.services.clusters import decide_by_hand, fill_cluster, leave_to_rules
from portal.admin.edits import EditsAdmin
from portal.admin.lists import GrowingAdmin
from portal.admin.lookups import FilteredLookups


class ClusterRuleInline(StackedInline):
    """The rules of a cluster, each with its sentence."""

    model = ClusterRule
    form = ClusterRuleForm
    formset = RulesFormSet
    extra = 0
    fields = (("title_en", "title_zh"), "sentence", ("class_prefixes", "scope_words"), ("all_words", "keeps_out"))
    readonly_fields = ("sentence",)

    @admin.display(description=gettext_lazy("in words"))
    def sentence(self, rule: ClusterRule) -> SafeString:
        """Say what the rule does, as saved."""
        return sentence(rule, names_of_codes([rule])) if rule.pk else SafeString("–")


@admin.register(Cluster)
class ClusterAdmin(FilteredLookups, EditsAdmin):
    """Clusters. Changed rules are previewed before they are saved, and then applied to every firm."""

    admin_icon = "hub"
    admin_position = 4
    list_display = ("title_zh", "title_en", "position")
    inlines = (ClusterRuleInline,)
    prepopulated_fields = {"slug": ("title_en",)}
    change_form_before_template = "firms/admin/cluster_preview.html"
    change_form_after_template = "firms/admin/cluster_buttons.html"

    class Media:
        css = {"all": ("firms/moderation.css",)}

    def has_delete_permission(self, request: HttpRequest, obj: Cluster | None = None) -> bool:
        """A cluster stays while a firm is in it: programmes and opportunities name it."""
        return super().has_delete_permission(request, obj) and not (obj and obj.memberships.exists())

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> TemplateResponse:
        """Show the preview where one was made, and how far a filling in the background has come."""
        cluster = context.get("original")
        for formset in (inline.formset for inline in context["inline_admin_formsets"]):
            if getattr(formset, "preview", None):
                names = names_of_codes(formset.rules())
                sentences = [(str(rule), sentence(rule, names)) for rule in formset.rules()]
                context |= {"preview": formset.preview, "is_stale": formset.is_stale, "sentences": sentences}
        if cluster:
            context["filling"] = _progress(cluster)
        return super().render_change_form(request, context, *args, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Apply the rules once they are saved, and say what came of it."""
        super().save_related(request, form, formsets, change)
        for formset in formsets:
            if formset.preview is not None:
                changes = formset.preview.changes
                if fill_cluster(cluster=form.instance, changes=changes):
                    text = ngettext(
                        "The rules changed %(count)s membership.", "The rules changed %(count)s memberships.", changes
                    )
                else:
                    text = ngettext(
                        "The rules are saved; %(count)s membership changes in the background.",
                        "The rules are saved; %(count)s memberships change in the background.",
                        changes,
                    )
                messages.info(request, text % {"count": changes})


def _progress(cluster: Cluster) -> int | None:
    """Return how many per cent of the registry a filling in the background has gone through; None without one."""
    filling = ClusterFilling.objects.open().filter(cluster=cluster).order_by("-pk").first()
    if filling is None:
        return None
    last = Organisation.objects.aggregate(last=Max("pk"))["last"] or 1
    return min(99, 100 * filling.after // last)


class HowFilter(admin.SimpleListFilter):
    """By a rule, by hand, or kept out by hand."""

    title = gettext_lazy("how it came about")
    parameter_name = "how"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Name the ways."""
        return [("rule", _("by a rule")), ("hand", _("by hand")), ("out", _("kept out by hand"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Leave what came about so."""
        ways = {
            "rule": {"rule__isnull": False},
            "hand": {"rule__isnull": True, "excluded": False},
            "out": {"excluded": True},
        }
        return queryset.filter(**ways.get(self.value() or "", {}))


@admin.register(ClusterMembership)
class ClusterMembershipAdmin(FilteredLookups, GrowingAdmin, EditsAdmin):
    """Who is in which cluster, and by which rule; decisions by hand are made and taken back here."""

    admin_icon = "group_work"
    admin_position = 5
    form = DecisionForm
    list_display = ("organisation", "cluster", "how", "reason")
    list_filter = ("cluster", HowFilter)
    list_select_related = ("organisation", "cluster", "rule")
    search_fields = ("organisation__name_zh",)
    search_help_text = gettext_lazy("Name in Chinese, English or pinyin, or code")
    autocomplete_fields = ("organisation",)
    ordering = ("-pk",)

    @admin.display(description=gettext_lazy("how it came about"))
    def how(self, membership: ClusterMembership) -> str:
        """Name the rule, or say that a person decided."""
        if membership.rule:
            return _("by the rule “%(rule)s”") % {"rule": membership.rule}
        return _("kept out by hand") if membership.excluded else _("by hand")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ClusterMembership], search_term: str
    ) -> tuple[QuerySet[ClusterMembership], bool]:
        """Search organisations as the directory does."""
        if not search_term.strip():
            return queryset, False
        found = Organisation.objects.search(search_term[:100]).values("pk")
        return queryset.filter(organisation__in=found), False

    def get_fields(self, request: HttpRequest, obj: ClusterMembership | None = None) -> tuple[str, ...]:
        """Show how it came about where there is one."""
        return ("organisation", "cluster", *(("how",) if obj else ()), "excluded", "reason")

    def get_readonly_fields(self, request: HttpRequest, obj: ClusterMembership | None = None) -> tuple[str, ...]:
        """Keep organisation and cluster of a membership that is there."""
        return ("organisation", "cluster", "how") if obj else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Take no organisation that was merged into another."""
        if db_field.name == "organisation":
            kwargs["queryset"] = Organisation.objects.living()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: ClusterMembership, form: Any, change: bool) -> None:
        """Save it as a decision by hand."""
        saved = decide_by_hand(
            organisation=obj.organisation, cluster=obj.cluster, excluded=obj.excluded, reason=obj.reason
        )
        obj.pk = saved.pk

    def has_delete_permission(self, request: HttpRequest, obj: ClusterMembership | None = None) -> bool:
        """Only decisions by hand are taken back; what a rule made would come again."""
        return super().has_delete_permission(request, obj) and not (obj and obj.rule_id)

    def delete_model(self, request: HttpRequest, obj: ClusterMembership) -> None:
        """Leave the firm to the rules."""
        leave_to_rules(memberships=[obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[ClusterMembership]) -> None:
        """Leave firms to the rules; what rules made stays."""
        leave_to_rules(memberships=list(queryset.filter(rule=None)))
