"""The simulator's own SQLite ledger: one connection, one transaction at a time."""

import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS intent (
    id TEXT PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    amount TEXT NOT NULL,
    currency TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('created', 'pending', 'succeeded', 'declined', 'cancelled')),
    decline_code TEXT,
    retryable INTEGER NOT NULL DEFAULT 0,
    capture_at REAL,
    created_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS intent_due ON intent (capture_at) WHERE status = 'pending';
CREATE TABLE IF NOT EXISTS capture (
    intent_id TEXT PRIMARY KEY REFERENCES intent (id),
    amount TEXT NOT NULL,
    currency TEXT NOT NULL,
    captured_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS capture_by_time ON capture (captured_at, intent_id);
CREATE TABLE IF NOT EXISTS refund (
    id TEXT PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    intent_id TEXT NOT NULL REFERENCES capture (intent_id),
    amount TEXT NOT NULL,
    currency TEXT NOT NULL,
    refunded_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS refund_by_time ON refund (refunded_at, id);
CREATE TABLE IF NOT EXISTS event (
    id TEXT PRIMARY KEY,
    type TEXT NOT NULL,
    body BLOB NOT NULL,
    created_at REAL NOT NULL,
    next_attempt_at REAL,
    attempts INTEGER NOT NULL DEFAULT 0,
    delivered_at REAL
);
CREATE INDEX IF NOT EXISTS event_due ON event (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
"""


def new_id(prefix: str) -> str:
    """An unguessable id such as ``int_9f…``."""
    return f"{prefix}_{secrets.token_hex(12)}"


class Ledger:
    """The file that remembers every intent, capture, refund and event. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        """Open or create the file; what an earlier run committed is all there, whatever killed it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        # A capture that was answered must outlive a power cut: without it the witness would be wrong.
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("PRAGMA foreign_keys = ON")
        self._connection.executescript(SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The connection inside one transaction: committed on leaving, rolled back on any exception."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def close(self) -> None:
        """Wait for the transaction in progress, then close the file."""
        with self._lock:
            self._connection.close()
