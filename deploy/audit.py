"""Asks for known vulnerabilities of what deploy/locks/main.txt installs: `audit.py [pip-audit's own options]`.

Ends with 0 when every package was looked up and nothing is known, 1 on findings, 2 when it cannot be told. pip-audit
alone ends with 1 for a lost connection as for a finding, and with 0 when its data source knows none of the packages.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

CLEAN, FOUND, UNKNOWN = 0, 1, 2
LOCK = Path(__file__).resolve().parent / "locks" / "main.txt"
_OPTIONS = ("--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json")


def judge(report: str) -> tuple[int, list[str]]:
    """The exit code and the lines to show, of pip-audit's JSON; an empty or broken report can tell nothing."""
    try:
        packages: list[Any] = json.loads(report)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return UNKNOWN, ["the vulnerability data could not be reached: nothing was audited"]
    unknown = [package["name"] for package in packages if "skip_reason" in package]
    found = [
        f"{package['name']} {package['version']}: {flaw['id']}, fixed in {', '.join(flaw['fix_versions']) or 'nothing'}"
        for package in packages
        for flaw in package.get("vulns", ())
    ]
    lines = [*found, f"{len(packages) - len(unknown)} of {len(packages)} packages audited, {len(found)} findings"]
    if unknown or not packages:
        every = len(unknown) == len(packages)
        lines.append(f"the data source knows nothing of {'any package' if every else ', '.join(unknown)}")
    if found:
        return FOUND, lines
    return (UNKNOWN if unknown or not packages else CLEAN), lines


def main(arguments: list[str], *, lock: Path = LOCK) -> int:
    """Run pip-audit over the lock and judge its report."""
    command = [sys.executable, "-m", "pip_audit", "-r", str(lock), *_OPTIONS, *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    code, lines = judge(ran.stdout)
    if code == UNKNOWN and not ran.stdout and ran.stderr.strip():
        lines.append(ran.stderr.strip().splitlines()[-1])
    sys.stderr.write("".join(f"audit: {line}\n" for line in lines))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
