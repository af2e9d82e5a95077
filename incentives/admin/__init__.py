"""The incentives' pages in the staff workplace."""

from incentives.admin import applications, money, objections, programmes, publications, reviews

__all__ = ["applications", "money", "objections", "programmes", "publications", "reviews"]
