"""The doors to what the customer shows: documents and their barcodes."""

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from altis.api.rendering import JSONRenderer, PngRenderer, SvgRenderer
from altis.api.schema import operation
from altis.api.serializers import read_query
from altis.api.views import ApiView
from altis.shared.actors import Actor
from orders import errors, selectors
from orders.api import examples, links, replies, requests
from orders.api.presenters import present_document
from orders.drawing import ImageFormat, draw

_MIME: dict[ImageFormat, str] = {"png": "image/png", "svg": "image/svg+xml"}


class Documents(ApiView):
    """`GET /v1/orders/{order_id}/documents`"""

    needs_user = True

    @operation(
        id="list_documents",
        summary="The boarding documents and vouchers of an order",
        tags=["Orders"],
        response=replies.DocumentListOut,
        example={"data": [examples.DOCUMENT], "next": None},
        problems=[errors.OrderNotFound],
        links=links.FIRST_DOCUMENT,
    )
    def get(self, request: Request, order_id: str) -> Response:
        """List the documents."""
        documents = selectors.documents_of(self.actor, order_id)
        return Response({"data": [present_document(document) for document in documents], "next": None})


class BarcodePng(ApiView):
    """`GET /v1/documents/{document_id}/barcode.png`"""

    renderer_classes = (PngRenderer, JSONRenderer)
    needs_user = True

    @operation(
        id="get_barcode_png",
        summary="A document's barcode as a PNG image",
        tags=["Orders"],
        query=requests.BarcodeQuery,
        response=replies.image_reply("image/png"),
        problems=[errors.DocumentNotFound, errors.DocumentVoided],
    )
    def get(self, request: Request, document_id: str) -> HttpResponse:
        """Draw the barcode in pixels."""
        return _image(request, self.actor, document_id, "png")


class BarcodeSvg(ApiView):
    """`GET /v1/documents/{document_id}/barcode.svg`"""

    renderer_classes = (SvgRenderer, JSONRenderer)
    needs_user = True

    @operation(
        id="get_barcode_svg",
        summary="A document's barcode as an SVG image",
        tags=["Orders"],
        query=requests.BarcodeQuery,
        response=replies.image_reply("image/svg+xml"),
        problems=[errors.DocumentNotFound, errors.DocumentVoided],
    )
    def get(self, request: Request, document_id: str) -> HttpResponse:
        """Draw the barcode in paths."""
        return _image(request, self.actor, document_id, "svg")


def _image(request: Request, actor: Actor, document_id: str, fmt: ImageFormat) -> HttpResponse:
    query = read_query(requests.BarcodeQuery, request)
    document = selectors.document_for(actor, document_id)
    image = draw(document.payload, symbology=query["symbology"], fmt=fmt)
    return HttpResponse(image, content_type=_MIME[fmt])
