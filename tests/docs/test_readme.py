"""The commands of the README buy a trip, typed as they stand."""

import subprocess
from datetime import timedelta
from typing import Any

import orjson
import pytest

from altis.shared.clock import now
from tests.docs.pages import fences
from tests.offers.market import fly, make_bundles
from tests.payments.simulators import Simulator


@pytest.mark.django_db(transaction=True)
def test_the_commands_buy_a_trip(live_server: Any, gateway: Simulator) -> None:
    make_bundles()
    fly(day=(now() + timedelta(days=30)).date())
    [commands] = [block for block in fences("README.md", "sh") if "/pay" in block]

    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands.replace("http://localhost:8080", live_server.url)],
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr.decode()
    order = orjson.loads(done.stdout)
    assert order["status"] == "FULFILLED"
    assert [each["type"] for each in order["documents"]].count("boarding_document") == 1
