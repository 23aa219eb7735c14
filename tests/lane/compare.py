"""Two replies to the same request: what they differ in, but for ids and clocks."""

import re

from tests.lane.served import Reply

_ID = re.compile(rb"\b(sch|off|req)_[0-9a-z]{26}")
_NONCE = re.compile(rb'nonce="[^"]+"')
_INSTANT = re.compile(rb'"(created_at|expires_at)":"[^"]*"')
_OWN = re.compile("req_[0-9a-z]{26}|(?<=csrftoken=)\\w+|(?<=expires=)[^;]+|(?<='nonce-)[\\w+/=-]+")
_CLOCKS = ("retry-after", "ratelimit-reset")
_APART = 5  # seconds: the two are asked one after the other


def differences(lane: list[Reply], reference: list[Reply]) -> list[str]:
    """A sentence for each difference; none when the replies are alike."""
    if len(lane) != len(reference):
        return [f"{len(lane)} replies instead of {len(reference)}"]
    return [said for pair in zip(lane, reference, strict=True) for said in _between(*pair)]


def _between(lane: Reply, reference: Reply) -> list[str]:
    found = []
    if lane.status != reference.status:
        found.append(f"status {lane.status} instead of {reference.status}")
    for name in sorted(lane.headers.keys() | reference.headers.keys()):
        ours, theirs = (reply.headers.get(name, []) for reply in (lane, reference))
        if not _alike(name, ours, theirs):
            found.append(f"{name} {ours} instead of {theirs}")
    if _plain(lane.body) != _plain(reference.body):
        found.append(f"{lane.body[:300]!r} instead of {reference.body[:300]!r}")
    return found


def _alike(name: str, ours: list[str], theirs: list[str]) -> bool:
    if name == "date":
        return len(ours) == len(theirs)
    if name in _CLOCKS and len(ours) == len(theirs) == 1:
        return abs(int(ours[0]) - int(theirs[0])) <= _APART
    return sorted(_OWN.sub("", one) for one in ours) == sorted(_OWN.sub("", one) for one in theirs)


def _plain(body: bytes) -> bytes:
    return _INSTANT.sub(rb'"\1":"then"', _NONCE.sub(b"nonce", _ID.sub(rb"\1", body)))
