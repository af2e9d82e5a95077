"""The incentives' pages in the staff workplace."""

from incentives.admin import (
    applications,
    criteria,
    money,
    objections,
    programmes,
    publications,
    questions,
    reviewers,
    reviews,
)

__all__ = [
    "applications",
    "criteria",
    "money",
    "objections",
    "programmes",
    "publications",
    "questions",
    "reviewers",
    "reviews",
]
