"""The core's tables, one file per noun."""

from portal.models.accounts import User
from portal.models.calendar import CalendarYear, Holiday
from portal.models.consents import Consent, Erasure
from portal.models.documents import Document
from portal.models.heartbeat import Heartbeat
from portal.models.history import HistoryEntry, Seal
from portal.models.notices import Notice
from portal.models.recounts import Recount, RecountItem
from portal.models.steps import Deadline, StepTaken
from portal.models.subjects import About, AboutQuerySet
from portal.models.work import Job, JobQuerySet

__all__ = [
    "About",
    "AboutQuerySet",
    "CalendarYear",
    "Consent",
    "Deadline",
    "Document",
    "Erasure",
    "Heartbeat",
    "HistoryEntry",
    "Holiday",
    "Job",
    "JobQuerySet",
    "Notice",
    "Recount",
    "RecountItem",
    "Seal",
    "StepTaken",
    "User",
]
