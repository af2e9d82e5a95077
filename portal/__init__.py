"""What all parts of the portal share; knows no other app."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
