"""What officers write to make a commitment and to settle it, and what its beneficiary writes of it."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from firms.models import Organisation
from investors.commitment_lifecycle import Settlement, may_own
from investors.forms.fields import DayField, LineField, ProseField
from investors.forms.inquiries import KeyField
from investors.forms.steps import WIDE
from investors.models import Commitment
from investors.models.commitments import OWNERS
from portal.documents import validate_upload
from portal.forms import PortalFormMixin
from portal.models import User

MOST = 2000
"""How many characters each text may have."""

_MOST_OFFICERS = 200
_BY_HAND = [Commitment.Source.LETTER, Commitment.Source.MEETING, Commitment.Source.OTHER]


def _prose(label: Any, rows: int = 4, **options: Any) -> ProseField:
    widget = forms.Textarea(attrs={"rows": rows, "class": WIDE, "maxlength": MOST})
    return ProseField(label=label, max_length=MOST, widget=widget, **options)


def officers() -> Any:
    """Return the active staff who may answer for a commitment."""
    found = User.objects.filter(is_active=True, is_staff=True, groups__name__in=OWNERS)
    return found.distinct().order_by("name", "pk")


def checked(upload: UploadedFile | None) -> UploadedFile | None:
    """Return a file that may be kept.

    Raises:
        ValidationError: it may not.
    """
    if upload:
        validate_upload(upload)
    return upload


class CommitmentForm(forms.Form):
    """A commitment: what, by when, who answers for it; to whom and where promised, unless its source says."""

    organisation = LineField(
        label=_("Organisation"),
        max_length=100,
        required=False,
        help_text=_("Its unified social credit code, or its name as the directory writes it."),
    )
    person = forms.EmailField(
        label=_("Person"),
        required=False,
        help_text=_("The e-mail address of their account; where they do not act for an organisation, or beside it."),
    )
    text_zh = _prose(_("What is promised, in Chinese"), required=False)
    text_en = _prose(
        _("What is promised, in English"),
        required=False,
        help_text=_("One language is enough: that of the beneficiary. Neither words nor day can be changed later."),
    )
    due_on = DayField(label=_("By the end of"))
    owner = forms.ModelChoiceField(label=_("Officer who answers for it"), queryset=User.objects.none())
    source = forms.ChoiceField(label=_("Promised in"), choices=[(one.value, one.label) for one in _BY_HAND])
    source_on = DayField(label=_("Day of the letter or meeting"), required=False)
    source_note = LineField(label=_("Number of the letter, or who met"), max_length=200, required=False)
    file = forms.FileField(
        label=_("The letter or the minutes"),
        required=False,
        help_text=_("The beneficiary can open it once it is checked."),
    )
    key = KeyField()

    def __init__(self, *args: Any, has_source: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = officers()  # type: ignore[attr-defined]
        for name in ("owner", "source"):
            self.fields[name].widget.attrs["class"] = WIDE
        if has_source:
            for name in ("organisation", "person", "source", "source_on", "source_note", "file"):
                del self.fields[name]

    def clean_file(self) -> UploadedFile | None:
        """Refuse what is no acceptable file."""
        return checked(self.cleaned_data["file"])

    def clean_organisation(self) -> Organisation | None:
        """Find the one living organisation that is meant."""
        typed = self.cleaned_data["organisation"]
        if not typed:
            return None
        named = Q(uscc=typed.upper()) | Q(name_zh=typed) | Q(name_en__iexact=typed) | Q(slug=typed)
        found = Organisation.objects.exclude(status=Organisation.Status.MERGED).filter(named)[:2]
        if len(found) != 1:
            raise forms.ValidationError(
                _("Several organisations are called so: give the code.")
                if found
                else _("There is no such organisation.")
            )
        return found[0]

    def clean_person(self) -> User | None:
        """Find the account."""
        typed = self.cleaned_data["person"]
        if not typed:
            return None
        found = User.objects.filter(email__iexact=typed, is_active=True).first()
        if found is None:
            raise forms.ValidationError(_("There is no account of this address."))
        return found


class _SettlementForm(forms.Form):
    """A form whose value is what the step's effect takes."""

    def clean(self) -> dict[str, Any]:
        """Make the settlement of what was typed."""
        data = self.cleaned_data
        if "text" not in data or self.errors:
            return data
        return {
            "said": Settlement(
                data["text"],
                data.get("next_step", ""),
                data.get("due_on"),
                [data["file"]] if data.get("file") else [],
            )
        }


class KeepForm(_SettlementForm):
    """How a commitment was kept."""

    text = _prose(_("What was done, and when, as the beneficiary reads it"))
    file = forms.FileField(label=_("A file that shows it (optional)"), required=False)

    def clean_file(self) -> UploadedFile | None:
        """Refuse what is no acceptable file."""
        return checked(self.cleaned_data["file"])


class BreakForm(_SettlementForm):
    """Why a commitment was not kept, and what happens now."""

    text = _prose(_("Why it was not kept, as the beneficiary reads it"))
    next_step = _prose(_("What happens now"), rows=3)
    due_on = DayField(
        label=_("New day (optional)"),
        required=False,
        help_text=_("The same is promised anew by this day, as a commitment of its own. This one stays not kept."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].widget.attrs["class"] = WIDE


class ObjectionAnswerForm(_SettlementForm):
    """What the head says to an objection."""

    text = _prose(_("Why it was kept, as the beneficiary reads it"))


class OwnerForm(forms.Form):
    """Who answers for a commitment from now on."""

    owner = forms.ModelChoiceField(
        label=_("New officer"), queryset=User.objects.none(), widget=forms.Select(attrs={"class": WIDE})
    )

    def offer_officers_for(self, commitment: Commitment) -> None:
        """Offer those who may answer for it."""
        able = [one.pk for one in officers()[:_MOST_OFFICERS] if may_own(one, commitment)]
        found = User.objects.filter(pk__in=able).exclude(pk=commitment.owner_id).order_by("name", "pk")
        self.fields["owner"].queryset = found  # type: ignore[attr-defined]

    def clean_owner(self) -> int:
        """Return the officer's number: a step's record holds no names."""
        return int(self.cleaned_data["owner"].pk)


class ObjectionForm(PortalFormMixin, forms.Form):
    """What the beneficiary says was not done."""

    text = ProseField(label=_("What was not done?"), max_length=MOST, widget=forms.Textarea(attrs={"rows": 4}))
