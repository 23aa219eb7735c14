"""A whole stack, people and card numbers sent through it: no place keeps or says anything about them.

The full measure, 200 people and 50 card numbers, is `python -m bench.canaries`; this is the same in small.
"""

from collections.abc import Iterator

import pytest

from altis.devstack.process import carriers
from bench.canaries.places import PLACES
from bench.canaries.run import Report, Run
from tests.devstack.stacks import state_folder

PEOPLE, CARDS = 6, 2

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("canaries")]


@pytest.fixture(scope="module")
def report() -> Iterator[Report]:
    """What one small run has found."""
    with state_folder() as folder:
        folder.mkdir()
        folder.chmod(0o711)
        run = Run(folder, persons=PEOPLE, cards=CARDS)
        yield run.go()
        assert list(carriers(run.run_mark)) == []


def test_no_canary_is_found_anywhere(report: Report) -> None:
    assert {place: [(name, hit) for name, hit in found.hits] for place, found in report.places.items()} == {
        place: [] for place in PLACES
    }


def test_every_place_was_searched_and_had_something_in_it(report: Report) -> None:
    assert all(report.places[place].characters > 1000 for place in PLACES), report.places


def test_every_card_number_was_refused_everywhere(report: Report) -> None:
    assert report.taken == []
    assert report.tried >= 100 * CARDS


def test_people_did_buy_fail_and_meet_our_faults(report: Report) -> None:
    assert report.orders >= PEOPLE - 2
    assert report.mails > 0
    assert report.broken >= PEOPLE
    assert {"201", "200", "402 payment_declined", "422 unknown_field", "401 invalid_credentials"} <= set(report.replies)


def test_a_canary_planted_by_hand_is_found_in_each_place(report: Report) -> None:
    assert report.missed == []
    assert report.planted == len(PLACES)
