"""The core's pages in the staff workplace."""

from portal.admin import accounts, calendar, recounts, work

__all__ = ["accounts", "calendar", "recounts", "work"]
