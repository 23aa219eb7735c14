"""The negative control: one canary put by hand into each place, in another disguise each, to be found there."""

import base64
import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import orjson
import psycopg
from confluent_kafka import Producer
from redis import Redis

from altis.devstack.config import PROJECT
from bench.canaries.people import Person
from bench.torture.rig import Rig

_TOPIC: Final = "altis.orders"
_COUNT: Final = """
import sys
from prometheus_client import Counter
Counter("planted", "Planted", ["who"]).labels(sys.argv[1]).inc()
"""


def plant_everywhere(rig: Rig, person: Person, card: str) -> dict[str, str]:
    """Plant; what kind of hit each place must have afterwards."""
    root = rig.ground.services.state.path
    with (root / "logs" / "api.log").open("a", encoding="utf-8") as log:
        log.write(f"user {person.email[::-1]} of {person.phone[3:7]} {person.phone[7:10]} {person.phone[10:]}\n")
    with psycopg.connect(rig.database_url) as connection:
        spaced = " ".join(card[start : start + 4] for start in range(0, len(card), 4))
        connection.execute("UPDATE catalog_product SET description = %s", [f"paid with {spaced}"])
    _plant_in_redis(rig.redis_url, person)
    producer = Producer({"bootstrap.servers": rig.kafka})
    producer.produce(_TOPIC, key="planted", value=orjson.dumps({"born": person.born_on}))
    producer.flush(10)
    _count(rig.environment, person)
    (root / "notes.txt").write_text(f"pan={card}\nname={person.family_name.upper().encode().hex()}\n")
    _plant_at_the_gateway(root / "gateway" / "ledger.sqlite3", person)
    return {
        "logs": "phone",
        "PostgreSQL": "card",
        "Redis": "person",
        "Redis traffic": "person",
        "Celery": "person",
        "Kafka": "birthday",
        "metrics": "person",
        "gateway": "person",
        "files": "card",
    }


def _plant_in_redis(url: str, person: Person) -> None:
    base = url.rpartition("/")[0]
    with Redis.from_url(f"{base}/1") as client:
        client.hset("planted", "who", base64.b64encode(f"to {person.given_name}!".encode()).decode())
    body = base64.b64encode(orjson.dumps([[person.phone], {}, {}])).decode()
    with Redis.from_url(f"{base}/2") as client:
        client.lpush("planted", orjson.dumps({"body": body, "headers": {"argsrepr": person.given_name}}))


def _count(environment: Mapping[str, str], person: Person) -> None:
    subprocess.run(
        [sys.executable, "-c", _COUNT, person.given_name],
        cwd=PROJECT,
        env={**os.environ, **environment},
        check=True,
        timeout=60,
    )


def _plant_at_the_gateway(ledger: Path, person: Person) -> None:
    connection = sqlite3.connect(ledger, timeout=10)
    with connection:
        connection.execute(
            "INSERT INTO event (id, type, body, created_at) VALUES ('evt_planted', 'planted', ?, 0)",
            [orjson.dumps({"name": person.family_name.upper()})],
        )
    connection.close()
