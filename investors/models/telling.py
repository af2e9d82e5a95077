"""How often somebody wants to be told of what is new."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tell(models.TextChoices):
    """How often."""

    IMMEDIATE = "immediate", _("At once")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week")
    NEVER = "never", _("Never")
