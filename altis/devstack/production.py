"""`python -m altis.devstack.production check --deploy`: a management command under production settings.

The secrets are valid and made for this one run; the services are named, not reached.
"""

import os
import sys

from django.core.management import execute_from_command_line

from altis.devstack.keys import fresh_secrets

_PLACES = {
    "ALTIS_ENV": "production",
    "ALTIS_ALLOWED_HOSTS": "altis.example",
    "DATABASE_URL": "postgresql://altis@127.0.0.1:5432/altis",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9092",
    "ALTIS_PUBLIC_URL": "https://altis.example",
    "ALTIS_EMAIL_URL": "smtp+tls://127.0.0.1:587",
    "ALTIS_SIMULATOR_URL": "https://gateway.altis.example",
    "DJANGO_SETTINGS_MODULE": "altis.settings",
    "ALTIS_LOG_LEVEL": "CRITICAL",  # that no database answers is no news
}


def main(words: list[str]) -> None:
    """Run `words` as a management command; the caller's variables do not leak in."""
    os.environ.update({**_PLACES, **fresh_secrets()})
    execute_from_command_line(["manage.py", *words])


if __name__ == "__main__":
    main(sys.argv[1:])
