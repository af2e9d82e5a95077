"""How the record of a data room is narrowed down."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from investors.models import DataRoomDocument, DataRoomView, Interest, Opportunity
from investors.models.dataroom_views import DataRoomViewQuerySet
from portal.forms import SearchForm
from portal.models import User

TEXT = "text"


class _PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: User) -> str:
        return obj.name


class _InterestField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Interest) -> str:
        return f"{obj.reference} · {obj.counterparty}"


class RoomLogForm(SearchForm):
    """By whom, in which interest, of which file."""

    interest = _InterestField(
        label=_("Expression of interest"), queryset=Interest.objects.none(), to_field_name="reference", required=False
    )
    person = _PersonField(label=_("Person"), queryset=User.objects.none(), required=False)
    what = forms.ChoiceField(label=_("What"), required=False)

    def __init__(self, data: Any, *, opportunity: Opportunity) -> None:
        super().__init__(data)
        self.opportunity = opportunity
        views = DataRoomView.objects.filter(interest__opportunity=opportunity)
        interests = Interest.objects.filter(opportunity=opportunity, agreed_at__isnull=False).order_by("pk")
        people = User.objects.filter(pk__in=views.values("person")).order_by("name", "pk")
        self.fields["interest"].queryset = interests.select_related("organisation", "person")  # type: ignore[attr-defined]
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        files = DataRoomDocument.objects.filter(opportunity=opportunity).order_by("tier", "position", "pk")
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            ("", _("Everything")),
            (TEXT, _("Confidential description")),
            *((str(file.pk), file.title) for file in files),
        ]

    def found(self, user: User) -> DataRoomViewQuerySet:
        """Return the openings that are asked for, newest first; what the form does not understand narrows nothing.

        Args:
            user: who reads: of the owner.
        """
        chosen = self.chosen()
        found = DataRoomView.objects.of_owner(user).filter(interest__opportunity=self.opportunity)
        for name in ("interest", "person"):
            if name in chosen:
                found = found.filter(**{name: chosen[name]})
        if what := chosen.get("what"):
            found = found.filter(document=None) if what == TEXT else found.filter(document=what)
        return found.select_related("person", "document", "interest__organisation").order_by("-pk")
