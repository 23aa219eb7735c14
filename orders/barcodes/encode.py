"""BoardingPass → BCBP text. Conditional sections are as short as their last filled field allows."""

from collections.abc import Sequence

from orders.barcodes.fields import (
    AIRLINE_USE,
    HEAD,
    LEG,
    MAX_LEGS,
    MAX_SECTION,
    ONCE,
    REPEATED,
    SECURITY_DATA,
    SECURITY_MARK,
    SECURITY_TYPE,
    VERSION,
    VERSION_MARK,
    BoardingPass,
    Details,
    Field,
    Leg,
    Security,
    Unencodable,
)


def encode(boarding_pass: BoardingPass) -> str:
    """The barcode's text: 23 characters, then 37 a leg and what is conditional. Raises `Unencodable`.

    Layout: IATA Resolution 792, format M. A field that is refused here would be refused by `decode` too.
    """
    legs = boarding_pass.legs
    if not 1 <= len(legs) <= MAX_LEGS:
        raise Unencodable(f"a barcode holds 1 to {MAX_LEGS} legs, not {len(legs)}")
    parts = [f"M{len(legs)}", _fixed(boarding_pass, HEAD)]
    for number, leg in enumerate(legs):
        section = _leg_section(leg, first=number == 0, details=boarding_pass.details)
        parts += [_fixed(leg, LEG), _sized(section)]
    if boarding_pass.security is not None:
        parts.append(_security(boarding_pass.security))
    return "".join(parts)


def _leg_section(leg: Leg, *, first: bool, details: Details | None) -> str:
    repeated = _trimmed(leg, REPEATED)
    use = _value(leg, AIRLINE_USE)
    own = _sized(repeated) + use if repeated or use else ""
    if not first:
        return own
    if details is None:
        if own:
            raise Unencodable("the first leg's conditional fields need the details that stand before them")
        return ""
    once = VERSION_MARK + _value(details, VERSION) + _sized(_trimmed(details, ONCE))
    # Readers look for the size of the repeated fields even where there are none.
    return once + (own or "00")


def _security(security: Security) -> str:
    data = _value(security, SECURITY_DATA)
    return SECURITY_MARK + _value(security, SECURITY_TYPE) + _sized(data)


def _fixed(source: object, fields: Sequence[Field]) -> str:
    return "".join(_value(source, field).ljust(field.width) for field in fields)


def _trimmed(source: object, fields: Sequence[Field]) -> str:
    """The fields up to the last one that is not blank, each at its full width."""
    filled = [index for index, field in enumerate(fields) if getattr(source, field.name)]
    return _fixed(source, fields[: filled[-1] + 1]) if filled else ""


def _value(source: object, field: Field) -> str:
    value: str = getattr(source, field.name)
    if not field.accepts(value):
        raise Unencodable(f"{field.name} does not fit its field")
    return value


def _sized(section: str) -> str:
    if len(section) > MAX_SECTION:
        raise Unencodable(f"a section holds {MAX_SECTION} characters, not {len(section)}")
    return f"{len(section):02X}{section}"
