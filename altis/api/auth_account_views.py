"""The endpoints of one's own account: its address verified, its password changed or reset."""

from rest_framework.request import Request
from rest_framework.response import Response

from altis.accounts.errors import InvalidCredentials, InvalidEmail, InvalidLink, TooManyAttempts, WeakPassword
from altis.accounts.selectors import active_account
from altis.accounts.services.change_password import change_password
from altis.accounts.services.resend_link import resend_link
from altis.accounts.services.reset_password import request_reset, reset_password
from altis.accounts.services.verify_email import verify_email
from altis.accounts.tokens import issue_for
from altis.api.auth_serializers import (
    LinkToken,
    MeOut,
    PasswordChange,
    PasswordReset,
    ResendRequest,
    ResetRequest,
    ResetRequestedOut,
    UserTokensOut,
    VerifiedOut,
    present_me,
    present_pair,
    present_verified,
)
from altis.api.auth_views import JWT, PAIR, TokenlessView
from altis.api.schema import operation
from altis.api.serializers import read
from altis.api.views import ApiView

_ID = "usr_01kb3v5w8rj2m4n6p7q9s0t1v2"
_ME = {"id": _ID, "email": "passenger@example.com", "email_verified": True, "kind": "user"}
_NEW = "another battery staple"


class MeView(ApiView):
    """Who one is."""

    needs_user = True

    @operation(id="get_account", summary="Read one's own account", tags=["Authentication"], response=MeOut, example=_ME)
    def get(self, request: Request) -> Response:
        """The account of the token."""
        return Response(present_me(active_account(self.actor.id)))


class VerifyView(TokenlessView):
    """Verification of an address."""

    @operation(
        id="verify_email",
        summary="Verify an e-mail address",
        tags=["Authentication"],
        request=LinkToken,
        response=VerifiedOut,
        example={"email_verified": True},
        request_example={"token": JWT},
        problems=[InvalidLink],
    )
    def post(self, request: Request) -> Response:
        """The token of the link that registration sent."""
        verify_email(**read(LinkToken, request))
        return Response({"email_verified": True})


class ResendView(ApiView):
    """The same link again."""

    needs_user = True
    rate_class = "token"

    @operation(
        id="resend_verification",
        summary="Send the link that verifies the address again",
        tags=["Authentication"],
        request=ResendRequest,
        response=VerifiedOut,
        status=202,
        example={"email_verified": False},
        problems=[TooManyAttempts],
    )
    def post(self, request: Request) -> Response:
        """Nothing is sent to an address that is verified."""
        read(ResendRequest, request)
        return Response(present_verified(resend_link(user_id=self.actor.id)), status=202)


class PasswordView(ApiView):
    """Another password."""

    needs_user = True
    rate_class = "token"

    @operation(
        id="change_password",
        summary="Change the password and end all sessions",
        tags=["Authentication"],
        request=PasswordChange,
        response=UserTokensOut,
        example=PAIR,
        request_example={"current_password": "correct horse battery", "new_password": _NEW},
        problems=[InvalidCredentials, WeakPassword, TooManyAttempts],
    )
    def post(self, request: Request) -> Response:
        """A new pair; every token from before is refused."""
        user = change_password(user_id=self.actor.id, **read(PasswordChange, request))
        return Response(present_pair(issue_for(user)))


class PasswordResetView(TokenlessView):
    """A forgotten password."""

    @operation(
        id="request_password_reset",
        summary="Have a link sent that sets a new password",
        tags=["Authentication"],
        request=ResetRequest,
        response=ResetRequestedOut,
        status=202,
        example={"status": "accepted"},
        request_example={"email": "passenger@example.com"},
        problems=[InvalidEmail],
    )
    def post(self, request: Request) -> Response:
        """The same reply whether or not somebody has this address."""
        request_reset(**read(ResetRequest, request))
        return Response({"status": "accepted"}, status=202)


class PasswordResetConfirmView(TokenlessView):
    """A new password, by link."""

    @operation(
        id="reset_password",
        summary="Set a new password with the link",
        tags=["Authentication"],
        request=PasswordReset,
        response=UserTokensOut,
        example=PAIR,
        request_example={"token": JWT, "new_password": _NEW},
        problems=[InvalidLink, WeakPassword],
    )
    def post(self, request: Request) -> Response:
        """A pair of tokens; every token from before is refused, and the address is verified."""
        user = reset_password(**read(PasswordReset, request))
        return Response(present_pair(issue_for(user)))
