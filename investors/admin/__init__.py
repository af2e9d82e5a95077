"""Opportunities and inquiries in the staff workplace."""

from investors.admin import inquiries, opportunities

__all__ = ["inquiries", "opportunities"]
