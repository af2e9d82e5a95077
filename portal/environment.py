"""Where the services are: from the environment or ``.env``, otherwise embedded under ``var/``."""

import secrets
from pathlib import Path

import environ

from portal import embedded

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")

VAR = Path(env("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()


def database_urls() -> tuple[str, str]:
    """Return the URLs of the application's role and of the owner, who migrates."""
    url = env("DATABASE_URL", default="")
    if url:
        return url, env("DATABASE_OWNER_URL", default=url)
    return (
        embedded.postgres_url(VAR, embedded.APPLICATION_ROLE),
        embedded.postgres_url(VAR, embedded.OWNER_ROLE),
    )


def redis_url() -> str:
    """Return the URL of Redis or Valkey."""
    return env("REDIS_URL", default="") or embedded.valkey_url(VAR)


def secret_key() -> str:
    """Return SECRET_KEY, or one made once and kept under ``var/`` for a development machine."""
    key = env("SECRET_KEY", default="")
    if key:
        return key
    path = VAR / "secret_key"
    if not path.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()
