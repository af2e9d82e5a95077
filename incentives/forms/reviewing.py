"""What managers fill in about reviewers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from firms.models import Cluster
from incentives.facts import in_language
from incentives.forms.fields import WordsField
from incentives.models import Programme, ReviewerProfile
from portal.models import User
from portal.roles import Role


class ReviewerProfileForm(forms.ModelForm):
    """What a reviewer knows: clusters and instruments, ticked."""

    clusters = forms.MultipleChoiceField(
        label=_("Clusters that the reviewer knows"), required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )
    instruments = forms.MultipleChoiceField(
        label=_("Instruments that the reviewer knows"),
        required=False,
        choices=Programme.Instrument.choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    class Meta:
        model = ReviewerProfile
        fields = ("user", "clusters", "instruments")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known: list[tuple[str, Any]] = [(c.slug, in_language(c.title_en, c.title_zh)) for c in Cluster.objects.all()]
        gone = [(slug, slug) for slug in self.instance.clusters if slug not in dict(known)]
        if "clusters" in self.fields:
            self.fields["clusters"].choices = [*known, *gone]  # type: ignore[attr-defined]
        if "user" in self.fields:
            people = User.objects.filter(is_staff=True, is_active=True, groups__name=Role.REVIEWER)
            self.fields["user"].queryset = people.order_by("name", "pk")  # type: ignore[attr-defined]


class RecuseForm(forms.Form):
    """Why a review is taken from its reviewer, and who takes the place."""

    use_required_attribute = False
    reason = WordsField(label=_("Why the reviewer is recused"), max_length=500)
    successor = forms.ModelChoiceField(
        label=_("Who takes the place"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("whoever comes first by expertise and load"),
    )

    def __init__(self, *args: Any, free: list[User], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["successor"].queryset = User.objects.filter(pk__in=[user.pk for user in free])  # type: ignore[attr-defined]


class ChooseForm(forms.Form):
    """Whom the manager asks."""

    reviewer = forms.ModelChoiceField(queryset=User.objects.none())

    def __init__(self, *args: Any, free: list[User], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reviewer"].queryset = User.objects.filter(pk__in=[user.pk for user in free])  # type: ignore[attr-defined]
