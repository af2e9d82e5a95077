"""A firm as the API tells it: what its public page shows, and nothing else."""

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from firms.api import parts
from firms.models import Organisation
from portal.api.fields import Day, Link, Words
from portal.api.views import absolute, in_both_languages
from portal.local_form import SHANGHAI


class FirmSerializer(serializers.ModelSerializer):
    """A listed firm."""

    url = Link(lambda firm: absolute(reverse("api:firm", args=[firm.slug])), label=_("this firm in the API"))
    page_en = Link(lambda firm: in_both_languages("firms:organisation", firm.slug)[0], label=_("page in English"))
    page_zh = Link(lambda firm: in_both_languages("firms:organisation", firm.slug)[1], label=_("page in Chinese"))
    country = serializers.CharField(source="country.code", label=_("country or region"), help_text="ISO 3166-1")
    industry_code = serializers.CharField(label=_("industry (GB/T 4754-2017)"))
    industry = parts.IndustrySerializer(allow_null=True, label=_("class, group or division that is known of it"))
    subdistrict = parts.PlaceSerializer(allow_null=True, label=_("subdistrict"))
    staff_band = Words(
        lambda firm: firm.staff_band.replace("\N{EN DASH}", "-").rstrip("+") or None,  # never the number
        allow_null=True,
        label=_("staff"),
        help_text=_("As the filter names it: 1-9, 10-99, 100-299 or 300 (300 and more)."),
    )
    clusters = parts.MembershipSerializer(source="shown_memberships", many=True, label=_("clusters"))
    certificates = parts.CertificateSerializer(many=True, label=_("certificates"))
    confirmed_on = Day(
        lambda firm: firm.confirmed_at and localtime(firm.confirmed_at, SHANGHAI).date(),
        allow_null=True,
        label=_("confirmed by the organisation on"),
    )

    class Meta:
        model = Organisation
        fields = [
            *("slug", "url", "page_en", "page_zh"),
            *("name_en", "name_zh", "name_pinyin", "uscc", "foreign_number", "country"),
            *("industry_code", "industry", "subdistrict", "address", "founded", "registered_capital"),
            *("staff_band", "foreign_invested", "website", "description_en", "description_zh", "business_scope"),
            *("clusters", "certificates", "source", "source_date", "confirmed_on"),
        ]
        read_only_fields = fields


class FirmPageSerializer(serializers.Serializer):
    """Some of the firms that are found, and where the others are."""

    total = serializers.IntegerField(label=_("number of firms found"))
    total_is_capped = serializers.BooleanField(label=_("there are more than were counted"))
    next = serializers.URLField(allow_null=True, label=_("the page after this one"))
    previous = serializers.URLField(allow_null=True, label=_("the page before this one"))
    results = FirmSerializer(many=True, label=_("firms"))


class ChoiceSerializer(serializers.Serializer):
    """A choice of a filter."""

    value = serializers.CharField(label=_("as the parameter is written"))
    label_en = serializers.CharField(label=_("in English"))
    label_zh = serializers.CharField(label=_("in Chinese"))
    parent = serializers.CharField(allow_null=True, label=_("the choice that it is a part of"))
    firms = serializers.IntegerField(label=_("number of firms it would leave"))


class FacetSerializer(serializers.Serializer):
    """A filter."""

    name = serializers.CharField(label=_("name of the parameter"))
    label_en = serializers.CharField(label=_("in English"))
    label_zh = serializers.CharField(label=_("in Chinese"))
    choices = ChoiceSerializer(many=True, label=_("choices"))


class FacetsSerializer(serializers.Serializer):
    """Every filter, counted over what is found."""

    total = serializers.IntegerField(label=_("number of firms found"))
    total_is_capped = serializers.BooleanField(label=_("there are more than were counted"))
    facets = FacetSerializer(many=True, label=_("filters"))
