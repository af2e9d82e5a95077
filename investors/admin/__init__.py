"""Opportunities and inquiries in the staff workplace."""

from investors.admin import inquiries, officers, opportunities

__all__ = ["inquiries", "officers", "opportunities"]
