"""The WSGI entry point."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()

from portal import database, memory  # noqa: E402 -- once the apps are loaded

database.limit_statements(settings.WEB_STATEMENT_SECONDS)
memory.settle()
