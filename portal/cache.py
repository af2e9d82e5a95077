"""A cache whose absence slows a page and never breaks it."""

from typing import Any

import redis
import structlog
from django.core.cache.backends.redis import RedisCache

log = structlog.get_logger()


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache; while Redis is away reads miss and writes are dropped.

    ``add`` and ``incr`` raise instead: limits that count with them fail closed.
    """

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Return a value, the default while Redis is away."""
        try:
            return super().get(key, default, version)
        except redis.RedisError:
            log.warning("cache_unavailable", operation="get")
            return default

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        """Keep a value, or lose it while Redis is away."""
        try:
            super().set(key, value, *args, **kwargs)
        except redis.RedisError:
            log.warning("cache_unavailable", operation="set")

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Forget a value, or say that it was not forgotten."""
        try:
            return super().delete(key, version)
        except redis.RedisError:
            log.warning("cache_unavailable", operation="delete")
            return False
