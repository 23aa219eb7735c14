"""`make screenshots`: starts a stack, looks at every main page, and puts their pictures into docs/back-office.md."""

import argparse
import sys
from pathlib import Path

from altis.devstack.config import PROJECT
from altis.devstack.log import say
from bench.screenshots.album import paste
from bench.screenshots.browser import NoChromium, chromium, find_chromium
from bench.screenshots.gallery import SHOTS
from bench.screenshots.month import invent
from bench.screenshots.shots import take
from bench.screenshots.sound import Unsound
from bench.screenshots.stack import Stack, StackDown

_FOLDER = PROJECT / "docs" / "images" / "back-office"
_GUIDE = PROJECT / "docs" / "back-office.md"


def main() -> int:
    """0 when all pictures were taken, and every page was sound."""
    parser = argparse.ArgumentParser(prog="make screenshots", description=__doc__)
    parser.add_argument("--out", type=Path, default=_FOLDER)
    parser.add_argument("--only", nargs="+", default=[], choices=[shot.name for shot in SHOTS], metavar="NAME")
    asked = parser.parse_args()
    folder: Path = asked.out
    shots = [shot for shot in SHOTS if shot.name in asked.only or not asked.only]
    try:
        find_chromium()
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.png") if not asked.only else ():
            old.unlink()
        with Stack() as stack, chromium() as browser:
            invent(stack)
            files = list(take(browser, stack, folder, shots))
    except (NoChromium, StackDown, Unsound) as problem:
        say("pictures", f"error: {problem}")
        return 1
    if folder == _FOLDER:
        paste(_GUIDE, folder)
    size = sum(file.stat().st_size for file in files) / 1e6
    say("pictures", f"{len(files)} in {folder}, {size:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
