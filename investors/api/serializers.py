"""An opportunity as the API tells it: what its public page shows, and nothing else."""

from functools import cache
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from firms.api.parts import PlaceSerializer
from firms.models import Cluster, Organisation
from investors.models import Opportunity
from investors.models.facts import Kind
from portal.api.fields import Link, Words
from portal.api.views import absolute, in_both_languages

FACTS = (
    *("stage", "instrument", "amount_sought", "amount_secured", "ticket_min", "ticket_max", "investor_role"),
    *("horizon_years", "foreign_capital", "use_en", "use_zh"),
    *("object_kind", "legal_status", "object_number", "jurisdiction", "legal_expires_on", "trl", "trl_evidence_en"),
    *("trl_evidence_zh", "modes", "price_kind", "price_from", "price_to", "royalty_percent", "export_declaration"),
    *("scope", "process_en", "process_zh", "systems_en", "systems_zh", "budget", "budget_from", "budget_to", "need_by"),
    *("places", "starts_on", "area", "rent", "available_from", "premises_use", "park_en", "park_zh"),
)
"""The facts that public pages show. An export licence's number and the confidential tier are not among them."""


@cache
def label_of(kind: str, language: str) -> str:
    """Return what a kind is called in a language."""
    with translation.override(language):
        return str(Kind(kind).label)


class OpportunityClusterSerializer(serializers.ModelSerializer):
    """A cluster that an opportunity belongs to."""

    class Meta:
        model = Cluster
        fields = ["slug", "title_en", "title_zh"]
        read_only_fields = fields


class OwnerSerializer(serializers.ModelSerializer):
    """Whose opportunity it is."""

    page_en = Link(lambda owner: _pages(owner)[0], label=_("page in English"))
    page_zh = Link(lambda owner: _pages(owner)[1], label=_("page in Chinese"))

    class Meta:
        model = Organisation
        fields = ["slug", "kind", "name_en", "name_zh", "name_pinyin", "page_en", "page_zh"]
        read_only_fields = fields


def _pages(owner: Organisation) -> tuple[str, str]:
    found = []
    for language in ("en", "zh-hans"):
        with translation.override(language):
            found.append(absolute(owner.get_absolute_url()))
    return found[0], found[1]


class OpportunitySerializer(serializers.ModelSerializer):
    """A published opportunity; facts of other kinds are null or empty."""

    url = Link(lambda one: absolute(reverse("opportunities_api:opportunity", args=[one.slug])), label=_("in the API"))
    page_en = Link(lambda one: in_both_languages("investors:opportunity", one.slug)[0], label=_("page in English"))
    page_zh = Link(lambda one: in_both_languages("investors:opportunity", one.slug)[1], label=_("page in Chinese"))
    kind_en = Words(lambda one: label_of(one.kind, "en"), label=_("kind in English"))
    kind_zh = Words(lambda one: label_of(one.kind, "zh-hans"), label=_("kind in Chinese"))
    owner = OwnerSerializer(label=_("organisation"))
    subdistrict = PlaceSerializer(allow_null=True, label=_("subdistrict"))
    clusters = OpportunityClusterSerializer(many=True, label=_("clusters"))
    jurisdiction = serializers.CharField(source="jurisdiction.code", label=_("protected in"), help_text="ISO 3166-1")
    modes = serializers.ListField(child=serializers.CharField(), label=_("forms of cooperation"))

    class Meta:
        model = Opportunity
        fields = [
            *("slug", "url", "page_en", "page_zh", "kind", "kind_en", "kind_zh"),
            *("title_en", "title_zh", "summary_en", "summary_zh", "text_en", "text_zh"),
            *("owner", "subdistrict", "clusters"),
            *FACTS,
            *("published_at", "expires_on"),
        ]
        read_only_fields = fields

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Tell it; what is not said is null, also where the table has an empty choice."""
        data = super().to_representation(instance)
        return {name: None if value == "" and name in _CODES else value for name, value in data.items()}


_CODES = frozenset(
    name for name in FACTS if getattr(Opportunity._meta.get_field(name), "choices", None) or name == "jurisdiction"
)


class OpportunityPageSerializer(serializers.Serializer):
    """Some of the opportunities that are found, and where the others are."""

    total = serializers.IntegerField(label=_("number of opportunities found"))
    next = serializers.URLField(allow_null=True, label=_("the page after this one"))
    previous = serializers.URLField(allow_null=True, label=_("the page before this one"))
    results = OpportunitySerializer(many=True, label=_("opportunities"))


class OpportunityChoiceSerializer(serializers.Serializer):
    """A choice of a filter of opportunities."""

    value = serializers.CharField(label=_("as the parameter is written"))
    label_en = serializers.CharField(label=_("in English"))
    label_zh = serializers.CharField(label=_("in Chinese"))
    parent = serializers.CharField(allow_null=True, label=_("the choice that it is a part of"))
    opportunities = serializers.IntegerField(label=_("number of opportunities it would leave"))


class OpportunityFacetSerializer(serializers.Serializer):
    """A filter of opportunities."""

    name = serializers.CharField(label=_("name of the parameter"))
    label_en = serializers.CharField(label=_("in English"))
    label_zh = serializers.CharField(label=_("in Chinese"))
    choices = OpportunityChoiceSerializer(many=True, label=_("choices"))


class OpportunityFacetsSerializer(serializers.Serializer):
    """Every filter of opportunities, counted over what is found."""

    total = serializers.IntegerField(label=_("number of opportunities found"))
    facets = OpportunityFacetSerializer(many=True, label=_("filters"))
