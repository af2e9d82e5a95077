"""Expressing interest, and what each step of it asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries import countries

from firms.models import Organisation
from investors.disclosure import counterparty_country
from investors.export_gate import MAINLAND
from investors.forms.fields import DayField, LineField, OrganisationField, ProseField
from investors.forms.files import FilesField
from investors.forms.inquiries import KeyField
from investors.interest_effects import Conclusion, Price
from investors.models import Interest
from investors.models.facts import Kind
from investors.rules import EDITORS
from investors.services.interests import Expression
from portal.documents import how_files_are_checked, validate_upload
from portal.forms import PortalFormMixin

REFUSALS = [choice for choice in Interest.Decline.choices if choice[0] != Interest.Decline.UNANSWERED]


class ExpressionForm(PortalFormMixin, forms.Form):
    """Interest in an opportunity."""

    hide_optional = True
    organisation = OrganisationField(
        label=_("On behalf of"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("Myself"),
        help_text=_(
            "Those who write for the organisation see this interest too, and its signatory accepts the agreement."
        ),
    )
    country = forms.ChoiceField(
        label=_("Your country or region"),
        required=False,
        help_text=_(
            "For an organisation, its own counts. Rules on the export of technology depend on it; for them the country "
            "or region of your investor profile counts too."
        ),
    )
    message = ProseField(
        label=_("Your message to the owner"),
        max_length=3000,
        help_text=_(
            "Who you are, what interests you, what you bring. Nothing confidential yet. Up to 3,000 characters."
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    key = KeyField()

    def __init__(self, *args: Any, user: Any, owner: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Choose one")), *countries]  # type: ignore[attr-defined]
        own = Organisation.objects.filter(
            members__user=user, members__is_active=True, members__role__in=EDITORS
        ).exclude(pk=owner.pk)
        self.fields["organisation"].queryset = own  # type: ignore[attr-defined]
        if not own.exists():
            del self.fields["organisation"]

    def clean(self) -> dict[str, Any]:
        """Ask where a person is who speaks for themselves."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("organisation") and not data.get("country") and "country" not in self.errors:
            self.add_error("country", _("Choose your country or region."))
        return data

    def expression(self) -> Expression:
        """Return what is said."""
        data = self.cleaned_data
        return Expression(data["message"], data["country"], data.get("organisation"))


class SignForm(PortalFormMixin, forms.Form):
    """The typed name under the agreement."""

    name = LineField(label=_("Your name"), max_length=100, help_text=_("Typed in full, it stands under the agreement."))
    sure = forms.BooleanField(
        label=_("I have read the agreement, may accept it for this side, and accept it."),
        error_messages={"required": _("Tick the box if you accept the agreement.")},
    )

    def data_for_step(self) -> dict[str, Any]:
        """Return what the service takes."""
        return {"name": self.cleaned_data["name"]}


class DeclineForm(PortalFormMixin, forms.Form):
    """Why an owner does not go on."""

    reason = forms.ChoiceField(label=_("Why do you decline?"), choices=REFUSALS, widget=forms.RadioSelect)
    text = ProseField(
        label=_("In your words"),
        max_length=1000,
        required=False,
        help_text=_("The other side reads it. Up to 1,000 characters."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def data_for_step(self) -> dict[str, Any]:
        """Return what the service takes."""
        return {"reason": self.cleaned_data["reason"], "text": self.cleaned_data["text"]}


class ConfirmForm(PortalFormMixin, forms.Form):
    """A step that asks for nothing but that it is meant."""

    def data_for_step(self) -> dict[str, Any]:
        """Return nothing."""
        return {}


class PriceForm(PortalFormMixin, forms.Form):
    """How the price of a technology was set."""

    hide_optional = True
    set_by = forms.ChoiceField(label=_("How is the price set?"), choices=Interest.PriceSetBy, widget=forms.RadioSelect)
    notice_from = DayField(
        label=_("First day of the notice"),
        required=False,
        help_text=_(
            "For a price set by negotiation: a university posts the name of the technology and the price for at least "
            "15 calendar days before the contract."
        ),
    )
    evidence = forms.FileField(
        label=_("Evidence of the notice"), required=False, help_text=how_files_are_checked, validators=[]
    )

    def clean_evidence(self) -> Any:
        """Refuse a file that the portal does not take."""
        if upload := self.cleaned_data.get("evidence"):
            validate_upload(upload)
        return upload

    def clean(self) -> dict[str, Any]:
        """Ask for the notice of a negotiated price."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("set_by") == Interest.PriceSetBy.NEGOTIATED:
            for name, words in (
                ("notice_from", _("Give the first day of the notice.")),
                ("evidence", _("Attach a file that shows the notice.")),
            ):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return data

    def data_for_step(self) -> dict[str, Any]:
        """Return what the service takes."""
        data = self.cleaned_data
        return {"price": Price(data["set_by"], data["notice_from"], data["evidence"])}


class ConcludeForm(PortalFormMixin, forms.Form):
    """The data of the contract."""

    hide_optional = True
    on = DayField(label=_("Day of the contract"))
    registration = LineField(
        label=_("Registration number of the contract"),
        max_length=60,
        required=False,
        help_text=_("Of its registration as a technology contract."),
    )
    no_registration = LineField(
        label=_("If there is none: why"),
        max_length=300,
        required=False,
        help_text=_("For example: a lease of premises, or an investment in equity."),
    )
    certificate = LineField(
        label=_("Number of the export certificate"),
        max_length=60,
        required=False,
        help_text=_(
            "Where a technology goes to somebody outside mainland China: the registration certificate or licence."
        ),
    )
    match = forms.BooleanField(
        label=_("Mark the opportunity as matched. It leaves the list, and others who are interested are told."),
        required=False,
    )

    def __init__(self, *args: Any, interest: Interest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if interest.opportunity.kind != Kind.OFFER or counterparty_country(interest) == MAINLAND:
            del self.fields["certificate"]
        if interest.opportunity.status != "published":
            del self.fields["match"]

    def clean(self) -> dict[str, Any]:
        """Ask for the registration, or for a reason."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("registration") and not data.get("no_registration") and "registration" not in self.errors:
            self.add_error("registration", _("Give the registration number, or say below why there is none."))
        if "certificate" in self.fields and not data.get("certificate") and "certificate" not in self.errors:
            self.add_error("certificate", _("Give the number of the export certificate."))
        return data

    def data_for_step(self) -> dict[str, Any]:
        """Return what the service takes."""
        data = self.cleaned_data
        return {
            "contract": Conclusion(
                on=data["on"],
                registration=data["registration"],
                no_registration=data["no_registration"],
                certificate=data.get("certificate", ""),
                match=data.get("match", False),
            )
        }


class InterestMessageForm(PortalFormMixin, forms.Form):
    """A message to the other side; where no files may pass, their field is not offered."""

    text = ProseField(label=_("Your message"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5}))
    attachments = FilesField()
    key = KeyField()

    def __init__(self, *args: Any, takes_files: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        if not takes_files:
            del self.fields["attachments"]


class MilestoneForm(PortalFormMixin, forms.Form):
    """Something to be done by a day."""

    title = LineField(label=_("What is to be done"), max_length=150)
    due_on = DayField(label=pgettext_lazy("milestone", "By"))
    key = KeyField()
