"""pgbench, which comes with the embedded PostgreSQL: the same statements as an accept, and nothing but PostgreSQL."""

import math
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from altis.devstack import binaries
from altis.shared.ids import REFERENCE_ALPHABET
from bench.speed.drive import DriveError
from bench.speed.figures import Outcome, outcome_of

_FAILED = re.compile(r"number of failed transactions: (\d+)")
_ABORTED = re.compile(r"client \d+ .*aborted|Run was aborted")
# Of a line of its log: client, transaction, latency in microseconds, script, seconds and microseconds of the end.
_LATENCY, _EPOCH = 2, 4
_WARM_SECONDS, _CLIENTS_PLANNED_A_SECOND = 2.0, 16
_MOST_SCRIPTS = 128
_REFERENCES = 900_000  # six digits, see bench/speed/script.py


@dataclass(frozen=True, slots=True, kw_only=True)
class Scripts:
    """Scripts in a folder, and how they are to be sent."""

    folder: Path
    files: tuple[Path, ...]
    mode: str  # simple or prepared
    users: int
    readers: int  # the first of them, whose orders can be read: these cannot, since envelopes are bound to their rows
    shapes: tuple[tuple[str, ...], ...]  # of each file: what that accept said, without values


def write_scripts(
    folder: Path, texts: Sequence[str], *, mode: str, users: tuple[int, int], shapes: Sequence[tuple[str, ...]]
) -> Scripts:
    """One file for each; of more than pgbench takes the first. `users`: how many readers, and how many in all."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for number, text in enumerate(texts[:_MOST_SCRIPTS]):
        files.append(folder / f"accept-{number}.sql")
        files[-1].write_text(text)
    return Scripts(
        folder=folder,
        files=tuple(files),
        mode=mode,
        users=users[1],
        readers=users[0],
        shapes=tuple(shapes[: len(files)]),
    )


class Pgbench:
    """Runs scripts against a database; what one run inserted does not meet what the next inserts."""

    def __init__(self, database_url: str, scripts: Scripts) -> None:
        self._url, self._scripts = database_url, scripts
        self._program = binaries.program(binaries.POSTGRES, account=None, copies=Path()).parent / "pgbench"

    def run(self, *, clients: int, seconds: float) -> Outcome:
        """So many clients for so long, after a while to connect and to plan; raises DriveError for any refusal."""
        warm = _WARM_SECONDS + clients / _CLIENTS_PLANNED_A_SECOND
        self._call(clients, ["-T", str(math.ceil(seconds + warm))])
        ended = sorted(
            (int(line[_EPOCH]) + int(line[_EPOCH + 1]) / 1e6, int(line[_LATENCY]) / 1e6)
            for file in self._scripts.folder.glob("log.*")
            for line in map(str.split, file.read_text().splitlines())
        )
        if not ended:
            raise DriveError("pgbench did not end a single transaction")
        last = ended[-1][0]
        latencies = [latency for at, latency in ended if at > last - seconds]
        return replace(outcome_of(latencies, seconds=seconds, errors=0), work=len(ended))

    def once(self, file: Path) -> None:
        """One script, once."""
        self._call(1, ["-t", "1"], scripts=[file])

    def _call(self, clients: int, how_long: list[str], scripts: Sequence[Path] | None = None) -> None:
        for old in self._scripts.folder.glob("log.*"):
            old.unlink()
        place = urlsplit(self._url)
        words = [str(self._program), "-n", "-M", self._scripts.mode, "-c", str(clients), "-j", "1", *how_long]
        words += ["--log", f"--log-prefix={self._scripts.folder / 'log'}"]
        words += [f"-Daltis_i={self._first(clients)}", f"-Daltis_clients={clients}"]
        words += [f"-Daltis_first={self._scripts.readers}", f"-Daltis_users={self._scripts.users}"]
        words += [part for file in scripts or self._scripts.files for part in ("-f", str(file))]
        words += ["-h", str(place.hostname), "-p", str(place.port), "-U", str(place.username), place.path.lstrip("/")]
        done = subprocess.run(
            words, env={"PGPASSWORD": str(place.password)}, capture_output=True, text=True, timeout=120, check=False
        )
        said = f"{done.stdout}\n{done.stderr}"
        failed = _FAILED.search(said)
        if done.returncode or _ABORTED.search(said) or (failed and int(failed[1])):
            raise DriveError(f"pgbench: {done.stderr[-800:]}")

    def _first(self, clients: int) -> int:
        """Where counting goes on: references of six digits are ours, if one of these is no digit of the product's.

        Three numbers in a row can be without such a digit: so many are passed over.
        """
        with psycopg.connect(self._url) as session:
            row = session.execute(
                "SELECT coalesce(max(reference::int) - 100000 + 3, 0) FROM orders_order"
                " WHERE reference ~ '^[0-9]{6}$' AND reference ~ %s",
                [f"[^{REFERENCE_ALPHABET}]"],
            ).fetchone()
        used = int(row[0]) if row else 0
        if used > _REFERENCES - 200_000:
            raise DriveError("all references of six digits have been used")
        return used // clients + 1
