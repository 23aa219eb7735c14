"""`manage.py erase_person`: forget somebody for good, and forget them again after a restore."""

import re
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from altis.privacy.private_files import open_private
from altis.privacy.services.erase import ErasureRefused, UnknownPerson, erase_person
from altis.privacy.services.find import find_person
from altis.privacy.services.replay import BadLog, erasure_lines, replay_erasures
from altis.shared.actors import Actor, Cause

_REASON = re.compile(r"[a-z][a-z_]{0,63}")
_OWN_LOG = "(own)"


class Command(BaseCommand):
    """Erase one person; or write or replay the list of the erased."""

    help = (
        "Erase a person (GDPR, article 17): a usr_, gst_ or pax_ id. Refused with exit code 1, and `order_not_flown` "
        "or `payment_open` and the ids that stand in the way, while they travel, pay, or are owed money. Orders stay."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("person", nargs="?", metavar="ID", help="whom to erase")
        what.add_argument("--email-stdin", action="store_true", help="read the e-mail address from standard input")
        what.add_argument("--export-log", metavar="FILE", help="write the list of the erased; - is standard output")
        what.add_argument(
            "--replay",
            metavar="FILE",
            nargs="?",
            const=_OWN_LOG,
            help="erase everybody on such a list again; - is standard input; without a file the database's own list",
        )
        parser.add_argument("--reason", type=_reason, default="person_asked", help="a stable word (person_asked)")
        parser.add_argument("--by", default="command", metavar="USR_ID", help="the member of staff who does it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError for a refusal."""
        try:
            if options["export_log"]:
                self._export(options["export_log"])
            elif options["replay"]:
                self._replay(options["replay"])
            else:
                person = options["person"] or find_person(email=sys.stdin.readline().strip())
                self._erase(person, _cause(options["by"], options["reason"]))
        except ErasureRefused as refused:
            raise CommandError(f"not erased: {refused}") from refused
        except UnknownPerson as unknown:
            raise CommandError("there is nobody like that") from unknown
        except (BadLog, OSError) as error:
            raise CommandError(str(error)) from error

    def _erase(self, person: str, cause: Cause) -> None:
        subjects = erase_person(person=person, cause=cause)
        self.stdout.write(f"erased: {', '.join(subjects)}")

    def _export(self, target: str) -> None:
        if target == "-":
            for line in erasure_lines():
                self.stdout.write(line)
            return
        with open_private(target) as file:
            file.writelines(f"{line}\n" for line in erasure_lines())

    def _replay(self, source: str) -> None:
        count = replay_erasures(_lines(source))
        self.stdout.write(f"erased again: {count} ids")


def _lines(source: str) -> Iterable[str]:
    if source == _OWN_LOG:
        return erasure_lines()
    return sys.stdin if source == "-" else Path(source).read_text(encoding="utf-8").splitlines()


def _cause(by: str, reason: str) -> Cause:
    return Cause(Actor("system", by) if by == "command" else Actor("staff", by), reason)


def _reason(text: str) -> str:
    if not _REASON.fullmatch(text):
        raise ArgumentTypeError("a reason is a word of small letters and _, and no personal data")
    return text
