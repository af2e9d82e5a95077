"""Organisations, clusters and claims in the staff workplace."""

from firms.admin import claims, clusters, organisations

__all__ = ["claims", "clusters", "organisations"]
