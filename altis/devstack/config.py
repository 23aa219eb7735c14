"""What a stack is asked to be: read from the environment once, with defaults that suit one laptop."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from altis.devstack.errors import StackError
from altis.devstack.tls import Certificate, certificate_from

PROJECT = Path(__file__).resolve().parents[2]
SERVICES = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL", "broker": "KAFKA_BOOTSTRAP_SERVERS"}
_UNITS = {"": 1, "b": 1, "kb": 1024, "mb": 1024**2, "gb": 1024**3}


@dataclass(frozen=True, kw_only=True)
class ServerSettings:
    """Bounds of the embedded servers. `durable` False is for tests: nothing is flushed to disk."""

    shared_buffers: str = "128MB"
    redis_maxmemory: str = "256mb"
    kafka_max_memory: int = 1024**3  # bytes of address space
    kafka_advertised: str = ""  # what the broker tells its clients, when they shall not come directly
    durable: bool = True


@dataclass(frozen=True, kw_only=True)
class Config:
    """One run of the stack."""

    state_dir: Path
    port: int = 8080
    bind_host: str = "127.0.0.1"
    api_workers: int = 2
    certificate: Certificate | None = None  # of the API; without one it speaks plain HTTP
    servers: ServerSettings = field(default_factory=ServerSettings)
    given_urls: Mapping[str, str] = field(default_factory=dict)  # by variable: these services are not started

    @property
    def url(self) -> str:
        """Where people on this machine find the API."""
        return f"{'https' if self.certificate else 'http'}://localhost:{self.port}"


def from_environment(environ: Mapping[str, str]) -> Config:
    """Read the configuration; raises StackError naming the variable that is unusable."""
    return Config(
        state_dir=(PROJECT / (environ.get("ALTIS_STATE_DIR") or ".altis")).absolute(),
        port=_integer(environ, "PORT", 8080, most=65_535),
        bind_host=environ.get("ALTIS_BIND_HOST") or "127.0.0.1",
        api_workers=_integer(environ, "ALTIS_API_WORKERS", min(2, os.cpu_count() or 1), most=64),
        certificate=certificate_from(environ, PROJECT),
        servers=ServerSettings(
            shared_buffers=_size_text(environ, "ALTIS_PG_SHARED_BUFFERS", "128MB"),
            redis_maxmemory=_size_text(environ, "ALTIS_REDIS_MAXMEMORY", "256mb"),
            kafka_max_memory=_size(environ, "ALTIS_KAFKA_MAX_MEMORY", "1gb"),
        ),
        given_urls={name: environ[name] for name in SERVICES.values() if environ.get(name)},
    )


def _integer(environ: Mapping[str, str], name: str, default: int, *, most: int) -> int:
    text = environ.get(name, "").strip() or str(default)
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise StackError(f"{name} must be a whole number from 1 to {most}, not {text!r}")
    return int(text)


def _size(environ: Mapping[str, str], name: str, default: str) -> int:
    text = environ.get(name, "").strip() or default
    match = re.fullmatch(r"(\d+)\s*([kmg]?b)?", text.lower())
    if match is None or int(match[1]) == 0:
        raise StackError(f"{name} must be a size such as {default}, not {text!r}")
    return int(match[1]) * _UNITS[match[2] or ""]


def _size_text(environ: Mapping[str, str], name: str, default: str) -> str:
    """The size as the server itself reads it: checked here, so that a typing error has our message."""
    _size(environ, name, default)
    return (environ.get(name, "").strip() or default).replace(" ", "")
