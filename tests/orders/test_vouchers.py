"""A voucher is what we signed, with a key that we still know, and nothing else."""

import base64
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.drawing import draw
from orders.vouchers import InvalidVoucher, Voucher, sign_voucher, verify_voucher

OLD = ("k1", b"1" * 32)
NEW = ("k2", b"2" * 32)
VOUCHER = Voucher(
    document_id="doc_01jd9zk3v8q4m7x2c5b6n8p0rt",
    product_code="BAG23",
    order_reference="K7QW2M",
    item_id="itm_01jd9zk3v8q4m7x2c5b6n8p0rt",
)
TOKEN = sign_voucher(VOUCHER, ring=[NEW, OLD])


def test_a_signed_voucher_is_read_back() -> None:
    assert verify_voucher(TOKEN, ring=[NEW, OLD]) == VOUCHER


def test_the_newest_key_signs_and_the_older_ones_still_verify() -> None:
    old = sign_voucher(VOUCHER, ring=[OLD])

    assert TOKEN.startswith("AV1.k2.")
    assert old.startswith("AV1.k1.")
    assert verify_voucher(old, ring=[NEW, OLD]) == VOUCHER


def test_a_key_that_has_left_the_ring_verifies_nothing() -> None:
    with pytest.raises(InvalidVoucher) as refused:
        verify_voucher(TOKEN, ring=[OLD])

    assert refused.value.code == "invalid_barcode"


def test_a_key_of_the_same_id_but_other_bytes_verifies_nothing() -> None:
    with pytest.raises(InvalidVoucher):
        verify_voucher(TOKEN, ring=[("k2", b"3" * 32)])


@given(st.integers(0, len(TOKEN) - 1), st.sampled_from("AZaz09-_. =\né"))
def test_a_token_with_one_character_changed_is_refused(at: int, character: str) -> None:
    changed = TOKEN[:at] + character + TOKEN[at + 1 :]

    if changed != TOKEN:
        with pytest.raises(InvalidVoucher):
            verify_voucher(changed, ring=[NEW, OLD])


@pytest.mark.parametrize(
    "token", ["", "AV1", TOKEN[:-1], TOKEN + "A", TOKEN + "\n", " " + TOKEN, TOKEN + "=", "A" * 9999]
)
def test_a_text_that_is_not_a_token_is_refused(token: str) -> None:
    with pytest.raises(InvalidVoucher):
        verify_voucher(token, ring=[NEW, OLD])


def test_an_entitlement_moved_to_another_voucher_is_refused() -> None:
    other = sign_voucher(replace(VOUCHER, product_code="LOUNGE"), ring=[NEW])
    _, _, body, _ = other.split(".")
    version, key_id, _, mac = TOKEN.split(".")

    with pytest.raises(InvalidVoucher):
        verify_voucher(".".join([version, key_id, body, mac]), ring=[NEW])


def test_a_token_holds_the_ids_and_no_more_and_fits_an_aztec_code() -> None:
    body = base64.urlsafe_b64decode(TOKEN.split(".")[2] + "===")

    assert body == (b'["doc_01jd9zk3v8q4m7x2c5b6n8p0rt","BAG23","K7QW2M","itm_01jd9zk3v8q4m7x2c5b6n8p0rt"]')
    assert len(TOKEN) == 163
    assert draw(TOKEN).startswith(b"\x89PNG")


@pytest.mark.parametrize("ring", [[], [("k2", b"short")], [("", b"2" * 32)], [("k.2", b"2" * 32)]])
def test_a_ring_that_cannot_sign_is_refused(ring: list[tuple[str, bytes]]) -> None:
    with pytest.raises(ValueError, match="key"):
        sign_voucher(VOUCHER, ring=ring)
