"""What only the shop refuses."""

from altis.shared.errors import Conflict, Invalid


class PriceChanged(Conflict):
    """The form was filled in for another price than the offer has."""

    code = "price_changed"
    message = "The price is another than the one that was shown. Search again."


class UnknownCard(Invalid):
    """None of the cards on the page was chosen."""

    code = "unknown_card"
    message = "Choose one of the cards."
