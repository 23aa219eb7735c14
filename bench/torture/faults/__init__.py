"""Every fault that the nemesis knows, with its weight."""

from bench.torture.faults.base import Fault
from bench.torture.faults.engine import ArmFailpoints, JumpClock, SpoilWebhooks
from bench.torture.faults.lines import Blackhole, Cut, Delay, HalfClose, LoseAnswers, SpoilAnswers
from bench.torture.faults.operator import CutCapacity
from bench.torture.faults.postgres import EndSessions, LoseCommits
from bench.torture.faults.processes import FreezeApiWorker, FreezeUnit, KeepDown, KillChild, KillUnit, RunTwice
from bench.torture.faults.store import Command, ForgetKeys, MemoryFull, Restart


def all_faults() -> list[Fault]:
    """New objects: each keeps the state of its own strike."""
    return [*_of_the_product(), *_of_postgres(), *_of_valkey(), *_of_the_broker(), *_of_the_gateway()]


def _of_the_product() -> list[Fault]:
    return [
        KillChild("A1", "api", weight=16),
        KillUnit("A1", "api", weight=3),
        KillChild("A4", "worker"),
        KillUnit("A7", "worker", weight=4),
        KillUnit("A6", "settler", weight=4),
        KillUnit("A7", "beat", weight=4),
        KillUnit("A5", "relay", weight=6),
        KillUnit("A5", "consumer", weight=4),
        RunTwice("A7", "beat", "beat2", weight=3),
        RunTwice("K5", "relay", "relay2", weight=3),
        FreezeApiWorker(),
        ArmFailpoints("kill9", weight=12),
        ArmFailpoints("raise", weight=8),
        ArmFailpoints("sleep", weight=6),
        ArmFailpoints("hang", weight=6),
        JumpClock(),
        SpoilWebhooks(),
        CutCapacity(),
    ]


def _of_postgres() -> list[Fault]:
    return [
        KillUnit("P1", "postgres", weight=10),
        EndSessions(),
        LoseCommits(deliver=True, weight=14),
        LoseCommits(deliver=False, weight=8),
        FreezeUnit("P4", "postgres", seconds=(1, 8), weight=4),
        Cut("P2", "postgres"),
        HalfClose("P2", "postgres"),
        Delay("P4", "postgres", most=0.03, weight=3, seconds=(1, 3)),
        Blackhole("P4", "postgres", seconds=(1, 4), weight=3),
    ]


def _of_valkey() -> list[Fault]:
    return [
        Restart("R1", "empty", weight=8),
        Restart("R2", "stale", weight=10),
        Restart("R2", "with its data", weight=5),
        Command("R3", "FLUSHALL", ("FLUSHALL",), weight=8),
        FreezeUnit("R4", "valkey", seconds=(1, 5), weight=5),
        MemoryFull(),
        ForgetKeys(),
        Command("R8", "SCRIPT FLUSH", ("SCRIPT", "FLUSH"), weight=5),
        Cut("R7", "valkey", weight=6),
        HalfClose("R7", "valkey", weight=3),
        Delay("R7", "valkey", weight=5),
        LoseAnswers("R7", "valkey", most=12, weight=6),
        Blackhole("R4", "valkey", seconds=(1, 4), weight=3),
    ]


def _of_the_broker() -> list[Fault]:
    return [
        KillUnit("K2", "broker", weight=5),
        KeepDown("K1", "broker", seconds=(2, 12), weight=4),
        FreezeUnit("K3", "broker", seconds=(1, 8), weight=4),
        Cut("K3", "broker", weight=4),
        LoseAnswers("K3", "broker", most=3, weight=4),
    ]


def _of_the_gateway() -> list[Fault]:
    return [
        KillUnit("G6", "gateway", weight=6),
        KeepDown("G6", "gateway", seconds=(1, 6), weight=4),
        LoseAnswers("G1", "gateway"),
        Blackhole("G2", "gateway", seconds=(1, 6)),
        SpoilAnswers(),
        Delay("G4", "gateway", most=1.5, seconds=(1, 5)),
        Cut("G1", "gateway", weight=5),
    ]
