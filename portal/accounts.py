"""How people sign up and are written to about their accounts (allauth's hooks)."""

from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal import work
from portal.consents import give_consent
from portal.models import Notice, User
from portal.notices import QUEUE
from portal.personal_data import ACCOUNT
from portal.signing_in import signed_in


class SignupForm(forms.Form):
    """What allauth's sign-up form asks besides address and password."""

    name = forms.CharField(label=_("Your name"), max_length=100)

    def signup(self, request: HttpRequest, user: User) -> None:
        """Keep the name, and the language in which the person signed up."""
        user.name = self.cleaned_data["name"]
        user.language = get_language() or User.Language.ENGLISH
        user.save(update_fields=["name", "language"])
        give_consent(by=user, purpose=ACCOUNT)


class AccountAdapter(DefaultAccountAdapter):
    """allauth's adapter: mail goes through the outbox, staff land in the admin."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the message as a notice; a worker sends it, so a mail server that is down stops nobody."""
        message = self.render_mail(template_prefix, email, {"request": self.request, "email": email, **context})
        Notice.objects.create(
            event=f"{template_prefix}:{uuid4()}",
            kind=f"account.{template_prefix.rpartition('/')[2]}",
            channel=Notice.Channel.EMAIL,
            recipient=None,
            address=email,
            language=get_language() or User.Language.ENGLISH,
            context={"subject": message.subject, "text": message.body},
            created_at=timezone.now(),
        )
        work.wake(QUEUE)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Refuse accounts of the demonstration anywhere else, in the words of a wrong password."""
        user: User | None = super().authenticate(request, **credentials)
        if user and user.is_demonstration and not settings.DEMONSTRATION:
            return None
        return user

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in, and let the apps take over what the session held before."""
        super().login(request, user)
        signed_in(request.session, user)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Open the staff workplace for staff and the desk for everyone else."""
        return reverse("admin:index") if request.user.is_staff else reverse("desk")

    def is_safe_url(self, url: str | None) -> bool:
        """Follow ``next`` only to this site."""
        return url is not None and url != "" and not url.startswith(("//", "/\\")) and super().is_safe_url(url)
