"""The demonstration: from a folder to a page that can be logged in to, skipping what is done."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from serving.app import now
from serving.records.identity import Identity, Role
from serving.records.journal import Journal
from serving.records.store import open_store
from serving.settings import Settings
from serving.terminal import commands, service
from serving.terminal.commands import say

DEBTORS = 2000
STYLE = "ward"


def run_demo(settings: Settings, folder: Path | None) -> None:
    """Check, train, register, make users and serve; a second run skips what is done."""
    service.require_free(settings)  # before the long work, not after it
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = folder or demo_town(settings)
    say("[1/4] データを確認しています…")
    commands.check_folder(settings, place)
    say("[2/4] 学習しています(同じデータとモデルがあれば省きます)…")
    version = commands.train_folder(settings, place, only_if_new=True)
    say(f"      モデル {version}")
    say("[3/4] 利用者を用意しています…")
    name, password = demo_login(settings, demo_officer(place))
    say("[4/4] 画面を用意しています…")
    say(f"      URL       http://{settings.host}:{settings.port}")
    say(f"      ログイン  {name} / {password} (他の役割は {users_file(settings)} )")
    service.serve_folder(settings, place)


def demo_town(settings: Settings) -> Path:
    """Return the made-up town in the home, made when it is not there."""
    place = settings.home / "town"
    if not (place / "municipality.json").exists():
        commands.write_town(settings, place, debtors=DEBTORS, seed=0, style=STYLE)
    return place


def users_file(settings: Settings) -> Path:
    """Return the file that keeps the demonstration's passwords."""
    return settings.home / "demo-users.txt"


def demo_officer(place: Path) -> str:
    """Return the staff_id of somebody in post, whom the demonstration's officer plays ("": nobody is)."""
    from features.officers import officers_on  # noqa: PLC0415

    present = officers_on(commands.read(place).ledger)
    return min(present.loc[present["present"] == 1, "staff_id"], default="")


def demo_login(settings: Settings, staff_id: str = "") -> tuple[str, str]:
    """Make one user for each role, once, and return the officer's name and password.

    The officer is ``staff_id`` of the records.
    """
    file = users_file(settings)
    if not file.exists():
        _write_private(file, "".join(f"{role} {secrets.token_urlsafe(12)}\n" for role in Role))
    told = dict(line.split() for line in file.read_text(encoding="utf-8").splitlines())
    engine = open_store(settings.records_url)
    try:
        identity = Identity(engine, Journal(engine, now), now, settings)
        for role in Role:
            if not identity.has_user(role.value):
                own = staff_id if role is Role.OFFICER else ""
                identity.add_user(role.value, told[role.value], role, own)
    finally:
        engine.dispose()
    return Role.OFFICER.value, told[Role.OFFICER.value]


def _write_private(file: Path, text: str) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as opened:
        opened.write(text)
