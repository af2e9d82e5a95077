"""The incentives' pages in the staff workplace."""

from incentives.admin import (
    appeals,
    applications,
    bulk,
    criteria,
    letters,
    money,
    objections,
    programmes,
    publications,
    questions,
    reviewers,
    reviews,
)

__all__ = [
    "appeals",
    "applications",
    "bulk",
    "criteria",
    "letters",
    "money",
    "objections",
    "programmes",
    "publications",
    "questions",
    "reviewers",
    "reviews",
]
