"""The app in the staff workplace, a module for each noun."""

from investors.admin import commitments, complaints, inquiries, officers, opportunities

__all__ = ["commitments", "complaints", "inquiries", "officers", "opportunities"]
