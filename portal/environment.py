"""Where the services are: from the environment or ``.env``, otherwise embedded under ``var/``."""

import secrets
import sys
from pathlib import Path

import environ

from portal import embedded

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")

VAR = Path(env("VAR_DIR", default=str(BASE_DIR / "var"))).resolve()

_WITHOUT_SERVICES = {"help", "version", "messages", "makemessages", "compilemessages", "collectstatic", "stop"}


def services_are_needed() -> bool:
    """Return whether this process talks to the services; a few commands never do."""
    name, *arguments = sys.argv or [""]
    if Path(name).name != "manage.py":
        return True
    command = arguments[0] if arguments else "help"
    return command not in _WITHOUT_SERVICES and not command.startswith("-") and "--help" not in arguments


def is_demonstration() -> bool:
    """Return whether this installation shows the demonstration: by setting, or because ``make demo`` ran here."""
    return env.bool("DEMONSTRATION", default=not env("DATABASE_URL", default="") and (VAR / "demonstration").exists())


def database_urls() -> tuple[str, str]:
    """Return the URLs of the application's role and of the owner, who migrates."""
    url = env("DATABASE_URL", default="")
    if url:
        return url, env("DATABASE_OWNER_URL", default=url)
    application = embedded.postgres_url(VAR, embedded.APPLICATION_ROLE, start=services_are_needed())
    return application, embedded.postgres_url(VAR, embedded.OWNER_ROLE, start=False)


def redis_url() -> str:
    """Return the URL of Redis or Valkey."""
    return env("REDIS_URL", default="") or embedded.valkey_url(VAR, start=services_are_needed())


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
