"""The short lane and Django's view answer every request alike: status, headers and body, over raw sockets."""

import dataclasses
import datetime
import time
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

import pytest

from altis.accounts.models import User
from altis.accounts.tokens import issue_for, issue_guest
from tests.lane.cases import Case, hostile, odd, plain, search
from tests.lane.compare import differences
from tests.lane.served import Reply, Server, serving
from tests.offers import market

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("lane")]
_SETTINGS = {
    "ALTIS_RATE_LIMITS": "search=1/600:5,default=1/600:8",
    "ALTIS_TRUSTED_PROXY_COUNT": "1",
    "ALTIS_ALLOWED_HOSTS": "altis.example,a",
    "ALTIS_CORS_ORIGINS": "https://shop.example",
    "ALTIS_IMPRESSION_RATE": "1.0",
    "ALTIS_LOG_LEVEL": "INFO",
    "PYTHONHASHSEED": "1",  # the order of the directives of a content security policy
}
ANSWERED, LEFT = (f'altis_lane_requests_total{{outcome="{outcome}"}}' for outcome in ("answered", "left"))


@dataclasses.dataclass
class Both:
    """The lane, and what it must be like."""

    lane: Server
    reference: Server
    callers: int = 0

    def play(self, case: Case, *tokens: str) -> tuple[list[Reply], list[Reply]]:
        """The replies of both to one case, each to a caller of its own."""
        first, second = tokens or (issue_guest().access, issue_guest().access)
        return self._replies(self.lane, case, first), self._replies(self.reference, case, second)

    def _replies(self, server: Server, case: Case, token: str) -> list[Reply]:
        self.callers += 1
        address = f"203.0.{self.callers // 250}.{self.callers % 250 + 1}"
        requests = case.raw(token, address)
        return [reply for raw in requests for reply in server.send(raw)]


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Both]:
    market.make_bundles()
    market.fly()
    market.fly("200", at=datetime.time(15, 0))
    market.fly("101", way=("JFK", "LHR"), day=market.soon(12))
    folders = tmp_path / "lane", tmp_path / "reference"
    for folder in folders:
        folder.mkdir()
    with (
        serving(folders[0], ALTIS_LANE="on", ALTIS_INDEX="on", **_SETTINGS) as lane,
        serving(folders[1], ALTIS_LANE="off", ALTIS_INDEX="off", **_SETTINGS) as reference,
    ):
        servers = Both(lane, reference)
        _wait_for_the_lane(servers)
        yield servers


def _wait_for_the_lane(servers: Both) -> None:
    end = time.monotonic() + 30
    while not servers.lane.metric(ANSWERED):
        servers.play(search("warm"))
        assert time.monotonic() < end, servers.lane.log.read_text()[-2000:]
        time.sleep(0.15)


def _play_all(both: Both, cases: list[Case]) -> dict[str, list[str]]:
    found = {case.name: differences(*both.play(case)) for case in cases}
    return {name: said for name, said in found.items() if said}


def test_both_lanes_answer_alike(both: Both) -> None:
    every = [*plain(), *odd(), *hostile()]
    pairs = [issue_for(User.objects.create_user(f"u{number}@example.com", "correct horse")) for number in range(2)]

    found = _play_all(both, every)
    of_users = [
        differences(*both.play(search("a user"), *(pair.access for pair in pairs))),
        differences(*both.play(search("a refresh token"), *(str(pair.refresh) for pair in pairs))),
    ]

    assert "\n".join(f"{name}: {said}" for name, said in found.items()) == ""
    assert list(chain(*of_users)) == []
    assert len(every) > 300


def test_the_lane_answers_by_itself_what_is_plain_and_nothing_else(both: Both) -> None:
    ways = [case for case in plain() if "over its limit" not in case.name]
    others = [case for case in odd() if case.name not in _NOT_ODD]

    answered = _outcomes(both.lane, lambda: [both.play(case) for case in ways])
    left = _outcomes(both.lane, lambda: [both.play(case) for case in others])

    assert answered == (len(ways), 0)
    assert left[0] == 0
    assert left[1] > len(others) / 2  # the rest goes to another path, or by another method


# Odd for a client, not for the lane: the server has read them into what they mean.
_NOT_ODD = {"no host", "absolute", "escaped path", "HTTP/1.0"}


def _outcomes(server: Server, play: Callable[[], object]) -> tuple[int, int]:
    """How many requests the lane has answered meanwhile, and how many it has left to Django."""
    before = _settled(server)
    play()
    after = _settled(server)
    return after[0] - before[0], after[1] - before[1]


def _settled(server: Server) -> tuple[int, int]:
    time.sleep(0.25)  # two beats, in which the lane tells what it has counted
    return int(server.metric(ANSWERED)), int(server.metric(LEFT))


def test_a_difference_would_be_seen() -> None:
    reply = Reply(200, {"cache-control": ["no-store"], "x-request-id": ["mine"]}, b'{"a":1}')
    others = (
        dataclasses.replace(reply, status=201),
        dataclasses.replace(reply, headers={"cache-control": ["no-store"], "x-request-id": ["req_x"]}),
        dataclasses.replace(reply, headers={"x-request-id": ["mine"]}),
        dataclasses.replace(reply, body=b'{"a":2}'),
    )

    assert [len(differences([other], [reply])) for other in others] == [1, 1, 1, 1]
    assert differences([reply, reply], [reply]) == ["2 replies instead of 1"]
    assert differences([reply], [reply]) == []
