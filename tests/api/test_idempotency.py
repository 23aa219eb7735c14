"""Idempotency keys: one effect, the same bytes, on real transactions."""

from collections import Counter
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import override_settings

from altis.accounts.tokens import issue_guest
from altis.api import claim_rows
from altis.api.claim_rows import Slot, claim
from altis.api.tasks import purge_idempotency_keys
from altis.shared.errors import Conflict
from altis.store.database import command
from altis.store.models import IdempotencyKey, OutboxEvent
from altis.store.pipeline import flush
from tests.api import doors
from tests.api.callers import Caller, assert_problem
from tests.api.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)
DO = b'{"name": "do"}'


def effects() -> int:
    return OutboxEvent.objects.count()


def do(caller: Caller, key: str = "k", body: bytes = DO, path: str = "/v1/effects") -> Any:
    return caller.post(path, body, Idempotency_Key=key)


def test_a_retry_gets_the_first_bytes_again(user: Caller) -> None:
    first, again = do(user), do(user)

    assert (first.status_code, again.status_code, effects()) == (201, 201, 1)
    assert first.content == again.content
    assert first["Content-Type"] == again["Content-Type"] == "application/json"
    assert (first.has_header("Idempotent-Replay"), again["Idempotent-Replay"]) == (False, "true")


def test_without_a_key_every_call_works(user: Caller) -> None:
    first, again = user.post("/v1/effects", DO), user.post("/v1/effects", DO)

    assert first.content != again.content
    assert (effects(), IdempotencyKey.objects.count()) == (2, 0)


def test_parallel_twins_have_one_effect(user: Caller) -> None:
    replies = at_once(20, lambda: do(user))

    statuses = Counter(reply.status_code for reply in replies)
    assert set(statuses) <= {201, 409}
    assert len({reply.content for reply in replies if reply.status_code == 201}) == 1
    for reply in replies:
        if reply.status_code == 409:
            assert_problem(reply, 409, "idempotency_in_progress")
    assert effects() == 1


def test_control_without_the_row_every_twin_has_an_effect(user: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claim_rows, "claim", lambda slot, resource, told: told(0))
    monkeypatch.setattr(claim_rows, "answer", lambda slot, row_id, reply: None)

    replies = at_once(6, lambda: do(user))

    assert effects() == len({reply.content for reply in replies}) == 6


@pytest.mark.parametrize("body", [b'{"name": "other"}', b'{"name": 1}', b"{", b"", b'{"name":"do"}', DO + b" "])
def test_the_same_key_with_another_body_is_refused(user: Caller, body: bytes) -> None:
    do(user)

    assert_problem(do(user, body=body), 422, "idempotency_key_reused")
    assert effects() == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "a\x7f", "é", "\t"])
def test_a_malformed_key_is_400(user: Caller, key: str) -> None:
    assert_problem(do(user, key=key), 400, "invalid_idempotency_key")
    assert (effects(), IdempotencyKey.objects.count()) == (0, 0)


def test_the_longest_key_of_every_character_is_taken(user: Caller) -> None:
    key = "".join(map(chr, range(0x21, 0x7F))).ljust(255, "z")

    assert [do(user, key=key).status_code for _ in range(2)] == [201, 201]
    assert effects() == 1


def test_keys_are_scoped_to_the_subject_and_the_path(user: Caller) -> None:
    someone_else = Caller(issue_guest().access)

    replies = [do(user), do(someone_else), do(user, path="/v1/phases")]

    assert [reply.has_header("Idempotent-Replay") for reply in replies] == [False, False, False]
    assert effects() == 3


def test_a_refusal_that_changed_nothing_may_be_tried_again(user: Caller) -> None:
    refused = b'{"name": "conflict"}'

    assert_problem(do(user, body=refused), 409, "conflict")
    assert_problem(do(user, body=refused), 409, "conflict")
    assert (effects(), IdempotencyKey.objects.count()) == (0, 0)


def test_a_refusal_that_changed_something_is_kept(user: Caller) -> None:
    first, again = do(user, body=b'{"name": "declined"}'), do(user, body=b'{"name": "declined"}')

    assert_problem(first, 402, "payment_declined")
    assert (first.content, again["Idempotent-Replay"], effects()) == (again.content, "true", 1)
    assert not first.has_header("Idempotent-Replay")


def test_a_retry_after_a_lost_reply_gets_it_though_the_service_now_refuses(user: Caller) -> None:
    first = do(user)

    with patch.object(doors, "work", side_effect=Conflict):
        again = do(user)

    assert (again.status_code, again.content) == (201, first.content)


def test_a_202_gives_way_to_the_final_answer(user: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors.Phases, "pending", True)
    pending = [do(user, path="/v1/phases") for _ in range(2)]
    monkeypatch.setattr(doors.Phases, "pending", False)

    final = [do(user, path="/v1/phases") for _ in range(2)]

    assert [reply.status_code for reply in pending] == [202, 202]
    assert [reply.status_code for reply in final] == [200, 200]
    assert len({reply.content for reply in pending + final}) == 1
    assert (final[0].has_header("Idempotent-Replay"), final[1]["Idempotent-Replay"]) == (False, "true")
    assert effects() == 1


def test_parallel_twins_in_phases_agree(user: Caller) -> None:
    replies = at_once(12, lambda: do(user, path="/v1/phases"))

    assert {reply.status_code for reply in replies} == {200}
    assert len({reply.content for reply in replies}) == 1
    assert effects() == 1


@override_settings(ALTIS_LOCK_TIMEOUT_MS=50)
def test_whoever_waits_too_long_for_a_twin_is_told_to_come_back(user: Caller) -> None:
    slot = Slot.of(principal=user.subject, method="POST", path="/v1/effects", key="k", body=DO)

    with command():
        claim(slot, "", lambda _: None)
        flush()
        [reply] = at_once(1, lambda: do(user))

    document = assert_problem(reply, 409, "idempotency_in_progress")
    assert (reply["Retry-After"], document["status"], effects()) == ("1", 409, 0)


def test_a_stored_answer_is_not_readable(user: Caller) -> None:
    subject = do(user).json()["subject"]

    row = IdempotencyKey.objects.get()
    assert subject not in row.body
    assert (row.status, row.route, row.principal) == (201, "POST /v1/effects", user.subject)


def test_answers_are_purged_after_their_time(user: Caller) -> None:
    do(user, "old")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE store_idempotencykey SET created_at = now() - interval '24 hours 1 second'")
    do(user, "young")

    assert purge_idempotency_keys() == 1
    assert [do(user, key).has_header("Idempotent-Replay") for key in ("young", "old")] == [True, False]


def test_a_long_path_still_has_a_route(user: Caller) -> None:
    one, other = (
        Slot.of(principal="usr", method="POST", path="/v1/" + "a" * 300 + end, key="k", body=b"") for end in "xy"
    )

    assert one.route != other.route
    assert max(len(one.route), len(other.route)) <= 200
