"""Writes a CycloneDX 1.6 software bill of materials of what deploy/locks/main.txt installs: `sbom.py [FILE]`.

The same lock gives the same bytes: no serial number, and no time unless SOURCE_DATE_EPOCH sets one. No network is used;
licences come from the metadata of the installed packages.
"""

import json
import os
import re
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import Distribution, PackageMetadata, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.spdx import is_supported_id
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "deploy" / "locks" / "main.txt"
Json = dict[str, Any]
_ENTRY = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)(.*?)(?=^\S|\Z)", re.DOTALL | re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_LONGEST_NAME = 60  # of a licence; beyond it the field holds the whole text


def entries(lock: str) -> Iterator[tuple[str, str, list[str]]]:
    """Name, version and SHA-256 sums of each entry of a lock file's text."""
    for name, version, rest in _ENTRY.findall(lock):
        yield canonicalize_name(name), version, _HASH.findall(rest)


def document(lock: str, pyproject: Json, *, epoch: str = "") -> Json:
    """The bill of materials; `pyproject` is the parsed pyproject.toml, `epoch` the seconds of SOURCE_DATE_EPOCH."""
    project, found = pyproject["project"], list(entries(lock))
    purls = {name: f"pkg:pypi/{name}@{version}" for name, version, _ in found}
    own: Json = {
        "type": "application",
        "bom-ref": str(project["name"]),
        "name": project["name"],
        "version": project["version"],
        "description": project["description"],
        "licenses": [{"license": {"id": project["license"]}}],
    }
    metadata: Json = {"component": own}
    if epoch:
        metadata["timestamp"] = datetime.fromtimestamp(int(epoch), UTC).isoformat()
    asked = [*project["dependencies"], *pyproject["dependency-groups"]["local"]]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": metadata,
        "components": [_component(name, version, sums, purls[name]) for name, version, sums in found],
        "dependencies": _graph(asked, purls, own["bom-ref"]),
    }


def _component(name: str, version: str, sums: list[str], purl: str) -> Json:
    files = {
        "type": "distribution",
        "url": purl,  # a package, not a host: the lock names none
        "comment": "every file of this release that the lock allows",
        "hashes": [{"alg": "SHA-256", "content": each} for each in sums],
    }
    described: Json = {"type": "library", "bom-ref": purl, "name": name, "version": version}
    installed = _installed(name)
    if installed and (licences := _licences(installed.metadata)):
        described["licenses"] = licences
    return {**described, "purl": purl, "externalReferences": [files]}


@cache
def _installed(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def _licences(metadata: PackageMetadata) -> list[Json]:
    """What a package declares: an SPDX expression, else its classifiers, else its short text."""
    for text in (_field(metadata, "License-Expression"), _field(metadata, "License")):
        if is_supported_id(text):
            return [{"license": {"id": text}}]
        if all(is_supported_id(part) for part in re.split(r" (?:AND|OR) ", text)):
            return [{"expression": text}]
    classifiers = [line for line in metadata.get_all("Classifier") or [] if line.startswith("License :: ")]
    names = [line.rpartition(" :: ")[2] for line in classifiers]
    text = _field(metadata, "License")
    if not names and text and len(text) <= _LONGEST_NAME:
        names = [text]
    return [{"license": {"name": name}} for name in names]


def _field(metadata: PackageMetadata, name: str) -> str:
    return str((metadata.get_all(name) or [""])[0]).strip()


def _graph(asked: list[str], purls: dict[str, str], root: str) -> list[Json]:
    """Who needs whom, extras included; `asked` are the requirements of the root."""
    wanted = {name: _requirements(name) for name in purls}
    direct = [Requirement(line) for line in asked]
    extras: dict[str, set[str]] = {name: {""} for name in purls}
    for one in [*direct, *(each for them in wanted.values() for each in them)]:
        extras.get(canonicalize_name(one.name), set()).update(one.extras)
    graph = [{"ref": root, "dependsOn": _purls_of(direct, {""}, purls)}]
    return graph + [{"ref": purls[name], "dependsOn": _purls_of(wanted[name], extras[name], purls)} for name in purls]


def _requirements(name: str) -> list[Requirement]:
    found = _installed(name)
    return [Requirement(line) for line in (found.requires if found else None) or []]


def _purls_of(wanted: list[Requirement], extras: set[str], purls: dict[str, str]) -> list[str]:
    """Those that the lock holds; it is resolved for the oldest Python that we take, not for this one."""
    oldest = {"python_version": "3.11", "python_full_version": "3.11.0"}
    names = {
        canonicalize_name(one.name)
        for one in wanted
        if not one.marker or any(one.marker.evaluate({**oldest, "extra": extra}) for extra in extras)
    }
    return sorted(purls[name] for name in names if name in purls)


def main(arguments: list[str]) -> int:
    """Write the document to the given file or to stdout; 1 when it breaks the schema."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    made = document(LOCK.read_text(encoding="utf-8"), pyproject, epoch=os.environ.get("SOURCE_DATE_EPOCH", ""))
    text = json.dumps(made, indent=2) + "\n"
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if fault:
        sys.stderr.write(f"the document breaks the CycloneDX 1.6 schema: {fault}\n")
        return 1
    if not arguments or arguments[0] == "-":
        sys.stdout.write(text)
        return 0
    target = Path(arguments[0])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    sys.stderr.write(f"{len(made['components'])} packages in {target}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
