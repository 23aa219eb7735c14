"""`python -m bench.rekey`: wrap 100,000 data keys anew under load, and count the reads that fail.

Starts servers of its own, and ends them. Exit code 0 only when every read gave the right key and no row was left.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from altis.devstack.config import ServerSettings
from altis.devstack.keys import fresh_secrets
from altis.devstack.stack import Services
from altis.devstack.state import StateFolder, temporary_root

# Settings are read when Django starts, so it starts in a process that has the servers' URLs from its beginning.
_MEASURE = "import sys, django; django.setup(); from bench.rekey.load import measure; sys.exit(measure({}, {}))"


def main() -> int:
    """Start, measure, stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--readers", type=int, default=4)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="altis-rekey-", dir=temporary_root()))
    folder.chmod(0o711)  # the servers' account passes through
    services = Services(StateFolder(folder), ServerSettings())
    try:
        services.take(0)
        environ = {**os.environ, **services.start(), **fresh_secrets()}
        environ |= {"ALTIS_ENV": "test", "ALTIS_LOG_LEVEL": "WARNING", "DJANGO_SETTINGS_MODULE": "altis.settings"}
        program = _MEASURE.format(given.rows, given.readers)
        return subprocess.run([sys.executable, "-c", program], env=environ, check=False).returncode
    finally:
        services.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
