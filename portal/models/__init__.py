"""The core's tables, one file per noun."""

from portal.models.accounts import User
from portal.models.history import HistoryEntry, Seal

__all__ = ["HistoryEntry", "Seal", "User"]
