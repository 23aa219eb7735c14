"""Where and when the airline flies, with what, and at which base fare."""

from datetime import datetime, timedelta

from django.db import models

from altis.store.fields import CurrencyField, MoneyOf, PublicIdField

_LATEST = timedelta(days=1)  # the longest that a flight may be late


class Cabin(models.TextChoices):
    """The cabins, from back to front."""

    ECONOMY = "economy", "Economy"
    PREMIUM_ECONOMY = "premium_economy", "Premium economy"
    BUSINESS = "business", "Business"
    FIRST = "first", "First"


class Airport(models.Model):
    """An airport by its IATA code, with the time zone that its wall clocks show."""

    code = models.CharField(primary_key=True, max_length=3, db_collation="C")
    name = models.CharField(max_length=120)
    city = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, help_text="ISO 3166 country code")
    time_zone = models.CharField(max_length=40, help_text="IANA time zone")

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.code} {self.place}"

    @property
    def place(self) -> str:
        """What people call it: its city, or its own name where it has none."""
        return self.city or self.name


class Aircraft(models.Model):
    """A type of aircraft in one seating layout."""

    code = models.CharField(primary_key=True, max_length=8, db_collation="C")
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ("code",)
        verbose_name_plural = "aircraft"

    def __str__(self) -> str:
        return self.name


class AircraftCabin(models.Model):
    """The seat rows of one cabin: `columns` such as `ABC-DEF`, where a dash is an aisle."""

    aircraft = models.ForeignKey(Aircraft, on_delete=models.CASCADE, related_name="cabins")
    cabin = models.CharField(max_length=16, choices=Cabin.choices)
    first_row = models.PositiveSmallIntegerField()
    last_row = models.PositiveSmallIntegerField()
    columns = models.CharField(max_length=16)

    class Meta:
        constraints = [
            models.UniqueConstraint("aircraft", "cabin", name="aircraft_cabin_once"),
            models.CheckConstraint(
                condition=models.Q(last_row__gte=models.F("first_row")), name="aircraft_rows_ordered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.aircraft_id} {self.cabin}"

    @property
    def letters(self) -> str:
        """The seat letters without aisles: `ABCDEF`."""
        return self.columns.replace("-", "")

    @property
    def capacity(self) -> int:
        """The number of seats."""
        return (self.last_row - self.first_row + 1) * len(self.letters)


class Schedule(models.Model):
    """A flight number's weekly timetable in local time, which expands into dated flights."""

    carrier = models.CharField(max_length=2)
    flight_number = models.CharField(max_length=4)
    origin = models.ForeignKey(Airport, on_delete=models.PROTECT, related_name="+")
    destination = models.ForeignKey(Airport, on_delete=models.PROTECT, related_name="+")
    aircraft = models.ForeignKey(Aircraft, on_delete=models.PROTECT)
    departs_at = models.TimeField(help_text="Wall clock at the origin")
    block_minutes = models.PositiveSmallIntegerField(help_text="Minutes from gate to gate")
    weekdays = models.CharField(max_length=7, default="1234567", help_text="1 is Monday, 7 is Sunday")
    valid_from = models.DateField()
    valid_to = models.DateField()

    class Meta:
        ordering = ("carrier", "flight_number")
        constraints = [models.UniqueConstraint("carrier", "flight_number", name="schedule_flight_number_once")]

    def __str__(self) -> str:
        return f"{self.carrier} {self.flight_number} {self.origin_id}-{self.destination_id}"


class Fare(models.Model):
    """The base fare of one cabin of a schedule: what a seat costs in an empty cabin."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="fares")
    cabin = models.CharField(max_length=16, choices=Cabin.choices)
    base_minor = models.PositiveBigIntegerField(help_text="In minor units of the currency")
    currency = CurrencyField()

    base = MoneyOf("base_minor")

    class Meta:
        constraints = [models.UniqueConstraint("schedule", "cabin", name="fare_once_per_cabin")]

    def __str__(self) -> str:
        return f"{self.cabin} {self.base}"


class Flight(models.Model):
    """One departure: a flight number on a date (the local date at the origin)."""

    id = PublicIdField(prefix="flt")
    schedule = models.ForeignKey(Schedule, on_delete=models.PROTECT, related_name="flights")
    carrier = models.CharField(max_length=2)
    flight_number = models.CharField(max_length=4)
    origin = models.ForeignKey(Airport, on_delete=models.PROTECT, related_name="+")
    destination = models.ForeignKey(Airport, on_delete=models.PROTECT, related_name="+")
    aircraft = models.ForeignKey(Aircraft, on_delete=models.PROTECT)
    departure_date = models.DateField(help_text="Local date at the origin")
    departing_at = models.DateTimeField()
    arriving_at = models.DateTimeField()
    sales_open = models.BooleanField(default=True)
    cancelled_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ("departing_at", "id")
        permissions = (
            ("resize_flight", "Can change the capacity of a flight"),
            ("overbook_flight", "Can authorise overbooking of a flight"),
            ("close_flight", "Can close and reopen the sales of a flight"),
            ("cancel_flight", "Can cancel a flight"),
            ("swap_flight", "Can give a flight another aircraft"),
        )
        constraints = [
            models.CheckConstraint(
                condition=models.Q(cancelled_at__isnull=True) | models.Q(sales_open=False),
                name="flight_cancelled_is_closed",
            ),
            models.UniqueConstraint("carrier", "flight_number", "departure_date", name="flight_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(arriving_at__gt=models.F("departing_at")), name="flight_arrives_after_departing"
            ),
        ]
        indexes = [
            models.Index("origin", "destination", "departure_date", name="flight_by_market"),
            models.Index("departing_at", "id", name="flight_by_departure"),
            models.Index("origin", "departing_at", name="flight_by_origin"),
            models.Index("destination", "departing_at", name="flight_by_destination"),
            models.Index("cancelled_at", name="flight_cancelled", condition=models.Q(cancelled_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.flight_number} {self.origin_id}-{self.destination_id} {self.departure_date}"

    @property
    def status(self) -> str:
        """`CANCELLED`, `CLOSED` for sale, or `ON SALE`."""
        if self.cancelled_at is not None:
            return "CANCELLED"
        return "ON SALE" if self.sales_open else "CLOSED"

    def is_over(self, now: datetime) -> bool:
        """Whether it should have landed more than a day ago: by then it has, or was cancelled."""
        return self.arriving_at + _LATEST <= now
