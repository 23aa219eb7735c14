"""One process that fills the stage: `python -m bench.screenshots.prepare`; the last line is a `Scene` as JSON.

All through the product's own services, so that every page has what it has after a day of work, troubles included.
"""

import json
import os
import sys

import django
from django.core.management import call_command


def main() -> None:
    """Seed the demo, then let the plot happen."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "altis.settings")
    django.setup()
    call_command("seed_demo", stdout=sys.stderr)
    from bench.screenshots.plot import play  # noqa: PLC0415  it imports models, which exist only after setup

    print(json.dumps(play()))


if __name__ == "__main__":
    main()
