"""docker-compose.yml is what the compose specification calls valid."""

import subprocess
import sys

from altis.devstack.config import PROJECT


def test_compose_file_is_valid() -> None:
    words = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"]

    done = subprocess.run(words, cwd=PROJECT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
