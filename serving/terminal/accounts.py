"""Accounts: what ``tegakari user add`` does."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from serving.problems import Problem
from serving.records.identity import SHORTEST_PASSWORD, Identity, Role, require_name
from serving.settings import Settings
from serving.terminal.commands import say
from serving.terminal.places import holds_records
from serving.terminal.staff_list import staff_number

PROMPT = f"パスワード({SHORTEST_PASSWORD}文字以上) / password ({SHORTEST_PASSWORD} characters or more): "
AGAIN = "もう一度 / once more: "


def add_user(
    settings: Settings,
    name: str,
    role: str,
    password: Callable[[], str],
    staff_id: str = "",
    *,
    folder: Path | None = None,
) -> None:
    """Create an account; its staff number has to be in the records of ``folder`` or those served last.

    ``password`` is asked for once everything else has been found good.
    """
    if role not in set(Role):
        raise Problem(f"役割「{role}」はありません。", f"次から選んでください: {'、'.join(Role)}", "role")
    require_name(name)
    number, unasked = staff_number(settings, folder, role, staff_id)
    if holds_records(settings):  # where there are none, none are made before the password is there
        with _identity(settings) as identity:
            identity.require_free(name)
    secret = password()
    with _identity(settings) as identity:
        identity.add_user(name, secret, Role(role), number)
    say(" ".join(("利用者を加えました。", unasked)).strip())


@contextmanager
def _identity(settings: Settings) -> Iterator[Identity]:
    from serving.app import now  # noqa: PLC0415
    from serving.records.journal import Journal  # noqa: PLC0415
    from serving.records.store import open_store  # noqa: PLC0415

    engine = open_store(settings.records_url)
    try:
        yield Identity(engine, Journal(engine, now), now, settings)
    finally:
        engine.dispose()


def ask_password() -> str:
    """Return a password that was typed twice alike, unseen; what is piped in is read line by line."""
    while True:
        first, again = _typed(PROMPT), _typed(AGAIN)
        if first == again:
            return first
        print("二つの入力が一致しません。もう一度入力してください。 / The two do not match.", file=sys.stderr)


def _typed(prompt: str) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    line = sys.stdin.readline()
    if not line:
        raise Problem("パスワードが入力されていません。", "端末で実行して入力してください。", "password")
    return line.rstrip("\r\n")
