"""Fields of people: names, e-mail addresses, telephone numbers."""

from typing import Any

import phonenumbers
from rest_framework import serializers

from altis.accounts.emails import MAX_LENGTH, normalised
from altis.api.cards import CardNumberRefused
from altis.api.serializers import StrictCharField
from altis.shared.cards import has_card_number
from altis.shared.errors import Invalid


class NameField(StrictCharField):
    """A name with at least one letter, without blanks around it."""

    default_error_messages = {"no_letter": "A name has at least one letter."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=60, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        name = super().to_internal_value(data).strip()
        if not any(character.isalpha() for character in name):
            self.fail("no_letter")
        return name


class EmailField(StrictCharField):
    """An e-mail address by its syntax; whether it can be delivered is not asked."""

    default_error_messages = {"invalid_email": "This is not an e-mail address."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MAX_LENGTH, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        try:
            return normalised(text)
        except Invalid:
            self.fail("invalid_email")


class PhoneField(StrictCharField):
    """A telephone number with its country code, kept in E.164."""

    default_error_messages = {"invalid_phone": "This is not a telephone number with its country code."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=32, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        try:
            number = phonenumbers.parse(text, None)
        except phonenumbers.NumberParseException:
            number = None
        # One long number in ten passes the cards' check by chance: a numbering plan tells those from cards.
        if has_card_number(text.replace("+", " ")) and not (number and phonenumbers.is_valid_number(number)):
            raise serializers.ValidationError(CardNumberRefused.message, code=CardNumberRefused.code)
        if number is None or not phonenumbers.is_possible_number(number):
            self.fail("invalid_phone")
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
