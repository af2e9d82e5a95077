"""Laboratories: what staff write of one, and how the public chooses among them."""

from typing import Any

from django import forms
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from firms import naming
from firms.forms.profile import prose
from firms.models import Cluster, Laboratory, LaboratoryCluster
from firms.models.laboratories import LaboratoryQuerySet
from portal.forms import SearchForm


class LaboratoryForm(forms.ModelForm):
    """What the registry writes of a laboratory."""

    class Meta:
        model = Laboratory
        fields = (
            *("organisation", "is_listed", "name_zh", "name_en", "field_zh", "field_en"),
            *("description_zh", "description_en", "website", "opened", "source"),
        )

    def clean(self) -> dict[str, Any]:
        """Keep what a person sees of the texts."""
        data = super().clean() or self.cleaned_data
        for name in ("name_zh", "name_en", "field_zh", "field_en", "source"):
            if name in data:
                data[name] = naming.clean_prose(data[name])
        for name in ("description_zh", "description_en"):
            if name in data:
                data[name] = prose(data[name])
        if "source" in data and not data["source"]:
            self.add_error("source", _("Say from where this is known."))
        return data


class LaboratoryFilter(SearchForm):
    """By the cluster that laboratories work for; each choice says how many there are."""

    cluster = forms.ChoiceField(label=_("Cluster"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        counted = (
            LaboratoryCluster.objects.filter(laboratory__in=Laboratory.objects.published())
            .values_list("cluster")
            .annotate(number=Count("pk"))
        )
        numbers = dict(counted.order_by())
        found = [(one.slug, f"{one} ({numbers[one.pk]})") for one in Cluster.objects.all() if one.pk in numbers]
        self.fields["cluster"].choices = [("", _("All")), *found]  # type: ignore[attr-defined]

    def found(self) -> LaboratoryQuerySet:
        """Return the published laboratories that fit."""
        found = Laboratory.objects.published()
        if slug := self.chosen().get("cluster"):
            found = found.filter(pk__in=LaboratoryCluster.objects.filter(cluster__slug=slug).values("laboratory"))
        return found
