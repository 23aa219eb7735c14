"""The guide has a place for every page of the gallery, and its pictures are light enough for a repository."""

import re

from altis.devstack.config import PROJECT
from bench.screenshots.browser import LOOKS
from bench.screenshots.gallery import SHOTS

_GUIDE = (PROJECT / "docs" / "back-office.md").read_text()
_FOLDER = PROJECT / "docs" / "images" / "back-office"
_MOST_BYTES = 6_000_000


def test_the_guide_has_a_place_for_every_page_of_the_gallery() -> None:
    assert sorted(re.findall(r"<!-- picture: ([a-z-]+), ", _GUIDE)) == sorted(shot.name for shot in SHOTS)


def test_the_guide_shows_exactly_the_pictures_that_there_are_and_all_of_them_are_small() -> None:
    whole = {f"{shot.name}-{look.width}-{look.theme}.png" for shot in SHOTS for look in LOOKS}

    found = {file.name: file.stat().st_size for file in _FOLDER.glob("*.png")}

    assert set(found) in (set(), whole)  # one run of `make screenshots` takes all of them
    assert set(re.findall(r"\(images/back-office/([^)]+)\)", _GUIDE)) == set(found)
    assert sum(found.values()) < _MOST_BYTES
