"""The people who sign in."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.triggers import History

NOBODY = "@erased.invalid"
"""How the address of an erased account ends: a domain that no mail reaches (RFC 2606)."""


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Save a user whose address is stored in lower case."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Save a user who may do everything in the admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find the user whatever the case of the address typed."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account: company member, investor or district staff."""

    class Language(models.TextChoices):
        ENGLISH = "en", "English"
        CHINESE = "zh-hans", "简体中文"

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    language = models.CharField(_("language of messages"), max_length=10, choices=Language, default=Language.ENGLISH)
    is_staff = models.BooleanField(_("district staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_demonstration = models.BooleanField(_("demonstration account"), default=False, editable=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    EMAIL_FIELD = "email"

    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_lower_case"),
            models.CheckConstraint(
                condition=models.Q(erased_at=None)
                | models.Q(is_active=False, name="", password__startswith="!", email__endswith=NOBODY),  # noqa: S106
                name="user_erased_is_nobody",
            ),
        ]
        triggers: ClassVar = [History(without=("password", "last_login"), masked=("email", "name"))]

    def __str__(self) -> str:
        if self.erased_at:
            return _("Erased account %(number)s") % {"number": self.pk}
        return self.name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save in a transaction, which knows who acts: ``createsuperuser`` and ``changepassword`` open none."""
        with transaction.atomic():
            super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        """Return the name, as Django's own pages ask for it."""
        return self.name
