"""What the incentives do, one file per noun."""

from incentives.services.publishing import publish_programme

__all__ = ["publish_programme"]
