"""When each kind of process was last seen at work."""

from django.db import models


class Heartbeat(models.Model):
    """One kind of process, and when one of them last did its work."""

    name = models.CharField(max_length=40, unique=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.seen_at}"
