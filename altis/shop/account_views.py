"""The pages behind the links in e-mails. To open one changes nothing: mail programs open links too; its button does."""

from http import HTTPStatus
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters

from altis.accounts.errors import InvalidLink, WeakPassword
from altis.accounts.links import Purpose, person_of
from altis.accounts.services.reset_password import reset_password
from altis.accounts.services.verify_email import verify_email
from altis.api.auth_serializers import MAX_PASSWORD
from altis.api.throttling import OverLimit, address_party, spend
from altis.shop.pages import Polite


class NewPassword(forms.Form):
    """One field: a browser's password manager fills and keeps it, so nobody types it twice."""

    new_password = forms.CharField(max_length=MAX_PASSWORD, strip=False)


@method_decorator([never_cache, csrf_protect, sensitive_post_parameters()], name="dispatch")
class _LinkView(Polite):
    """A page for whoever holds the token of a link; without a good one it says how to get another."""

    purpose: ClassVar[Purpose]
    template: ClassVar[str]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Serve it, and keep its address, which has the token, from wherever the visitor goes next."""
        response = super().dispatch(request, *args, **kwargs)
        # Not `no-referrer`: browsers then hide the origin of a form too, by which Django knows it as its own.
        response["Referrer-Policy"] = "strict-origin"
        return response

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page with its button."""
        token = request.GET.get("token", "")
        try:
            person_of(token, self.purpose)
        except InvalidLink:
            return self.dead_end()
        return self.page(token=token)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do what the link is for, within the limit that tokens have."""
        try:
            spend("token", [address_party(request)])
        except OverLimit:
            return self.page(HTTPStatus.TOO_MANY_REQUESTS, token=request.POST.get("token", ""), problem="busy")
        try:
            return self.use(request.POST.get("token", ""))
        except InvalidLink:
            return self.dead_end()

    def use(self, token: str) -> HttpResponse:
        """Call the service; raises InvalidLink."""
        raise NotImplementedError

    def page(self, status: int = HTTPStatus.OK, **context: Any) -> HttpResponse:
        """This page."""
        return render(self.request, self.template, context, status=status)

    def done(self) -> HttpResponse:
        """What was wanted has happened."""
        return render(self.request, "shop/account_done.html", {"purpose": self.purpose})

    def dead_end(self) -> HttpResponse:
        """The link is of no use."""
        context = {"purpose": self.purpose}
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return render(self.request, "shop/account_dead_end.html", context, status=status)


class VerifyPage(_LinkView):
    """The address is mine."""

    purpose = "verify"
    template = "shop/account_verify.html"

    def use(self, token: str) -> HttpResponse:
        """Verify it."""
        verify_email(token=token)
        return self.done()


class ResetPage(_LinkView):
    """A new password."""

    purpose = "reset"
    template = "shop/account_reset.html"

    def use(self, token: str) -> HttpResponse:
        """Set it; a weak one brings the form back with the reason, and the link stays good."""
        form = NewPassword(self.request.POST)
        if not form.is_valid():
            return self._again(token, " ".join(map(str, form.errors["new_password"])))
        try:
            reset_password(token=token, new_password=form.cleaned_data["new_password"])
        except WeakPassword as refusal:
            return self._again(token, refusal.detail)
        return self.done()

    def _again(self, token: str, reason: str) -> HttpResponse:
        person_of(token, self.purpose)
        return self.page(HTTPStatus.UNPROCESSABLE_ENTITY, token=token, problem="weak", reason=reason)
