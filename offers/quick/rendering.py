"""The reply, the document and the impression of a search, put together from pieces. Pure.

The reply is what `offers.presenting` makes of each offer, byte by byte; the document is that of `offers.compact`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from offers.quick.choosing import Fares, Winner
from offers.quick.fares import fare_texts
from offers.quick.packs import Layout
from offers.quick.texts import OWN, Form, decimal, listed, price, quoted
from offers.ranking import FEATURES
from offers.trip import Party, Passenger, SearchRequest

PROPENSITY = "1.0000"
_EXPLAINED = [f'{{"feature":{quoted(feature)},"contribution":"' for feature in FEATURES]
# What the places of each text that are still to be filled in stand for: `{id}`, when it was made, and until when it
# lives. The id is the part that the search and its offers share.
_ID, _AT, _UNTIL = "id", "at", "until"
_OF_OFFER = (_ID, _AT, _UNTIL)


@dataclass(frozen=True, slots=True)
class Pressed:
    """The texts of a search, but for what each answer has of its own.

    `document` and `impression` are None where there are no offers; the impression lacks its weight and its end.
    """

    reply: Form
    document: Form | None = None
    impression: Form | None = None

    @property
    def size(self) -> int:
        """In bytes."""
        return sum(form.size for form in (self.reply, self.document, self.impression) if form is not None)


def nothing(reason: str) -> Pressed:
    """The reply of a search that found nothing."""
    text = f'{{"search_id":"sch_{OWN}0","expires_at":"{OWN}","offers":[],"reason":"{reason}"}}'
    return Pressed(Form(text, (_ID, _UNTIL)))


class _Flown(NamedTuple):
    """A trip as the offers that show it have it: for the reply its slices and the items of its flights; for the
    document the positions of its segments, and that of its items."""

    slices: str
    items: str
    segments: str
    part: int


class Press:
    """Renders one search. What several offers share is rendered once."""

    def __init__(self, request: SearchRequest, party: Party, product_id: str, layout: Layout) -> None:
        self._request = request
        self._groups = party.groups()
        self._seated = party.seated
        self._product = f'{{"product_id":"{product_id}","type":"flight","name":'
        self._good = f'["{product_id}","flight",'
        self._layout = layout
        self._currency = layout.currency
        self._travellers = listed([_traveller(passenger) for passenger in request.passengers])
        self._names = dict(layout.names)
        self._goods = list(layout.goods)
        self._segments: dict[str, int] = {}
        self._parts: dict[str, int] = {}
        self._flown: dict[int, _Flown] = {}

    def press(self, winners: Sequence[Winner]) -> Pressed:
        """All texts of the offers, best first."""
        replies, lines, shown = [], [], []
        for rank, winner in enumerate(winners, start=1):
            flown = self._flown.get(id(winner.fares)) or self._fly(winner.fares)
            score = decimal(sum(winner.points))
            total = price(winner.total_minor, self._currency)
            replies.append(self._offer(rank, winner, flown, f'"score":"{score}"', f'"total":{total}'))
            lines.append(self._line(rank, winner, flown))
            shown.append(
                f'{{"id":"off_{OWN}{rank}","bundle":{winner.pack.code},"rank":{rank},"score":"{score}",'
                f'"propensity":"{PROPENSITY}","total":{total}}}'
            )
        offers = len(winners)
        reply = f'{{"search_id":"sch_{OWN}0","expires_at":"{OWN}","offers":[{",".join(replies)}],"reason":null}}'
        head = f'{{"search_id":"sch_{OWN}0","shown_at":"{OWN}","expires_at":"{OWN}"'
        impression = f'{head},"offers":{listed(shown)},"weight":"'
        return Pressed(
            Form(reply, (_ID, _UNTIL, *_OF_OFFER * offers)),
            Form(self._document(lines), _OF_OFFER),
            Form(impression, (*_OF_OFFER, *(_ID,) * offers)),
        )

    def _offer(self, rank: int, winner: Winner, flown: _Flown, score: str, total: str) -> str:
        fares, pack, _, points = winner
        explained = '"},'.join([feature + decimal(part) for feature, part in zip(_EXPLAINED, points, strict=True)])
        return (
            f'{{"id":"off_{OWN}{rank}","status":"ACTIVE","rank":{rank},{score},{pack.head},"created_at":"{OWN}",'
            f'"expires_at":"{OWN}","slices":{flown.slices},"passengers":{self._travellers},'
            f'"items":[{flown.items}{pack.items(fares.shape, self._seated)}],{total},'
            f'"conditions":{pack.conditions},"rank_explanation":[{explained}"}}]}}'
        )

    def _fly(self, fares: Fares) -> _Flown:
        """Render what all offers of a trip share; its names, goods and segments are added to the document's."""
        slices, items, part, flown = [], [], [], []
        position = 0
        for number, (asked, (way, looks, _)) in enumerate(zip(self._request.slices, fares.trip, strict=True)):
            slices.append(f'{{"origin":"{asked.origin}","destination":"{asked.destination}","segments":{way.text}}}')
            flown.append(listed([str(self._segments.setdefault(text, len(self._segments))) for text in way.segments]))
            for leg, cell, look in zip(way.legs, way.cells, looks, strict=True):
                for type, count in self._groups:
                    fare = fare_texts(leg, cell, look, type)
                    items.append(
                        f'{self._product}{fare.name},"quantity":{count},"unit_price":{fare.unit_price},'
                        f'"total":{price(fare.unit * count, self._currency)},"price_explanation":{fare.lines},'
                        f'"slice":{number},"segment":{position},"passenger_type":"{type}"}}'
                    )
                    held = "" if type == "infant" else f",{cell.inventory_id},{count}"
                    part.append(f'[{len(self._goods)},{count},{number},{position},"{type}"{held}]')
                    names = self._names.setdefault(fare.labels, len(self._names))
                    self._goods.append(f"{self._good}{fare.name},{fare.unit},{names},{fare.amounts}]")
                position += 1
        place = self._parts.setdefault(listed(part), len(self._parts))
        made = self._flown[id(fares)] = _Flown(listed(slices), ",".join(items), listed(flown), place)
        return made

    def _line(self, rank: int, winner: Winner, flown: _Flown) -> str:
        """An offer as the document has it."""
        bundle = self._layout.place(winner.pack)
        taken = str(flown.part)
        if winner.pack.package.extras:
            extras = self._extras(winner, bundle)
            taken += f",{self._parts.setdefault(extras, len(self._parts))}"
        points = ",".join(map(str, winner.points))
        return f'[{rank},{bundle},"{PROPENSITY}",0,[{points}],{flown.segments},[{taken}]]'

    def _extras(self, winner: Winner, bundle: int) -> str:
        part = self._layout.part(bundle, winner.fares.shape, self._seated)
        if not part.limited:
            return part.text
        cells = {
            product_id: [cell for way, _, _ in winner.fares.trip for cell in way.limited(product_id) or ()]
            for product_id in {product_id for product_id, _ in part.limited}
        }
        return part.text % tuple([cells[product_id][segment].inventory_id for product_id, segment in part.limited])

    def _document(self, lines: list[str]) -> str:
        travellers = quoted([[passenger.type, passenger.age] for passenger in self._request.passengers])
        slices = quoted([[slice.origin, slice.destination] for slice in self._request.slices])
        return (
            f'{{"id":"sch_{OWN}0","at":"{OWN}","until":"{OWN}","currency":"{self._currency}","travellers":{travellers},'
            f'"slices":{slices},"names":{listed(self._names)},"segments":{listed(self._segments)},'
            f'"bundles":{self._layout.bundles},"goods":{listed(self._goods)},"parts":{listed(self._parts)},'
            f'"offers":{listed(lines)}}}'
        )


def _traveller(passenger: Passenger) -> str:
    if passenger.age is None:
        return f'{{"type":"{passenger.type}"}}'
    return f'{{"type":"{passenger.type}","age":{passenger.age}}}'
