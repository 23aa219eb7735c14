"""The arithmetic of codes against the vectors of RFC 6238, and what is no code."""

import base64

import pytest

from altis.accounts.second_factor.codes import (
    matching_step,
    new_recovery_codes,
    new_secret,
    otpauth_uri,
    recovery_code,
)

SECRET = base64.b32encode(b"12345678901234567890").decode()
# RFC 6238, appendix B, its last six digits: second, code
VECTORS = [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]


@pytest.mark.parametrize(("at", "code"), VECTORS)
def test_a_code_of_the_standard_is_of_its_step(at: float, code: str) -> None:
    assert matching_step(SECRET, code, at=at, after=0) == at // 30


@pytest.mark.parametrize("seconds", [-30, 30])
def test_a_clock_may_be_one_step_wrong(seconds: int) -> None:
    assert matching_step(SECRET, "005924", at=1234567890 + seconds, after=0) == 1234567890 // 30


@pytest.mark.parametrize("seconds", [-60, 60])
def test_two_steps_are_too_many(seconds: int) -> None:
    assert matching_step(SECRET, "005924", at=1234567890 + seconds, after=0) is None


def test_a_step_that_was_used_is_over() -> None:
    assert matching_step(SECRET, "005924", at=1234567890, after=1234567890 // 30) is None


@pytest.mark.parametrize("code", ["", "5924", "0059245", "00592a", "٠٠٥٩٢٤", "005924\n", "-05924", "005 924"])
def test_what_is_not_six_ascii_digits_is_no_code(code: str) -> None:
    assert matching_step(SECRET, code, at=1234567890, after=0) is None


@pytest.mark.parametrize("secret", ["", "A", "no base32!"])
def test_a_secret_that_cannot_be_read_has_no_codes(secret: str) -> None:
    """That of an erased person reads as an empty text."""
    assert matching_step(secret, "755224", at=0, after=-1) is None


def test_secrets_and_recovery_codes_are_random_and_long() -> None:
    codes = new_recovery_codes()

    assert {len(base64.b32decode(new_secret())) for _ in range(5)} == {20}
    assert len({new_secret() for _ in range(20)}) == 20
    assert (len(codes), len(set(codes)), {len(code) for code in codes}) == (10, 10, {19})


def test_a_recovery_code_is_read_however_it_was_typed() -> None:
    assert recovery_code(" abcd-efgh 2345-6727\n") == "ABCDEFGH23456727"
    assert recovery_code("ABCD-EFGH-2345-672") is None
    assert recovery_code("ABCD-EFGH-2345-0189") is None


def test_the_picture_says_who_and_where() -> None:
    assert otpauth_uri("ABC", "usr_1") == "otpauth://totp/Altis%3Ausr_1?secret=ABC&issuer=Altis"
