"""The incentives' pages in the staff workplace."""

from incentives.admin import applications, money, objections, programmes, reviews

__all__ = ["applications", "money", "objections", "programmes", "reviews"]
