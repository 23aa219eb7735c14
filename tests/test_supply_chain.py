"""What Altis is made of: each part pinned and hashed, with a reason and a licence."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy import sbom

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("main", "dev")


def _lock(name: str) -> str:
    return (ROOT / "deploy" / "locks" / f"{name}.txt").read_text(encoding="utf-8")


def _pins(name: str) -> dict[str, list[str]]:
    """`name==version` and its sums, read line by line."""
    pins: dict[str, list[str]] = {}
    for line in _lock(name).splitlines():
        pinned = re.fullmatch(r"([a-z0-9-]+==\S+)(?: ; .+)? \\", line)
        if pinned:
            pins[pinned[1]] = []
            continue
        summed = re.fullmatch(r"    --hash=sha256:([0-9a-f]{64})(?: \\)?", line)
        assert summed, f"neither a pin nor a sum: {line!r}"
        list(pins.values())[-1].append(summed[1])
    return pins


@pytest.mark.parametrize("name", LOCKS)
def test_every_entry_of_a_lock_is_exact_and_hashed(name: str) -> None:
    pins = _pins(name)

    assert len(pins) > 50
    assert [pin for pin, sums in pins.items() if not sums] == []


def test_the_locks_agree_and_hold_what_is_asked_for() -> None:
    main, dev = _pins("main"), _pins("dev")
    versions = dict(pin.split("==") for pin in dev)
    groups = PYPROJECT["dependency-groups"]
    asked = [Requirement(line) for line in (*PYPROJECT["project"]["dependencies"], *groups["local"], *groups["dev"])]

    assert main.items() <= dev.items()
    unmet = [str(one) for one in asked if not one.specifier.contains(versions[canonicalize_name(one.name)])]
    assert unmet == []


def test_every_dependency_has_a_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = [line for line in text[: text.index("[tool.")].splitlines() if re.match(r'  "[a-z]', line)]

    assert len(listed) > 50
    assert [line for line in listed if not re.search(r'",\s*# .{5,}', line)] == []


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    return sbom.document(_lock("main"), PYPROJECT)


def test_the_bill_of_materials_lists_every_pin_with_its_sums(tmp_path: Path) -> None:
    target = tmp_path / "build" / "sbom.cdx.json"

    assert sbom.main([str(target)]) == 0  # by the schema's own judgement

    written = json.loads(target.read_text(encoding="utf-8"))
    listed = {
        f"{one['name']}=={one['version']}": [each["content"] for each in one["externalReferences"][0]["hashes"]]
        for one in written["components"]
    }
    assert listed == _pins("main")
    assert (written["specVersion"], written["metadata"]["component"]["name"]) == ("1.6", "altis-engine")


def test_the_bill_of_materials_is_the_same_each_time_and_knows_every_licence(made: Any) -> None:
    again, dated = (sbom.document(_lock("main"), PYPROJECT, epoch=epoch) for epoch in ("", "1764547200"))

    assert (made == again, "timestamp" in made["metadata"], "serialNumber" in made) == (True, False, False)
    assert dated["metadata"].pop("timestamp") == "2025-12-01T00:00:00+00:00"
    assert dated == made
    assert [one["name"] for one in made["components"] if not one.get("licenses")] == []
    assert "://" not in json.dumps(made["components"])


def test_whatever_is_installed_is_reached_from_the_product(made: Any) -> None:
    needs = {one["ref"]: one["dependsOn"] for one in made["dependencies"]}
    reached, ahead = set(), ["altis-engine"]
    while ahead:
        reached.add(ref := ahead.pop())
        ahead += [other for other in needs[ref] if other not in reached]

    assert set(needs) - reached == set()
