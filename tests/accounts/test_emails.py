"""E-mail addresses: what is one, and in which spelling it is kept."""

import random
import re

import pytest

from altis.accounts import emails
from altis.accounts.emails import index_of, normalised
from altis.accounts.errors import InvalidEmail


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("ana@example.com", "ana@example.com"),
        (" Ana@EXAMPLE.com ", "Ana@example.com"),
        ("ana@staff.local", "ana@staff.local"),
        ("ana@altis.test", "ana@altis.test"),
        ("ana@xn--bcher-kva.example", "ana@bücher.example"),
        ("δοκιμή@παράδειγμα.ελ", "δοκιμή@παράδειγμα.ελ"),
    ],
)
def test_address_is_kept_in_one_spelling(given: str, kept: str) -> None:
    assert normalised(given) == kept
    assert index_of(given) == index_of(kept)


@pytest.mark.parametrize(
    "given",
    [
        "",
        " ",
        "ana",
        "ana@",
        "@example.com",
        "ana@localhost",
        "a b@example.com",
        "ana@example..com",
        "ana@[127.0.0.1]",
        "ana@example.com\nbcc: x@example.com",
        "Ana <ana@example.com>",
        "a" * 250 + "@example.com",
        "ana@exa\x00mple.com",
    ],
)
def test_what_is_no_address_is_refused_at_its_pointer(given: str) -> None:
    with pytest.raises(InvalidEmail) as refusal:
        normalised(given)

    [fault] = refusal.value.faults
    assert (fault.pointer, fault.code) == ("/email", "invalid_email")
    assert fault.detail == InvalidEmail.message


def test_a_plain_address_is_kept_as_the_library_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(7)
    drawn = {"".join(dice.choices("ab7._+-@", k=dice.randint(3, 8))) + ".example" for _ in range(20_000)}
    plain = [email for email in drawn if emails._PLAIN.fullmatch(email)]
    plain += ["postmaster@a.test", "a" * 64 + "@" + "b" * 57 + ".local", "a@b-c.d.e9"]

    monkeypatch.setattr(emails, "_PLAIN", re.compile(r"(?!)"))

    assert len(plain) > 100
    assert [normalised(email) for email in plain] == plain


def test_what_only_looks_plain_is_left_to_the_library() -> None:
    for email in ("a" * 65 + "@b.example", "a..b@c.example", "a@b.9", "a@xn--b.example", "a@" + "b" * 64 + ".example"):
        assert not emails._PLAIN.fullmatch(email)
