"""Finding a person's id by what they say of themselves."""

from altis.privacy.keepers import keepers
from altis.privacy.services.erase import UnknownPerson


def find_person(*, email: str) -> str:
    """The id of the person with this e-mail address; raises UnknownPerson."""
    for keeper in keepers():
        if found := keeper.find(email):
            return found
    raise UnknownPerson
