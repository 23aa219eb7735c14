"""`manage.py export_person`: tell somebody everything that is kept about them."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from altis.privacy.private_files import open_private
from altis.privacy.services.erase import UnknownPerson
from altis.privacy.services.export import export_person
from altis.privacy.services.find import find_person


class Command(BaseCommand):
    """Collect and write."""

    help = (
        "Write everything that is kept about a person (GDPR, article 15) as JSON: a usr_, gst_ or pax_ id. "
        "docs/privacy.md describes the shape."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("person", nargs="?", metavar="ID", help="who asks")
        who.add_argument("--email-stdin", action="store_true", help="read the e-mail address from standard input")
        parser.add_argument(
            "--out", metavar="FILE", default="-", help="a new file that only you may read; - is standard output"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError for somebody unknown, and for a file that is there already."""
        try:
            person = options["person"] or find_person(email=sys.stdin.readline().strip())
            text = json.dumps(export_person(person=person), indent=2, ensure_ascii=False)
            if options["out"] == "-":
                self.stdout.write(text)
                return
            with open_private(options["out"]) as file:
                file.write(f"{text}\n")
        except UnknownPerson as unknown:
            raise CommandError("there is nobody like that") from unknown
        except OSError as error:
            raise CommandError(str(error)) from error
