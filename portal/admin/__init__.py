"""The core's pages in the staff workplace."""

from portal.admin import accounts, calendar, work

__all__ = ["accounts", "calendar", "work"]
