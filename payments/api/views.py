"""The payments' doors: pay, and what gateways tell by webhook."""

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from altis.api.idempotency import claim_for
from altis.api.schema import operation
from altis.api.serializers import read
from altis.api.views import ApiView
from orders import errors as order_errors
from orders.api import links
from orders.api.examples import PAID, PENDING
from orders.api.presenters import present_order
from orders.api.replies import OrderOut
from payments.api.notices import read_notice
from payments.api.requests import PayIn, WebhookOut
from payments.api.webhook_docs import webhook_docs
from payments.errors import PaymentDeclined, PaymentRefused
from payments.services.pay import pay_order
from payments.services.webhook import receive
from payments.signatures import InvalidSignature, StaleSignature


class PayOrder(ApiView):
    """`POST /v1/orders/{order_id}/pay`"""

    rate_class = "pay"
    needs_user = True

    @operation(
        id="pay_order",
        summary="Pay an order with a token of the payment gateway",
        tags=["Payments"],
        request=PayIn,
        request_example={"payment_method": {"token": "tok_visa"}},
        response={200: OrderOut, 202: OrderOut},
        example={200: PAID, 202: PENDING},
        problems=[
            PaymentDeclined,
            PaymentRefused,
            order_errors.OrderNotFound,
            order_errors.OrderGone,
            order_errors.OrderNotPayable,
            order_errors.PaymentInProgress,
        ],
        idempotent=True,
        links=links.ORDER | {"list_documents": links.OF_ORDER},
    )
    def post(self, request: Request, order_id: str) -> HttpResponse:
        """Pay; 202 while the gateway's answer is open."""
        with claim_for(request, status=200, render=present_order) as claim:
            token = read(PayIn, request)["payment_method"]["token"]
            paid = pay_order(order_id=order_id, token=token, actor=self.actor, claim=claim)
        if paid.open:
            headers = {"Location": f"/v1/orders/{paid.order.pk}", "Retry-After": "2"}
            return claim.response(paid.order, status=202, headers=headers)
        return claim.response(paid.order)


class Webhook(ApiView):
    """`POST /v1/webhooks/payments/{gateway}`"""

    rate_class = ""
    public = True

    @webhook_docs
    @operation(
        id="receive_payment_webhook",
        summary="What the payment gateway tells; signed, at least once, in any order",
        tags=["Payments"],
        response=WebhookOut,
        problems=[InvalidSignature, StaleSignature],
    )
    def post(self, request: Request, gateway: str) -> Response:
        """Receive an event of a gateway."""
        notice = read_notice(gateway, request.body, request.headers.get("Altis-Signature", ""))
        return Response({"outcome": receive(notice, gateway=gateway)})
