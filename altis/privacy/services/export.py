"""Everything that is kept about a person (GDPR, article 15)."""

from typing import Any

import structlog

from altis.privacy.keepers import keepers
from altis.privacy.services.erase import UnknownPerson
from altis.shared.clock import iso
from altis.store.database import command, db_clock

log = structlog.get_logger(__name__)
FORMAT = "altis.person/1"


def export_person(*, person: str) -> dict[str, Any]:
    """One JSON object of the shape that docs/privacy.md describes; raises UnknownPerson.

    Taken under the locks of an erasure, so that nobody is told half of what is being forgotten.
    """
    with command():
        if not any([keeper.lock(person) for keeper in keepers()]):
            raise UnknownPerson(person)
        sections = {keeper.name: keeper.export(person) for keeper in keepers()}
        exported_at = iso(db_clock())
    log.info("person exported", person=person)
    return {"format": FORMAT, "person": person, "exported_at": exported_at, **sections}
