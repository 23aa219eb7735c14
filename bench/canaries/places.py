"""Everything that a stack keeps or says, place by place, as texts to be searched."""

import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx
from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition
from redis import Redis

from altis.devstack import binaries
from bench.canaries.traffic import Monitor
from bench.torture.rig import Rig

PLACES = ("PostgreSQL", "Redis", "Redis traffic", "Celery", "Kafka", "logs", "metrics", "gateway", "files")
_CELERY_DATABASE = 2
_DATABASES = 64
_QUIET_SECONDS = 1.0
_FOLDERS = {"logs": "logs", "metrics": "metrics", "gateway": "gateway"}
# Keys of the run itself, and the raw tables, which the dump shows better.
_LEFT_OUT = ("secrets.json", "stack.json", "services", "copies")


@dataclass(frozen=True, slots=True)
class Part:
    """A text and where it was found; `packed` where messages are packed once more."""

    place: str
    name: str
    text: str
    packed: bool = False


def parts(rig: Rig, monitor: Monitor) -> Iterator[Part]:
    """Every part of every place; what it reads is as fresh as the moment of reading."""
    yield Part("PostgreSQL", "pg_dumpall", _dump(rig))
    yield from _stored(rig.redis_url)
    for file in _files(rig.ground.services.folder_of("valkey")):
        yield Part("Redis", file.name, _read(file), packed=True)
    yield Part("Redis traffic", "MONITOR", monitor.text(), packed=True)
    yield Part("Kafka", "all topics", "\n".join(_published(rig.kafka)), packed=True)
    yield Part("metrics", "/metrics", httpx.get(f"{rig.api_url}/metrics", timeout=30).text)
    root = rig.ground.services.state.path
    for file in _files(root):
        top = file.relative_to(root).parts[0]
        if top not in _LEFT_OUT:
            yield Part(_FOLDERS.get(top, "files"), str(file.relative_to(root)), _read(file))


def _dump(rig: Rig) -> str:
    """Every database of the cluster as SQL, roles included."""
    server = urlsplit(rig.database_url)
    program = binaries.program(binaries.POSTGRES, account=None, copies=rig.folder).with_name("pg_dumpall")
    done = subprocess.run(
        [program, "-h", str(server.hostname), "-p", str(server.port), "-U", str(server.username)],
        env={"PATH": os.defpath, "PGPASSWORD": unquote(server.password or ""), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        check=True,
        timeout=300,
    )
    return done.stdout.decode("utf-8", "replace")


def _stored(url: str) -> Iterator[Part]:
    """All keys of all databases with what they hold; Celery has one of the databases to itself."""
    base = url.rpartition("/")[0]
    for number in range(_DATABASES):
        with Redis.from_url(f"{base}/{number}") as client:
            entries = [_entry(client, key) for key in client.scan_iter(count=1000)] if client.dbsize() else []
        if entries or number == _CELERY_DATABASE:
            place = "Celery" if number == _CELERY_DATABASE else "Redis"
            yield Part(place, f"database {number}, {len(entries)} keys", "\n".join(entries), packed=True)


def _entry(client: Redis, key: bytes) -> str:
    readers: dict[object, Callable[[bytes], object]] = {
        b"string": client.get,
        b"hash": client.hgetall,
        b"list": lambda name: client.lrange(name, 0, -1),
        b"set": client.smembers,
        b"zset": lambda name: client.zrange(name, 0, -1, withscores=True),
        b"stream": client.xrange,
    }
    reader = readers.get(client.type(key))
    return f"{_text(key)} {_text(reader(key)) if reader else ''}"


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, dict):
        return " ".join(f"{_text(name)} {_text(inner)}" for name, inner in value.items())
    if isinstance(value, list | tuple | set):
        return " ".join(_text(inner) for inner in value)
    return str(value)


def _published(servers: str) -> Iterator[str]:
    """Every message of every topic: key, value and headers."""
    consumer = Consumer({"bootstrap.servers": servers, "group.id": "canaries", "enable.auto.commit": False})
    try:
        topics = consumer.list_topics(timeout=10).topics
        consumer.assign(
            [
                TopicPartition(name, partition, OFFSET_BEGINNING)
                for name, topic in topics.items()
                for partition in topic.partitions
            ]
        )
        while messages := consumer.consume(1000, timeout=_QUIET_SECONDS):
            for message in messages:
                yield " ".join(_text(part) for part in (message.key(), message.value(), message.headers()))
    finally:
        consumer.close()


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:  # a draft, renamed meanwhile
        return ""
