"""Complaining, and writing about a complaint."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from firms.models import Organisation
from investors.forms.fields import LineField, OrganisationField, ProseField
from investors.forms.files import FilesField
from investors.forms.inquiries import SUBJECT, KeyField
from investors.models import Complaint
from investors.services.complaints import MOST_PERSONS, Grievance
from portal.forms import PortalFormMixin
from portal.models import User

PERSON = 200
_YES_NO = [("no", _("No")), ("yes", _("Yes"))]


class ComplaintForm(PortalFormMixin, forms.Form):
    """A complaint, with what the rules ask to be in it."""

    standing = forms.ChoiceField(label=_("You complain as"), choices=Complaint.Standing, widget=forms.RadioSelect)
    organisation = OrganisationField(
        label=_("Your organisation on this portal"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("Another one"),
    )
    on_behalf_of = LineField(
        label=_("Name of the enterprise or investor"),
        max_length=200,
        required=False,
        help_text=_("As registered. Leave it empty if you chose your organisation above."),
    )
    kind = forms.ChoiceField(label=_("What it is about"), choices=Complaint.Kind, widget=forms.RadioSelect)
    authority = LineField(label=_("Authority complained of"), max_length=200, required=False)
    about_staff = forms.ChoiceField(
        label=_("Do you complain of somebody who works on this portal, or who answered you here?"),
        choices=_YES_NO,
        widget=forms.RadioSelect,
        help_text=_("They will not handle the complaint, and will not see it."),
    )
    persons = ProseField(
        label=_("Persons complained of"),
        max_length=2100,
        required=False,
        help_text=_("One on each line: the name, or what you know of them."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    subject = LineField(label=_("Subject"), max_length=SUBJECT)
    facts = ProseField(
        label=_("Facts, evidence and grounds"),
        max_length=5000,
        help_text=_("What happened, when, what shows it, and which rule you rely on. Up to 5,000 characters."),
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    request = ProseField(
        label=_("What you ask for"),
        max_length=2000,
        help_text=_("What should be done or improved. Up to 2,000 characters."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    elsewhere = ProseField(
        label=_("Is the matter, or was it, before another office or a court?"),
        max_length=1000,
        required=False,
        help_text=_(
            "A higher complaint office, a petition office, administrative reconsideration or a court: which, and since "
            "when. Leave it empty if not."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    language = forms.ChoiceField(
        label=_("Answer in"), choices=User.Language, widget=forms.RadioSelect, help_text=_("We answer in either.")
    )
    attachments = FilesField()
    key = KeyField()

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Organisation.objects.with_member(user)
        self.fields["organisation"].queryset = own  # type: ignore[attr-defined]
        if not own.exists():
            del self.fields["organisation"]
            self.fields["on_behalf_of"].help_text = _("As registered.")

    def clean_persons(self) -> list[str]:
        """Return the names, one of each line."""
        names = [" ".join(line.split()) for line in self.cleaned_data["persons"].splitlines()]
        names = [name for name in names if name]
        if len(names) > MOST_PERSONS:
            raise forms.ValidationError(_("Name at most %(most)d persons."), params={"most": MOST_PERSONS})
        if any(len(name) > PERSON for name in names):
            raise forms.ValidationError(_("Write at most %(most)d characters on a line."), params={"most": PERSON})
        return names

    def clean(self) -> dict[str, Any]:
        """Ask for whom, and for what the kind of complaint needs."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("organisation") and not data.get("on_behalf_of") and "on_behalf_of" not in self.errors:
            self.add_error("on_behalf_of", _("Say for which enterprise or investor you complain."))
        if data.get("kind") == Complaint.Kind.CONDUCT and not data.get("authority") and "authority" not in self.errors:
            self.add_error("authority", _("Name the authority whose act you complain of."))
        return data

    def grievance(self) -> Grievance:
        """Return what is complained of."""
        data = self.cleaned_data
        return Grievance(
            standing=data["standing"],
            kind=data["kind"],
            language=data["language"],
            subject=data["subject"],
            facts=data["facts"],
            request=data["request"],
            about_staff=data["about_staff"] == "yes",
            persons=data["persons"],
            authority=data["authority"],
            elsewhere=data["elsewhere"],
            organisation=data.get("organisation"),
            on_behalf_of=data["on_behalf_of"],
            files=data["attachments"],
        )


class ComplaintMessageForm(PortalFormMixin, forms.Form):
    """A message of the complainant."""

    text = ProseField(label=_("Your message"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5}))
    attachments = FilesField()
    key = KeyField()
