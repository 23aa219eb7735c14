"""Bundles made ready to be priced and shown: sums of whole numbers, and texts. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from offers.bundles import Extra, Package
from offers.presenting import amount
from offers.quick.texts import listed, price, quoted
from offers.ranking import FEATURES, comfort_points

# How many segments each slice of a trip has.
Shape = tuple[int, ...]
_Where = tuple[int | None, int | None]  # slice, segment


class Pack:
    """A bundle in one currency. Sums in minor units for one traveller: of what is needed per segment, slice, trip."""

    def __init__(self, package: Package, currency: str) -> None:
        self.package = package
        self.currency = currency
        conditions = package.conditions
        self.comfort = comfort_points(
            package.contents, refundable=conditions.refundable, changeable=conditions.changeable
        )
        self.per_segment, self.per_slice, self.per_trip = (
            sum(extra.price.unit.minor * extra.quantity for extra in package.extras if extra.applies_to == where)
            for where in ("segment", "journey", "passenger")
        )
        self.limited = tuple((extra.product_id, extra.quantity) for extra in package.extras if extra.limited)
        self.code = quoted(package.code)
        self.head = f'"bundle":{self.code},"bundle_name":{quoted(package.name)}'
        self.conditions = (
            f'{{"refundable":{quoted(conditions.refundable)},'
            f'"refund_penalty":{price(conditions.refund_penalty_minor, currency)},'
            f'"changeable":{quoted(conditions.changeable)},'
            f'"change_penalty":{price(conditions.change_penalty_minor, currency)}}}'
        )
        self.items = lru_cache(256)(self._items)

    def extras_minor(self, *, segments: int, slices: int, seated: int) -> int:
        """What the extras cost on a trip for so many travellers."""
        return seated * (self.per_segment * segments + self.per_slice * slices + self.per_trip)

    def _items(self, shape: Shape, seated: int) -> str:
        """The extras as the API shows them, each led by a comma."""
        return "".join(
            f",{_item(extra, where, seated * extra.quantity, self.currency)}"
            for extra in self.package.extras
            for where in _places(extra, shape)
        )


@dataclass(frozen=True, slots=True)
class Part:
    """The extras of a bundle as a document has them: `text` awaits the ids of these inventories.

    `limited`: product and position of the segment.
    """

    text: str
    limited: tuple[tuple[str, int], ...]


class Layout:
    """How a document begins that shows offers of certain bundles: bundles, names and goods, and where each stands."""

    def __init__(self, packs: Sequence[Pack]) -> None:
        names: dict[tuple[str, ...], int] = {FEATURES: 0}
        goods: list[str] = []
        self._first: list[int] = []
        self._packs = packs
        self._places = {pack.package.code: place for place, pack in enumerate(packs)}
        self.currency = packs[0].currency
        for pack in packs:
            self._first.append(len(goods))
            goods += [_good(extra, names) for extra in pack.package.extras]
        self.bundles = listed(_bundle(pack.package) for pack in packs)
        self.names = {quoted(labels): place for labels, place in names.items()}
        self.goods = goods
        self.part = lru_cache(1024)(self._part)

    def place(self, pack: Pack) -> int:
        """Where a bundle stands."""
        return self._places[pack.package.code]

    def _part(self, bundle: int, shape: Shape, seated: int) -> Part:
        """What the bundle at this place brings on a trip of this shape."""
        lines, limited = [], []
        for good, extra in enumerate(self._packs[bundle].package.extras, start=self._first[bundle]):
            for slice, segment in _places(extra, shape):
                lines.append(_line(good, extra, (slice, segment), seated))
                if extra.limited and segment is not None:
                    limited.append((extra.product_id, segment))
        return Part(listed(lines), tuple(limited))


def _places(extra: Extra, shape: Shape) -> Iterator[_Where]:
    """Where an extra is needed, as `offers.bundles` has it."""
    if extra.applies_to == "journey":
        yield from ((number, None) for number in range(len(shape)))
    elif extra.applies_to == "passenger":
        yield None, None
    else:
        owners = [number for number, count in enumerate(shape) for _ in range(count)]
        yield from ((number, position) for position, number in enumerate(owners))


def _item(extra: Extra, where: _Where, wanted: int, currency: str) -> str:
    slice, segment = where
    unit = extra.price.unit.minor
    lines = [{"label": part.label, "amount": amount(part.amount.minor, currency)} for part in extra.price.components]
    return (
        f'{{"product_id":{quoted(extra.product_id)},"type":{quoted(extra.type)},"name":{quoted(extra.name)},'
        f'"quantity":{wanted},"unit_price":{price(unit, currency)},"total":{price(unit * wanted, currency)},'
        f'"price_explanation":{quoted(lines)},"slice":{quoted(slice)},"segment":{quoted(segment)},'
        f'"passenger_type":null}}'
    )


def _bundle(package: Package) -> str:
    terms = package.conditions
    penalties = (terms.refundable, terms.refund_penalty_minor, terms.changeable, terms.change_penalty_minor)
    return quoted((package.code, package.name, *penalties))


def _good(extra: Extra, names: dict[tuple[str, ...], int]) -> str:
    components = extra.price.components
    place = names.setdefault(tuple(part.label for part in components), len(names))
    amounts = [part.amount.minor for part in components]
    return quoted((extra.product_id, extra.type, extra.name, extra.price.unit.minor, place, amounts))


def _line(good: int, extra: Extra, where: _Where, seated: int) -> str:
    """One item; `%s` stands for the id of the inventory."""
    slice, segment = where
    wanted = seated * extra.quantity
    if extra.limited:
        return f"[{good},{wanted},{slice},{segment},null,%s,{wanted}]"
    cut = [value for value in (slice, segment) if value is not None]
    return f"[{','.join(map(str, (good, wanted, *cut)))}]"
