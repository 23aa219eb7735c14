"""The authentication endpoints: guest tokens, registration, log-in and refresh."""

from rest_framework.request import Request
from rest_framework.response import Response

from altis.accounts.errors import EmailTaken, InvalidCredentials, InvalidEmail, TooManyAttempts, WeakPassword
from altis.accounts.services.login import login
from altis.accounts.services.refresh import refresh_session
from altis.accounts.services.register import register
from altis.accounts.tokens import issue_for, issue_guest
from altis.api.auth_serializers import Credentials, GuestIn, GuestTokenOut, RefreshRequest, UserTokensOut, present_pair
from altis.api.schema import operation
from altis.api.serializers import read
from altis.api.views import ApiView
from altis.shared.errors import Unauthenticated

JWT = "eyJhbGciOiJIUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiJ1c3JfMDFqZCJ9.c2ln"
_GUEST = {"access": JWT, "token_type": "Bearer", "expires_at": "2026-12-01T09:15:00.000Z", "kind": "guest"}
PAIR = {"access": JWT, "refresh": JWT, "expires_at": "2026-12-01T09:15:00.000Z", "kind": "user"}
_CREDENTIALS = {"email": "passenger@example.com", "password": "correct horse battery"}


class TokenlessView(ApiView):
    """No token is needed to get one; the limit is per address."""

    public = True
    rate_class = "token"


class GuestView(TokenlessView):
    """Guests."""

    @operation(
        id="issue_guest_token",
        summary="Get a guest token",
        tags=["Authentication"],
        request=GuestIn,
        response=GuestTokenOut,
        status=201,
        example=_GUEST,
    )
    def post(self, request: Request) -> Response:
        """A token to search and to read flights, products and offers."""
        read(GuestIn, request)
        return Response(present_pair(issue_guest()), status=201)


class RegisterView(TokenlessView):
    """Registration."""

    @operation(
        id="register",
        summary="Register and get tokens",
        tags=["Authentication"],
        request=Credentials,
        response=UserTokensOut,
        status=201,
        example=PAIR,
        request_example=_CREDENTIALS,
        problems=[EmailTaken, WeakPassword, InvalidEmail],
    )
    def post(self, request: Request) -> Response:
        """An account for a customer, and an e-mail with a link that verifies its address."""
        user = register(**read(Credentials, request))
        return Response(present_pair(issue_for(user)), status=201)


class TokenView(TokenlessView):
    """Log-in."""

    @operation(
        id="log_in",
        summary="Get tokens for an account",
        tags=["Authentication"],
        request=Credentials,
        response=UserTokensOut,
        example=PAIR,
        request_example=_CREDENTIALS,
        problems=[InvalidCredentials, TooManyAttempts],
    )
    def post(self, request: Request) -> Response:
        """A pair of tokens for an e-mail address and its password."""
        user = login(**read(Credentials, request))
        return Response(present_pair(issue_for(user)))


class RefreshView(TokenlessView):
    """Rotation."""

    @operation(
        id="refresh_tokens",
        summary="Exchange a refresh token for a new pair",
        tags=["Authentication"],
        request=RefreshRequest,
        response=UserTokensOut,
        example=PAIR,
        request_example={"refresh": JWT},
        problems=[Unauthenticated],
    )
    def post(self, request: Request) -> Response:
        """A new pair; the refresh token given is spent."""
        return Response(present_pair(refresh_session(**read(RefreshRequest, request))))
