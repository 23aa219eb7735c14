"""Words of Redis' protocol: what is the same from call to call is packed once."""

from collections.abc import Sequence
from typing import NamedTuple

Value = str | bytes | int
BLANK = b"$%d\r\n%b\r\n"  # for a word's length and the word


class Words(NamedTuple):
    """So many words, packed."""

    number: int
    packed: bytes


NO_WORDS = Words(0, b"")


def packed(*words: Value) -> Words:
    """These words, as a command on the wire has them."""
    texts = [word if isinstance(word, bytes) else str(word).encode() for word in words]
    return Words(len(texts), b"".join([BLANK % (len(text), text) for text in texts]))


def listed(commands: Sequence[Sequence[Value]]) -> Words:
    """Commands one after the other, each led by the number of its words: what `search.lua` carries out."""
    return packed(*(word for command in commands for word in (len(command), *command)))


def sent(first: Words, second: Words, third: Words) -> bytes:
    """A command made of these words."""
    number = first.number + second.number + third.number
    return b"*%d\r\n%b%b%b" % (number, first.packed, second.packed, third.packed)
