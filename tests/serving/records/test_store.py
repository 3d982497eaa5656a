from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect

from serving.problems import Problem
from serving.records.store import METADATA, migrate, open_store


def test_migrations_go_up_down_and_up_again() -> None:
    engine = create_engine("sqlite://")
    migrate(engine)
    assert set(METADATA.tables) <= set(inspect(engine).get_table_names())
    migrate(engine, "base")
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}
    migrate(engine)
    engine.dispose()


def test_migrations_lead_to_the_tables_of_the_code(tmp_path: Path) -> None:
    engine = open_store(f"sqlite:///{tmp_path / 'new' / 'tegakari.db'}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()


@pytest.mark.parametrize("url", ["nonsense", "sqlite:////proc/none/tegakari.db", "nodriver://u:secret@h/db"])
def test_a_store_that_cannot_be_opened_is_one_sentence_without_the_url(url: str) -> None:
    with pytest.raises(Problem, match="データベースを開けません") as caught:
        open_store(url)
    assert "secret" not in str(caught.value)
