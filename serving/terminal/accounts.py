"""Accounts: what the commands ``tegakari user`` do."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from serving.problems import Problem
from serving.records.account_list import AccountList
from serving.records.entry import Clock
from serving.records.identity import SHORTEST_PASSWORD, Identity, Role, require_name
from serving.records.journal import Journal
from serving.records.store import open_store
from serving.settings import Settings
from serving.terminal.commands import say
from serving.terminal.places import holds_records
from serving.terminal.staff_list import staff_number
from serving.wording import wording

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


def list_users(settings: Settings) -> None:
    """Print every account, one a line with tabs between: name, role, staff number, open or closed."""
    words = wording("ja")
    say("利用者名\t役割\t職員番号\t状態")
    with _accounts(settings) as accounts:
        for each in accounts.all():
            role, state = words.term("role", each.role), "停止" if each.closed else "利用中"
            say(f"{each.name}\t{each.role}({role})\t{each.staff_id or '―'}\t{state}")


def close_user(settings: Settings, name: str) -> None:
    """Close an account; what it was logged in to ends with the next request."""
    with _accounts(settings) as accounts:
        accounts.close(name)
    say("利用者を停止しました。ログインも終わらせました。")


def reopen_user(settings: Settings, name: str) -> None:
    """Open a closed account again."""
    with _accounts(settings) as accounts:
        accounts.reopen(name)
    say("利用者を再開しました。パスワードは停止前のままです(変更は tegakari user password)。")


def set_password(settings: Settings, name: str, password: Callable[[], str]) -> None:
    """Give an account another password, asked for once the name was found."""
    with _accounts(settings) as accounts:
        accounts.require(name)
        secret = password()
        accounts.set_password(name, secret)
    say("パスワードを変更しました。それまでのログインは終わらせました。")


@contextmanager
def _identity(settings: Settings) -> Iterator[Identity]:
    with _journal(settings) as (engine, journal, now):
        yield Identity(engine, journal, now, settings)


@contextmanager
def _accounts(settings: Settings) -> Iterator[AccountList]:
    if not holds_records(settings):
        raise Problem("このホームには記録がありません。", "--home を確かめてください。", "home")
    with _journal(settings) as (engine, journal, _now):
        yield AccountList(engine, journal)


@contextmanager
def _journal(settings: Settings) -> Iterator[tuple[Engine, Journal, Clock]]:
    from serving.app import now  # noqa: PLC0415

    engine = open_store(settings.records_url)
    try:
        yield engine, Journal(engine, now), now
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
