"""The app's configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncentivesConfig(AppConfig):
    """The incentives app."""

    name = "incentives"
    verbose_name = _("Incentives")
