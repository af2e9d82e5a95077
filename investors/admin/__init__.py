"""Opportunities, inquiries, officers and commitments in the staff workplace."""

from investors.admin import commitments, inquiries, officers, opportunities

__all__ = ["commitments", "inquiries", "officers", "opportunities"]
