"""Refusals: a stable code, a sentence for people, and the place of what is wrong."""

import pytest

from altis.shared import errors
from altis.shared.errors import AltisError, Fault, Invalid, Unavailable


class TooShort(Invalid):
    """Of a particular kind."""

    code = "too_short"
    message = "This is too short."


def test_a_refusal_says_its_message_unless_told_otherwise() -> None:
    assert (str(TooShort()), TooShort().detail) == ("This is too short.", "This is too short.")
    assert TooShort("Two at least.").detail == "Two at least."


def test_a_refusal_about_one_value_names_its_place_and_carries_its_own_code() -> None:
    error = TooShort.at("/slices/0/origin")

    assert error.faults == (Fault("/slices/0/origin", "too_short", "This is too short."),)
    assert error.code == "too_short"
    assert isinstance(error, TooShort)


def test_a_passing_failure_says_when_to_try_again() -> None:
    assert Unavailable(retry_after=7).retry_after == 7
    assert Unavailable().retry_after is None


def test_every_kind_has_a_code_of_its_own() -> None:
    kinds = AltisError.__subclasses__()
    ours = [kind for kind in kinds if kind.__module__ == errors.__name__]

    codes = [kind.code for kind in ours]
    assert len(ours) == 10
    assert len(set(codes)) == 10
    with pytest.raises(AltisError):
        raise TooShort
