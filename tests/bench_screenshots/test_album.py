"""The guide has a picture below each mark whose files there are, and keeps its words."""

from pathlib import Path

from bench.screenshots.album import paste

_MARKS = ("<!-- picture: orders, Orders -->", "<!-- picture: gone, Nothing -->")
_GUIDE = f"# Guide\n\nWords.\n\n{_MARKS[0]}\n\nMore words.\n\n{_MARKS[1]}\nold line\n"


def test_pictures_that_exist_are_shown_and_others_are_not(tmp_path: Path) -> None:
    folder, guide = tmp_path / "images", tmp_path / "guide.md"
    folder.mkdir()
    for look in ("1280-light", "1280-dark", "768-light", "768-dark"):
        (folder / f"orders-{look}.png").touch()
    guide.write_text(_GUIDE)

    assert [paste(guide, folder), paste(guide, folder)] == [1, 1]

    text = guide.read_text()
    assert text.count("images/orders-") == 4
    assert "![Orders](images/orders-1280-light.png)" in text
    assert "More words." in text
    assert "old line" not in text
    assert "images/gone" not in text
