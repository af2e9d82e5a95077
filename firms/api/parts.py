"""What a firm of the API is made of: its industry, subdistrict, clusters and certificates."""

from functools import cache

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from firms.models import Certificate, Cluster, ClusterMembership, ClusterRule, Industry, Subdistrict
from portal.api.fields import Link, Words
from portal.api.views import in_both_languages


@cache
def label_of(level: str, language: str) -> str:
    """Return what a certificate is called in a language."""
    with translation.override(language):
        return str(Certificate.Level(level).label)


class IndustrySerializer(serializers.ModelSerializer):
    """A class of GB/T 4754-2017, or the group or division that is known of it."""

    class Meta:
        model = Industry
        fields = ["code", "name_en", "name_zh"]
        read_only_fields = fields


class PlaceSerializer(serializers.ModelSerializer):
    """A subdistrict as firms name it."""

    class Meta:
        model = Subdistrict
        fields = ["code", "slug", "name_en", "name_zh"]
        read_only_fields = fields


class SubdistrictSerializer(PlaceSerializer):
    """A subdistrict with its place on the tile grid and its number of firms."""

    firms = serializers.IntegerField(label=_("number of firms"))

    class Meta(PlaceSerializer.Meta):
        fields = [*PlaceSerializer.Meta.fields, "row", "column", "firms"]
        read_only_fields = fields


class RuleSerializer(serializers.ModelSerializer):
    """A rule that takes firms into a cluster, or keeps them out: by code, by words, or where it names both by both."""

    class_prefixes = serializers.ListField(child=serializers.CharField(), label=_("industry codes begin with"))
    scope_words = serializers.ListField(child=serializers.CharField(), label=_("words of the business scope"))

    class Meta:
        model = ClusterRule
        fields = ["title_en", "title_zh", "class_prefixes", "scope_words", "all_words", "keeps_out"]
        read_only_fields = fields


class ClusterSerializer(serializers.ModelSerializer):
    """A cluster with its rules and its number of firms."""

    firms = serializers.IntegerField(label=_("number of firms"))
    rules = RuleSerializer(many=True)
    page_en = Link(lambda cluster: in_both_languages("firms:cluster", cluster.slug)[0], label=_("page in English"))
    page_zh = Link(lambda cluster: in_both_languages("firms:cluster", cluster.slug)[1], label=_("page in Chinese"))

    class Meta:
        model = Cluster
        fields = ["slug", "title_en", "title_zh", "summary_en", "summary_zh", "firms", "rules", "page_en", "page_zh"]
        read_only_fields = fields


class MembershipSerializer(serializers.ModelSerializer):
    """A cluster that a firm belongs to, and by which rule; by hand where there is none."""

    slug = serializers.CharField(source="cluster.slug", label=_("address on the site"))
    title_en = serializers.CharField(source="cluster.title_en", label=_("title in English"))
    title_zh = serializers.CharField(source="cluster.title_zh", label=_("title in Chinese"))
    rule_en = serializers.CharField(source="rule.title_en", default=None, allow_null=True, label=_("rule in English"))
    rule_zh = serializers.CharField(source="rule.title_zh", default=None, allow_null=True, label=_("rule in Chinese"))

    class Meta:
        model = ClusterMembership
        fields = ["slug", "title_en", "title_zh", "rule_en", "rule_zh"]
        read_only_fields = fields


class CertificateSerializer(serializers.ModelSerializer):
    """A certificate as its authority, or the registry, states it; it may have expired."""

    level_en = Words(lambda certificate: label_of(certificate.level, "en"), label=_("certificate in English"))
    level_zh = Words(lambda certificate: label_of(certificate.level, "zh-hans"), label=_("certificate in Chinese"))

    class Meta:
        model = Certificate
        fields = ["level", "level_en", "level_zh", "authority", "issued", "expires", "from_registry"]
        read_only_fields = fields
