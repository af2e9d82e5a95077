"""The directory's search."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from firms.models import Cluster, Subdistrict
from portal.forms import SearchForm


class DirectoryForm(SearchForm):
    """Search by name, filter by cluster and subdistrict; each choice says how many firms it leaves."""

    q = forms.CharField(
        label=_("Name"), required=False, max_length=100, help_text=_("In Chinese, English, pinyin or by code")
    )
    cluster = forms.ModelChoiceField(
        Cluster.objects.all(), label=_("Cluster"), required=False, to_field_name="slug", empty_label=_("All clusters")
    )
    subdistrict = forms.ModelChoiceField(
        Subdistrict.objects.order_by("code"),
        label=_("Subdistrict"),
        required=False,
        to_field_name="slug",
        empty_label=_("All subdistricts"),
    )

    def show_counts(self, numbers: Mapping[str, int]) -> None:
        """Write the number of firms behind each choice.

        Args:
            numbers: by choice, as search entries hold it: ``cluster:1``.
        """
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField):
                places = field.queryset or ()
                named = [(obj.slug, f"{obj} ({numbers.get(f'{name}:{obj.pk}', 0):,})") for obj in places]
                field.choices = [("", str(field.empty_label)), *named]
