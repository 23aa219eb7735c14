"""Everybody wants the same thing at the same moment: the last seat, one offer, one order to pay."""

from collections import Counter
from http import HTTPStatus
from typing import Any

import psycopg

from bench.torture.rig import Rig
from bench.torture.scenes import SceneResult
from bench.torture.scenes.crowd import ACCOUNTS, Answer, Crowd, Json, play, together, words
from bench.torture.scenes.flights import lonely

CLIENTS, ROUNDS, CLICKS = 200, 50, 20
_WON, _SOLD_OUT, _TAKEN = "201 PROPOSED", "409 sold_out", "409 offer_already_accepted"


def last_seat(rig: Rig) -> SceneResult:
    """200 clients want the last seat of a flight, 50 times: one has it, all others are told that it is sold out."""
    flight, trip = lonely(rig.database_url, 0)
    rig.manage("set_capacity", "1", flight, "--reason", "one seat left")
    rounds = play(rig, _last_seat(rig.api_url, flight, trip))
    told = sum(rounds, Counter[str]())
    wanted = {_WON: 1, _SOLD_OUT: CLIENTS - 1}
    return SceneResult(
        name="last seat",
        passed=len(rounds) == ROUNDS and all(one == wanted for one in rounds),
        figures={"clients": CLIENTS, "rounds": ROUNDS, "answers": dict(told)},
        notes=[f"round {number}: {dict(one)}" for number, one in enumerate(rounds, 1) if one != wanted],
    )


def same_offer(rig: Rig) -> SceneResult:
    """One offer accepted by 200 clients: one order and 199 refusals; by 200 twins with one key: one reply."""
    flight, trip = lonely(rig.database_url, 1)
    others, twins = play(rig, _same_offer(rig.api_url, flight, trip))
    replies = {answer.content for answer in twins if answer.status == HTTPStatus.CREATED}
    in_time = {"409 idempotency_in_progress", _WON}
    return SceneResult(
        name="same offer",
        passed=words(others) == {_WON: 1, _TAKEN: CLIENTS - 1} and len(replies) == 1 and set(words(twins)) <= in_time,
        figures={"other keys": dict(words(others)), "one key": dict(words(twins)), "distinct replies": len(replies)},
    )


def pay_clicks(rig: Rig) -> SceneResult:
    """One order is paid by 20 clicks at once, with 20 keys and then another with one key: one charge each."""
    flight, trip = lonely(rig.database_url, 2)
    runs = play(rig, _pay_clicks(rig.api_url, flight, trip))
    allowed = {"200 FULFILLED", "409 payment_in_progress", "409 order_not_payable", "409 idempotency_in_progress"}
    charges = [_charges(rig, order) for order, _ in runs]
    fine = all(set(words(answers)) <= allowed and words(answers)["200 FULFILLED"] for _, answers in runs)
    one_key = {answer.content for answer in runs[1][1] if answer.status == HTTPStatus.OK}
    return SceneResult(
        name="pay clicks",
        passed=fine and words(runs[0][1])["200 FULFILLED"] == 1 and len(one_key) == 1 and charges == [1, 1],
        figures={"keys": dict(words(runs[0][1])), "one key": dict(words(runs[1][1])), "charges": charges},
    )


async def _last_seat(url: str, flight: str, trip: Json) -> list[Counter[str]]:
    rounds = []
    async with Crowd(url) as crowd:
        for _ in range(ROUNDS):
            offers = await crowd.offers(trip, flight_id=flight, count=CLIENTS)
            answers = await together(
                [_accepting(crowd, offer, key="", caller=caller) for caller, offer in enumerate(offers)]
            )
            rounds.append(words(answers))
            for caller, answer in enumerate(answers):
                if answer.status == HTTPStatus.CREATED:
                    await crowd.post(f"/v1/orders/{answer.body['id']}/cancel", {}, caller=caller)
    return rounds


async def _same_offer(url: str, flight: str, trip: Json) -> tuple[list[Answer], list[Answer]]:
    async with Crowd(url) as crowd:
        first, second = await crowd.offers(trip, flight_id=flight, count=2)
        others = await together(
            [_accepting(crowd, first, key=f"k{caller}", caller=caller) for caller in range(CLIENTS)]
        )
        twins = await together(
            [_accepting(crowd, second, key="one", caller=number * ACCOUNTS) for number in range(CLIENTS)]
        )
    return others, twins


async def _pay_clicks(url: str, flight: str, trip: Json) -> list[tuple[str, list[Answer]]]:
    runs = []
    async with Crowd(url) as crowd:
        for offer, keys in zip(
            await crowd.offers(trip, flight_id=flight, count=2), (range(CLICKS), [0] * CLICKS), strict=True
        ):
            order = (await crowd.accept(offer)).body["id"]
            clicks = [_paying(crowd, order, key=f"{order}-{key}", caller=n * ACCOUNTS) for n, key in enumerate(keys)]
            runs.append((order, await together(clicks)))
    return runs


def _accepting(crowd: Crowd, offer: str, *, key: str, caller: int) -> Any:
    return lambda: crowd.accept(offer, key=key, caller=caller)


def _paying(crowd: Crowd, order: str, *, key: str, caller: int) -> Any:
    body = {"payment_method": {"token": "tok_visa"}}
    return lambda: crowd.post(f"/v1/orders/{order}/pay", body, key=key, caller=caller)


def _charges(rig: Rig, order_id: str) -> int:
    with psycopg.connect(rig.database_url) as connection:
        counted = connection.execute("SELECT count(*) FROM payments_payment WHERE order_id = %s", [order_id]).fetchone()
    return int(counted[0]) if counted else 0
