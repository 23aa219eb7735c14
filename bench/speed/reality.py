"""From the real API to a script and back: records accepts, writes scripts, and proves that both say the same."""

from collections.abc import Sequence
from pathlib import Path

import psycopg

from bench.speed.asking import Asker
from bench.speed.drive import DriveError
from bench.speed.offers import Shown
from bench.speed.pgbench import Pgbench, Scripts, write_scripts
from bench.speed.script import Accept, mode, script, shape, usual
from bench.speed.statements import Log, recording, those_about

_PREPARED = 4
_FACTS = """
    SELECT o.reference, o.client, max(i.inventory_id), o.bundle
    FROM orders_order o JOIN orders_orderitem i ON i.order_id = o.id
    WHERE o.id = %s GROUP BY 1, 2, 4
"""


class Drifted(Exception):
    """The script does not say what an accept says; the text shows where."""


class Recorder:
    """Accepts offers one after the other and keeps what PostgreSQL was told."""

    def __init__(self, database_url: str, log: Log, port: int) -> None:
        self._url, self._log, self._ask = database_url, log, Asker(port)

    def warm(self, shown: Sequence[Shown]) -> None:
        """Accept without keeping anything: what is cached in a busy API shall be cached."""
        for each in shown:
            self._ask.json(each.accept())
        self._log.taken()

    def record(self, shown: Shown, *, number: int) -> Accept:
        """One accept, word by word."""
        key = f"recorded-{number:06d}"
        order = self._ask.json(shown.accept(key))
        said = those_about(self._log.taken(), shown.offer["id"], order["id"])
        with psycopg.connect(self._url) as session:
            facts = session.execute(_FACTS, [order["id"]]).fetchone()
        if facts is None:
            raise Drifted(f"the order {order['id']} is not in the database")
        return Accept(
            statements=tuple(said),
            reference=facts[0],
            client=facts[1],
            key=key,
            inventory_id=int(facts[2]),
            bundle=facts[3],
        )


def record_accepts(database_url: str, log: Log, port: int, shown: Sequence[Shown]) -> list[Accept]:
    """Accept these offers; those accepts that went as most of them did.

    The offers come in pairs of one customer: the first of each warms what an API in use has in memory.
    """
    recorder = Recorder(database_url, log, port)
    accepts = []
    for number in range(0, len(shown) - 1, 2):
        recorder.warm([shown[number]])
        accepts.append(recorder.record(shown[number + 1], number=number))
    return usual(accepts)


def proven_scripts(
    database_url: str, log_file: Path, accepts: Sequence[Accept], *, users: tuple[int, int], folder: Path
) -> tuple[Scripts, str]:
    """Scripts of these accepts, tried and compared with them, and a remark; raises Drifted or DriveError."""
    wanted, remark = mode(accepts[0]), ""
    scripts = _scripts(accepts, wanted, users, folder)
    try:
        prove(database_url, log_file, scripts)
    except DriveError:
        if wanted == "simple":
            raise
        remark = "the product prepares its statements, pgbench here plans them each time: their types cannot be told"
        scripts = _scripts(accepts, "simple", users, folder)
        prove(database_url, log_file, scripts)
    return scripts, remark


def prove(database_url: str, log_file: Path, scripts: Scripts) -> None:
    """Run one script of each shape once, and compare what the server was told; raises Drifted."""
    runner = Pgbench(database_url, scripts)
    with recording(database_url, log_file) as log:
        for wanted in dict.fromkeys(scripts.shapes):
            runner.once(scripts.files[scripts.shapes.index(wanted)])
            compare(wanted, [shape(statement.text) for statement in those_about(log.taken(), "_0bench")])


def compare(wanted: Sequence[str], found: Sequence[str]) -> None:
    """Pass when both say the same in the same order; raises Drifted."""
    for number, (real, ours) in enumerate(zip(wanted, found, strict=False)):
        if real != ours:
            raise Drifted(f"statement {number + 1}: an accept says\n  {real}\nand the script says\n  {ours}")
    if len(wanted) != len(found):
        raise Drifted(f"an accept has {len(wanted)} statements, the script {len(found)}")


def pipelined(accepts: Sequence[Accept], *, users: tuple[int, int], folder: Path) -> Scripts:
    """The same scripts with all statements of an accept in one go: what a server could do if nobody had to wait."""
    return _scripts(accepts, "prepared", users, folder, pipelined=True)


def _scripts(
    accepts: Sequence[Accept], mode: str, users: tuple[int, int], folder: Path, *, pipelined: bool = False
) -> Scripts:
    """A few where statements are prepared: each client prepares those of each script, once."""
    prepared = mode == "prepared"
    most = _PREPARED if prepared else len(accepts)
    chosen = accepts[:: max(1, len(accepts) // most)][:most]
    rows = [accept.inventory_id for accept in accepts]
    texts = [script(accept, inventories=rows, prepared=prepared, pipelined=pipelined) for accept in chosen]
    return write_scripts(folder, texts, mode=mode, users=users, shapes=[accept.shape for accept in chosen])
