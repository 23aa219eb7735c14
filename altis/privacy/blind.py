"""Blind indexes: find an encrypted value by equality without storing it."""

import hashlib
import hmac
import re
import unicodedata
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import models

from altis.privacy.keyring import parse_key
from altis.privacy.sealed import Opened, Sealed

_UNREAD = Sealed("")
# Letters that no accent can be taken from.
_BARE = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i"})
# What passports print for an umlaut or a ring; whoever types the plain letter means the same name.
_LONG_FOR_ONE = re.compile(r"([aou])e|(a)a")


def blind_index(value: str, purpose: str) -> str:
    """64 hex digits: HMAC-SHA256 of the purpose and the value, in NFKC, case folded, without surrounding blanks."""
    return keyed_digest(_folded(value).encode(), purpose)


def name_index(name: str, purpose: str) -> str:
    """The same of a name's letters alone: Müller-Lüdenscheidt is MUELLER LUEDENSCHEIDT."""
    return keyed_digest(_letters(name).encode(), purpose)


def keyed_digest(data: bytes, purpose: str) -> str:
    """64 hex digits: HMAC-SHA256 of the purpose and the bytes as they are, which nobody without the key can guess."""
    return hmac.new(index_key(), purpose.encode() + b"\x00" + data, hashlib.sha256).hexdigest()


def index_key() -> bytes:
    """The key of all blind indexes; raises ImproperlyConfigured naming its setting."""
    return _parsed(settings.ALTIS_BLIND_INDEX_KEY)


@lru_cache(maxsize=4)
def _parsed(text: str) -> bytes:
    return parse_key("ALTIS_BLIND_INDEX_KEY", text)


def _folded(value: str) -> str:
    # Folding can undo the normal form (ﬁ, İ), so it is restored.
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).strip().casefold())


def _letters(name: str) -> str:
    """As it is typed on a telephone, read from a passport, or spoken: without accents, blanks, dashes and capitals."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold()).translate(_BARE)
    return _LONG_FOR_ONE.sub(r"\1\2", "".join(each for each in plain if each.isalnum()))


class BlindIndexField(models.CharField):  # type: ignore[type-arg]  # the stubs' parameters cannot be forwarded
    """The blind index of another field of the row, rewritten whenever that field was assigned.

    A save with `update_fields` must name both.
    """

    def __init__(self, *, source: str = "", purpose: str = "", **kwargs: Any) -> None:
        self.source, self.purpose = source, purpose
        kwargs.setdefault("max_length", 64)
        kwargs.setdefault("editable", False)
        kwargs.setdefault("db_collation", "C")
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        """With `source` and `purpose`, for migrations."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source, "purpose": self.purpose}

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """The index of what was assigned; what came from the database unread or unchanged keeps its own."""
        value = model_instance.__dict__.get(self.source, _UNREAD)
        if not isinstance(value, Sealed | Opened):
            setattr(model_instance, self.attname, None if value is None else self.index_of(str(value)))
        return super().pre_save(model_instance, add)

    def index_of(self, value: str) -> str:
        """What the column holds for this value of the other field."""
        return blind_index(value, self.purpose)


class NameIndexField(BlindIndexField):
    """The blind index of somebody's name, however it is spelled."""

    def index_of(self, value: str) -> str:
        """Of its letters."""
        return name_index(value, self.purpose)
