"""A bare Django view, a bare DRF view with one read, and a search as the usual packages would have it."""

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import UserRateThrottle
from rest_framework.views import APIView
from rest_framework_simplejwt.authentication import JWTStatelessUserAuthentication

from bench.yardsticks.search import make_offers
from offers.api.serializers import SearchOut


def hello(request: HttpRequest) -> HttpResponse:
    """Django without anything."""
    return HttpResponse(b'{"ok":true}', content_type="application/json")


class RedisRead(APIView):
    """DRF without users, and one read of the cache."""

    authentication_classes = []
    permission_classes = []
    throttle_classes = []

    def get(self, request: Request) -> Response:
        """What is in the cache; on the first call there is nothing."""
        return Response({"ok": cache.get("yardstick")})


class SliceIn(serializers.Serializer[Any]):
    """One way."""

    origin = serializers.CharField(max_length=3)
    destination = serializers.CharField(max_length=3)
    departure_date = serializers.DateField()


class PassengerIn(serializers.Serializer[Any]):
    """One traveller."""

    type = serializers.ChoiceField(["adult", "child", "infant"])
    age = serializers.IntegerField(required=False, min_value=0)


class SearchIn(serializers.Serializer[Any]):
    """What to search for."""

    slices = SliceIn(many=True)
    passengers = PassengerIn(many=True)
    cabin = serializers.CharField(default="economy")
    max_offers = serializers.IntegerField(default=5)


class Search(APIView):
    """The same question and the same shape of answer as the product's."""

    authentication_classes = [JWTStatelessUserAuthentication]
    permission_classes = [IsAuthenticated]
    throttle_classes = [UserRateThrottle]

    def post(self, request: Request) -> Response:
        """Validate, make offers, keep each of them, serialize."""
        asked = SearchIn(data=request.data)
        asked.is_valid(raise_exception=True)
        return Response(SearchOut(make_offers(asked.validated_data)).data)
