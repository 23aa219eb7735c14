"""The pictures in the guide: below each mark of the document, as many as there are files."""

import re
from pathlib import Path

_MARK = re.compile(r"^(<!-- picture: ([a-z-]+), (.+) -->\n)(?:.+\n)*", re.MULTILINE)
_OTHERS = (("dark", "1280-dark"), ("tablet", "768-light"), ("tablet, dark", "768-dark"))


def paste(document: Path, folder: Path) -> int:
    """Write the links below every `<!-- picture: name, what it shows -->` anew; how many pages have pictures."""
    place = folder.relative_to(document.parent).as_posix()
    found: list[str] = []

    def lines(match: re.Match[str]) -> str:
        mark, name, words = match.groups()
        if not all((folder / f"{name}-{look}.png").exists() for look in ("1280-light", *(look for _, look in _OTHERS))):
            return mark
        found.append(name)
        links = " ·\n".join(f"[{text}]({place}/{name}-{look}.png)" for text, look in _OTHERS)
        return f"{mark}![{words}]({place}/{name}-1280-light.png)\n{links}\n"

    document.write_text(_MARK.sub(lines, document.read_text()))
    return len(found)
