"""After a restore: a real dump from before an erasure is put back, and the erased stay erased."""

import subprocess
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from altis.accounts.models import User
from altis.devstack import binaries
from altis.devstack.account import server_account
from altis.privacy.models import ErasureLog, SubjectKey
from altis.privacy.services.erase import erase_person
from altis.privacy.services.replay import BadLog, erasure_lines, replay_erasures
from tests.insight.books import ALWAYS, violations
from tests.payments.simulators import Simulator
from tests.privacy.people import CAUSE, EMAIL, flown_order, make_customer, readable

pytestmark = pytest.mark.django_db(transaction=True)
LINE = '{{"subject": "{subject}", "at": "2026-11-01T10:00:00.000Z", "actor": "staff:usr_x", "reason": "person_asked"}}'


class Backup:
    """A dump of the test's database by PostgreSQL's own programs, and its restore."""

    def __init__(self, folder: Path) -> None:
        postgres = binaries.program(binaries.POSTGRES, account=server_account(), copies=folder)
        self._bin, self._file = postgres.parent, folder / "backup.dump"
        facts = connection.settings_dict
        self._target = ["-h", facts["HOST"], "-p", str(facts["PORT"]), "-U", facts["USER"], "-d", facts["NAME"]]
        self._environ = {"PGPASSWORD": facts["PASSWORD"]}

    def take(self) -> None:
        """Keep the rows of now."""
        self._run("pg_dump", "--format=custom", "--data-only", f"--file={self._file}")

    def restore(self) -> None:
        """Put the rows of then in the place of those of now."""
        tables = connection.introspection.table_names()
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
        connection.close()
        self._run("pg_restore", "--data-only", "--disable-triggers", "--exit-on-error", str(self._file))

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._bin / program, *self._target, *arguments], env=self._environ, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()


@pytest.fixture
def backup(tmp_path: Path) -> Iterator[Backup]:
    made = Backup(tmp_path)
    yield made
    connection.close()


def test_the_erased_stay_erased_after_an_older_backup_is_restored(
    gateway: Simulator, backup: Backup, tmp_path: Path
) -> None:
    user, kept = make_customer(), make_customer("kept@example.com")
    flown_order(user)
    backup.take()
    erase_person(person=user.pk, cause=CAUSE)
    call_command("erase_person", "--export-log", str(tmp_path / "erased.jsonl"))
    backup.restore()
    brought_back = User.objects.get_by_natural_key(EMAIL).pk, len(readable()), ErasureLog.objects.count()

    call_command("erase_person", "--replay", str(tmp_path / "erased.jsonl"), stdout=StringIO())

    assert brought_back == (user.pk, len(readable()) + 3 + 6 + 4, 0)
    assert readable() == [f"accounts_user.email {kept.pk}"]
    assert ErasureLog.objects.count() == 3
    assert violations(ALWAYS) == {}


def test_a_list_survives_the_way_out_and_in() -> None:
    erase_person(person=make_customer().pk, cause=CAUSE)
    lines = list(erasure_lines())

    count = replay_erasures(lines)

    assert (count, list(erasure_lines())) == (1, lines)


def test_somebody_who_is_not_in_the_backup_is_written_down() -> None:
    subject = "usr_01jd0000000000000000000000"

    replay_erasures([LINE.format(subject=subject), ""])

    assert list(ErasureLog.objects.values_list("subject", "actor")) == [(subject, "staff:usr_x")]


@pytest.mark.parametrize("line", ["x", "[]", "{}", LINE.format(subject="ord_1"), LINE.format(subject="usr_1")[:-9]])
def test_a_strange_list_erases_nobody(line: str) -> None:
    user = make_customer()

    with pytest.raises(BadLog, match=r"^line 2 "):
        replay_erasures([LINE.format(subject=user.pk), line])

    assert (SubjectKey.objects.count(), ErasureLog.objects.exists()) == (1, False)


def test_the_own_list_is_replayed_without_a_file() -> None:
    user, out = make_customer(), StringIO()
    erase_person(person=user.pk, cause=CAUSE)
    User.objects.filter(pk=user.pk).update(is_active=True)

    call_command("erase_person", "--replay", stdout=out)

    assert (out.getvalue(), User.objects.get(pk=user.pk).is_active) == ("erased again: 1 ids\n", False)


def test_the_command_says_which_line_is_strange(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("not a list\n"))

    with pytest.raises(CommandError, match="line 1 is not an erasure"):
        call_command("erase_person", "--replay", "-")
