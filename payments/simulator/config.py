"""Settings of the simulator: environment variables, read once at start."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit


class ConfigError(Exception):
    """A variable is missing or unusable; the text names it."""


@dataclass(frozen=True, slots=True)
class Faults:
    """What may go wrong with webhooks on purpose; the defaults are an honest gateway."""

    copies: int = 1  # how many times each delivery is posted
    drop_share: float = 0.0  # share of events that are never posted, 0 to 1
    delay: float = 0.0  # seconds to wait before the first attempt


@dataclass(frozen=True, slots=True)
class Config:
    """Everything a running simulator needs to know. Times are in seconds."""

    api_key: str
    webhook_url: str = ""  # empty: events wait in the ledger until a start that names a receiver
    webhook_secret: str = ""
    pending_seconds: float = 3.0  # from the confirmation with tok_pending to its capture
    withhold_seconds: float = 12.0  # how long tok_timeout keeps its answer back; beyond any client's patience
    latency_seconds: float = 0.02
    faults: Faults = Faults()


def from_environment(environ: Mapping[str, str]) -> Config:
    """Read the configuration; raises ConfigError naming the variable that is missing or wrong."""
    webhook_url = environ.get("ALTIS_SIMULATOR_WEBHOOK_URL", "")
    if webhook_url and urlsplit(webhook_url).scheme not in {"http", "https"}:
        raise ConfigError("ALTIS_SIMULATOR_WEBHOOK_URL must begin with http:// or https://")
    return Config(
        api_key=_required(environ, "ALTIS_SIMULATOR_API_KEY"),
        webhook_url=webhook_url,
        # The list is newest first; a sender signs with the newest alone.
        webhook_secret=_required(environ, "ALTIS_WEBHOOK_SECRETS").split(",")[0].strip() if webhook_url else "",
        pending_seconds=_number(environ, "ALTIS_SIMULATOR_PENDING_SECONDS", 3),
        withhold_seconds=_number(environ, "ALTIS_SIMULATOR_WITHHOLD_SECONDS", 12),
        latency_seconds=_number(environ, "ALTIS_SIMULATOR_LATENCY_MS", 20) / 1000,
        faults=Faults(
            copies=int(_number(environ, "ALTIS_SIMULATOR_WEBHOOK_COPIES", 1)),
            drop_share=_number(environ, "ALTIS_SIMULATOR_WEBHOOK_DROP_SHARE", 0),
            delay=_number(environ, "ALTIS_SIMULATOR_WEBHOOK_DELAY_SECONDS", 0),
        ),
    )


def _required(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "").strip()
    if not value:
        raise ConfigError(f"{name} is not set")
    return value


def _number(environ: Mapping[str, str], name: str, default: float) -> float:
    text = environ.get(name, "").strip()
    try:
        value = float(text) if text else float(default)
    except ValueError:
        raise ConfigError(f"{name} must be a number, not {text!r}") from None
    if not 0 <= value < float("inf"):
        raise ConfigError(f"{name} must be zero or more, not {text!r}")
    return value
