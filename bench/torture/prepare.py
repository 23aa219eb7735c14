"""One process that makes a fresh database ready for a run: `python -m bench.torture.prepare DAYS ROUTES SEED START`."""

import os
import sys

import django
from django.core.management import call_command


def main(days: str, routes: str, seed: str, start: str) -> None:
    """Tables, the movable clock, a small season, the administrator."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "altis.settings")
    django.setup()
    from django.conf import settings  # noqa: PLC0415  (only after setup)

    from altis.accounts.services.ensure_staff import ensure_staff  # noqa: PLC0415  (only after setup)
    from altis.store import clock_offset  # noqa: PLC0415  (only after setup)

    call_command("migrate", "--no-input", verbosity=0)
    clock_offset.install()
    call_command("seed_flights", "--days", days, "--routes", routes, "--seed", seed, "--start", start)
    ensure_staff(email=settings.ALTIS_ADMIN_EMAIL, password=settings.ALTIS_ADMIN_PASSWORD)


if __name__ == "__main__":
    main(*sys.argv[1:])
