"""Search and filters of the opportunities, read from the query string."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from firms.models import Cluster, Organisation, Subdistrict
from investors.forms.fields import LineField
from investors.models import Opportunity, OpportunityCluster
from investors.models.facts import Kind
from portal.forms import SearchForm

FACETS = ("kind", "cluster", "subdistrict")


class OpportunityFilter(SearchForm):
    """Words, kind, cluster, subdistrict, and whose; each choice says how many there are."""

    q = LineField(label=_("Words"), max_length=100, required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    cluster = forms.ChoiceField(label=_("Cluster"), required=False)
    subdistrict = forms.ChoiceField(label=_("Subdistrict"), required=False)
    owner = forms.SlugField(max_length=120, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, kinds: Iterable[Kind]) -> None:
        super().__init__(data)
        self._kinds = list(kinds)
        self._names: dict[str, list[tuple[str, Any]]] = {
            "kind": [(kind.value, kind.label) for kind in self._kinds],
            "cluster": [(cluster.slug, str(cluster)) for cluster in Cluster.objects.all()],
            "subdistrict": [(place.slug, place.name) for place in Subdistrict.objects.all()],
        }
        for facet, names in self._names.items():
            self.fields[facet].choices = [("", _("All")), *names]  # type: ignore[attr-defined]
        if len(self._kinds) == 1:
            del self.fields["kind"]

    def found(self) -> QuerySet[Opportunity]:
        """Return what is published and fits, newest first; the choices then say how many they would find."""
        chosen = self.chosen()
        counts = {facet: self._counts(facet, chosen) for facet in FACETS if facet in self.fields}
        for facet, numbers in counts.items():
            named = [(value, f"{name} ({numbers.get(value, 0)})") for value, name in self._names[facet]]
            self.fields[facet].choices = [("", _("All")), *named]  # type: ignore[attr-defined]
        return self._narrowed(chosen).order_by("-published_at", "-pk")

    @property
    def only_of(self) -> Organisation | None:
        """Whose opportunities are asked for, if it is listed."""
        slug = self.chosen().get("owner")
        return Organisation.objects.listed().filter(slug=slug).first() if slug else None

    def _narrowed(self, chosen: Mapping[str, str]) -> QuerySet[Opportunity]:
        found = Opportunity.objects.published().filter(kind__in=self._kinds)
        if words := chosen.get("q"):
            found = found.about(words)
        if kind := chosen.get("kind"):
            found = found.filter(kind=kind)
        if owner := chosen.get("owner"):
            found = found.filter(owner__slug=owner)
        if place := chosen.get("subdistrict"):
            found = found.filter(subdistrict__slug=place)
        if cluster := chosen.get("cluster"):
            found = found.filter(pk__in=OpportunityCluster.objects.filter(cluster__slug=cluster).values("opportunity"))
        return found

    def _counts(self, facet: str, chosen: Mapping[str, str]) -> dict[str, int]:
        others = self._narrowed({name: value for name, value in chosen.items() if name != facet})
        if facet == "cluster":
            memberships = OpportunityCluster.objects.filter(opportunity__in=others)
            return dict(memberships.values_list("cluster__slug").annotate(number=Count("pk")).order_by())
        column = {"kind": "kind", "subdistrict": "subdistrict__slug"}[facet]
        return dict(others.values_list(column).annotate(number=Count("pk")).order_by())
