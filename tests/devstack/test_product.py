"""The product's processes: what they share."""

from pathlib import Path

from altis.devstack.config import Config
from altis.devstack.product import Product


def test_every_process_keeps_its_metrics_in_one_folder_that_a_new_stack_finds_empty(tmp_path: Path) -> None:
    folder = tmp_path / "metrics"
    folder.mkdir()
    (folder / "counter_1.db").write_bytes(b"of a stack that is gone")

    product = Product(Config(state_dir=tmp_path), tmp_path, {}, "a-run")

    assert list(folder.iterdir()) == []
    (folder / "counter_2.db").write_bytes(b"of a process that died in this stack")
    commands = [plan.command() for plan in product.plans()]
    assert {command.env["PROMETHEUS_MULTIPROC_DIR"] for command in commands} == {str(folder)}
    assert [path.name for path in folder.iterdir()] == ["counter_2.db"]
