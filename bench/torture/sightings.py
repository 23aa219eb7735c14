"""What a reader has seen of the topics, through all the lives of a broker that forgets, and what is wrong with it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Place = tuple[str, int]  # topic, partition
Stream = tuple[str, str]  # topic, subject


class Message(NamedTuple):
    """One message: where it stood, and what its headers and its key say."""

    topic: str
    partition: int
    offset: int
    subject: str
    sequence: int
    id: str


class Row(NamedTuple):
    """One row of the outbox, published."""

    position: int
    topic: str
    subject: str
    sequence: int
    id: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """A first arrival, and in which life of its partition's log it came."""

    sequence: int
    life: int


@dataclass(slots=True)
class Findings:
    """What contradicts the promise. `lost_with_broker` was confirmed by a broker that forgot it before we read it."""

    violations: list[str] = field(default_factory=list)
    lost_with_broker: int = 0


class Sightings:
    """Not safe across threads: the watcher locks."""

    def __init__(self) -> None:
        self.duplicates = 0
        self._logs: dict[Place, dict[int, str]] = defaultdict(dict)
        self._lives: dict[Place, int] = defaultdict(int)
        self._reached: dict[Place, int] = {}  # in this reading from the beginning
        self._interrupted = False
        self._late: set[Place] = set()  # first read after an interruption: an earlier life may have gone unread
        self._places: dict[Stream, Place] = {}
        self._streams: dict[Stream, dict[str, Sighting]] = defaultdict(dict)

    def begin_again(self) -> None:
        """From here on every log is read from its beginning."""
        self._reached.clear()

    def interrupt(self) -> None:
        """The broker has gone away while it was read, and with it what of its logs had not been."""
        self._interrupted = True

    def take(self, message: Message) -> None:
        """Note one message; what stands where it stood before is the same arrival, read again."""
        place = (message.topic, message.partition)
        if self._interrupted and place not in self._logs:
            self._late.add(place)
        self._reached[place] = max(message.offset, self._reached.get(place, -1))
        known = self._logs[place].get(message.offset)
        if known == message.id:
            return
        if known is not None:
            self._bury(place)
        self._logs[place][message.offset] = message.id
        stream = (message.topic, message.subject)
        self._places[stream] = place
        if message.id in self._streams[stream]:
            self.duplicates += 1
        else:
            self._streams[stream][message.id] = Sighting(message.sequence, self._lives[place])

    def read_to_the_end(self) -> None:
        """Nothing more is to come: a log that is shorter now than it was has been lost."""
        for place, log in list(self._logs.items()):
            if log and self._reached.get(place, -1) < max(log):
                self._bury(place)

    def missing(self, rows: Iterable[Row]) -> set[str]:
        """The ids of the rows that have not been seen at all."""
        return {row.id for row in rows if row.id not in self._streams.get((row.topic, row.subject), {})}

    def figures(self) -> dict[str, Any]:
        """How much was seen."""
        events = sum(map(len, self._streams.values()))
        lives = sum(self._lives.values())
        return {"events": events, "streams": len(self._streams), "duplicates": self.duplicates, "lost logs": lives}

    def judge(self, rows: Iterable[Row], *, since: int = 0) -> Findings:
        """Hold the first arrivals of each subject against its rows; `rows` are all rows, published.

        Rows up to the position `since` need not have arrived: they are older than the reader.
        """
        findings = Findings()
        wanted: dict[Stream, list[Row]] = defaultdict(list)
        for row in sorted(rows):
            wanted[row.topic, row.subject].append(row)
        for stream in wanted.keys() | self._streams.keys():
            self._judge_arrivals(stream, wanted.get(stream, []), findings)
            self._judge_absences(stream, [row for row in wanted.get(stream, []) if row.position > since], findings)
        return findings

    def _judge_arrivals(self, stream: Stream, rows: list[Row], findings: Findings) -> None:
        name, seen = f"{stream[0]} {stream[1]}", self._streams.get(stream, {})
        arrived = [sighting.sequence for sighting in seen.values()]
        if arrived != sorted(set(arrived)):
            findings.violations.append(f"{name}: arrived in the order {arrived}")
        numbers = [row.sequence for row in rows]
        if numbers != sorted(set(numbers)):
            findings.violations.append(f"{name}: the outbox has the order {numbers}")
        known = {row.id: row.sequence for row in rows}
        for id, sighting in seen.items():
            if known.get(id) != sighting.sequence:
                findings.violations.append(f"{name}: {id} arrived as #{sighting.sequence}, the outbox: {known.get(id)}")

    def _judge_absences(self, stream: Stream, rows: list[Row], findings: Findings) -> None:
        name, seen = f"{stream[0]} {stream[1]}", self._streams.get(stream, {})
        lost = self._lost(stream, rows)
        gone = [row.sequence for row in rows if row.id not in seen and row.id not in lost]
        if gone:
            findings.violations.append(f"{name}: never arrived: {gone}")
        findings.lost_with_broker += len(lost)

    def _lost(self, stream: Stream, rows: list[Row]) -> set[str]:
        """Of the rows that never arrived, those between whose neighbours, or at whose end, a log was lost."""
        seen = self._streams.get(stream, {})
        if all(row.id in seen for row in rows):
            return set()
        place = self._places.get(stream)
        # Where a stream of which nothing was seen would have stood is not known: any log of its topic will do.
        places = [at for at in self._logs if at == place or (place is None and at[0] == stream[0])]
        lives = [self._lives[at] for at in places]
        before, so_far = [], 0 if self._late.isdisjoint(places) else -1
        for row in rows:
            before.append(so_far)
            so_far = seen[row.id].life if row.id in seen else so_far
        after, lost = max(lives, default=0), set[str]()
        for row, earlier in zip(reversed(rows), reversed(before), strict=True):
            if row.id in seen:
                after = seen[row.id].life
            elif earlier < after:
                lost.add(row.id)
        return lost

    def _bury(self, place: Place) -> None:
        self._lives[place] += 1
        self._logs[place] = {}
