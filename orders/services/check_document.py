"""Looking at what a customer shows: is it ours, and is it still good?"""

from altis.privacy.keyring import ring
from orders.barcodes import InvalidBarcode, decode
from orders.errors import DocumentVoided
from orders.models import Document, DocumentType
from orders.vouchers import VERSION, verify_voucher


def check_document(payload: str) -> Document:
    """The valid document with this barcode text; changes nothing.

    Raises InvalidBarcode for what is none of ours, and DocumentVoided for what was replaced or given up.
    """
    found = _voucher(payload) if payload.startswith(f"{VERSION}.") else _boarding(payload)
    if not found:
        raise InvalidBarcode
    valid = next((document for document in found if document.voided_at is None), None)
    if valid is None:
        raise DocumentVoided
    return valid


def _voucher(payload: str) -> list[Document]:
    voucher = verify_voucher(payload, ring=tuple(ring("ALTIS_VOUCHER_KEYS").items()))
    return list(Document.objects.filter(pk=voucher.document_id))


def _boarding(payload: str) -> list[Document]:
    """Documents issued anew on one day say the same, so there may be several."""
    reference = decode(payload).legs[0].reference.strip()
    issued = Document.objects.filter(order__reference=reference, type=DocumentType.BOARDING).order_by("-position")
    return [document for document in issued if document.payload == payload]
