"""Opportunities, inquiries, complaints, officers and commitments in the staff workplace."""

from investors.admin import commitments, complaints, inquiries, officers, opportunities

__all__ = ["commitments", "complaints", "inquiries", "officers", "opportunities"]
