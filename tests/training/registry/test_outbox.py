from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from training.copies import digest_of
from training.metrics import Figure
from training.record import Part, TrainingRecord
from training.registry.outbox import Outbox
from training.registry.parcel import Parcel
from training.registry.registry import Registry
from training.registry.store import RegistryProblem, default_uri

Record = Callable[..., TrainingRecord]


def runs_at(registry: Registry) -> list[tuple[str, str]]:
    with registry.store.calm():
        found = registry.store.client().search_runs(
            [registry.store.experiment()], order_by=["attributes.start_time ASC"]
        )
        return [(str(run.info.run_name), str(run.info.status)) for run in found]


def test_where_the_homes_own_store_fails_nothing_is_kept_aside(
    tmp_path: Path, record: Record, bundle: Path
) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "mlflow.db").write_bytes(b"not a database at all" * 100)
    outbox = Outbox(Registry(default_uri(tmp_path / "home"), tmp_path / "home"))
    with pytest.raises(RegistryProblem, match="利用できません"):
        outbox.take(Parcel("train", record(), bundle=bundle))
    assert outbox.waiting() == []


@pytest.mark.slow
def test_what_a_killed_server_did_not_take_waits_and_is_sent_once(
    starter: Callable[..., object],
    tmp_path: Path,
    record: Record,
    bundle: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "server"

    def command(port: int) -> list[str]:
        return [
            sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port),
            "--workers", "1", "--backend-store-uri", f"sqlite:///{folder}/server.db",
            "--artifacts-destination", str(folder / "artifacts"),
        ]  # fmt: skip

    server = starter(command, folder, "/health")
    registry = Registry(server.url, tmp_path / "home")  # type: ignore[attr-defined]
    first = registry.log_training(record(rounds=1), bundle)
    registry.set_champion(first)
    copy = registry.fetch_champion()

    (bundle / "bundle.json").write_text('{"second": true}', encoding="utf-8")
    nested = replace(record(rounds=2), parts=(Part("fold-1", {"hit_at_5": Figure(0.5)}),))
    write = registry.store.write

    def write_then_die(*arguments: object) -> None:
        write(*arguments)  # type: ignore[arg-type]
        server.kill()  # type: ignore[attr-defined]

    monkeypatch.setattr(registry.store, "write", write_then_die)
    outbox = Outbox(registry)
    assert outbox.take(Parcel("train", nested, bundle=bundle)) is None
    assert not outbox.file(Parcel("backtest", record(share=1)))
    assert [each.name for each in outbox.waiting()] == ["train", "backtest"]
    assert registry.fetch_champion() == copy
    with pytest.raises(RegistryProblem, match="利用できません"):
        outbox.send(outbox.waiting()[0])

    monkeypatch.undo()
    server.start()  # type: ignore[attr-defined]
    waiting = outbox.waiting()
    sent = [outbox.send(each) for each in waiting]
    assert [each.name for each in sent] == ["train", "backtest"]
    assert sent[0].version is not None
    assert (sent[0].version.number, sent[0].version.digest) == (2, digest_of(bundle))
    assert outbox.waiting() == []
    again = [outbox.send(each) for each in waiting]
    assert [(each.run_id, each.version) for each in again] == [(each.run_id, each.version) for each in sent]
    assert runs_at(registry) == [
        ("train", "FINISHED"),
        ("train", "FINISHED"),
        ("fold-1", "FINISHED"),
        ("backtest", "FINISHED"),
    ]
    registry.set_champion(sent[0].version)
    assert digest_of(registry.fetch_champion()) == digest_of(bundle)
    with registry.store.calm():
        run = registry.store.client().get_run(sent[0].run_id)
    assert run.data.params == {"rounds": "2"}
    assert run.data.tags["direction.inquiries"] == "lower"
    assert "tegakari.pending" not in run.data.tags
