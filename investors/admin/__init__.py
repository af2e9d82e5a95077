"""The app in the staff workplace, a module for each noun."""

from investors.admin import answering, commitments, complaints, inquiries, interests, matches, officers, opportunities

__all__ = ["answering", "commitments", "complaints", "inquiries", "interests", "matches", "officers", "opportunities"]
