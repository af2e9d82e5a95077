"""The app's configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InvestorsConfig(AppConfig):
    """Who comes, what they find, how they are served."""

    name = "investors"
    verbose_name = _("Investor services")
