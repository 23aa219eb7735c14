"""What can be called next, in the OpenAPI document: by operation id, its parameters as runtime expressions."""

from typing import Final

Links = dict[str, dict[str, str]]

OF_ORDER: Final = {"order_id": "$response.body#/id"}
_FIRST: Final = {"order_id": "$response.body#/data/0/id"}
_DOCUMENT: Final = {"document_id": "$response.body#/data/0/id"}

ORDER: Final[Links] = {"get_order": OF_ORDER, "get_order_history": OF_ORDER}
OPEN_ORDER: Final[Links] = ORDER | {"pay_order": OF_ORDER, "cancel_order": OF_ORDER}
OFFER: Final[Links] = {"read_offer": {"offer_id": "$response.body#/offer_id"}}
FIRST_ORDER: Final[Links] = {"get_order": _FIRST, "get_order_history": _FIRST, "list_documents": _FIRST}
FIRST_DOCUMENT: Final[Links] = {"get_barcode_png": _DOCUMENT, "get_barcode_svg": _DOCUMENT}
