"""The commands ``tegakari user``: who has an account, and who has one no longer."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from serving.settings import Settings, read_settings
from serving.terminal.places import require_home

Name = Annotated[str, typer.Argument(help="利用者名 / user name")]
Password = Annotated[
    str | None, typer.Option(help="パスワード(省略時は尋ねます)/ password; default: it is asked for")
]
Home = Annotated[
    Path | None,
    typer.Option("--home", help="書き込み先(環境変数 TEGAKARI_HOME)/ where everything is written"),
]


def add(
    *,
    context: typer.Context,
    name: Name,
    role: Annotated[str, typer.Option(help="officer, supervisor, data, auditor")] = "officer",
    staff_id: Annotated[str, typer.Option(help="職員番号(officerは必須)/ staff_id")] = "",
    folder: Annotated[
        Path | None, typer.Option(help="職員番号を確かめるデータ(省略時は前回)/ folder to check it in")
    ] = None,
    password: Password = None,
    home: Home = None,
) -> None:
    """利用者を加えます。 Create an account (the password is asked for).

    例 / Example: tegakari user add hanako --role officer --staff-id 0012
    """
    from serving.terminal.accounts import add_user, ask_password  # noqa: PLC0415

    asked = ask_password if password is None else lambda: password
    add_user(_settings(context, home), name, role, asked, staff_id, folder=folder)


def list_all(context: typer.Context, home: Home = None) -> None:
    """利用者の名前、役割、職員番号、停止の有無を示します。 List the accounts, closed ones too.

    例 / Example: tegakari user list --home ./home
    """
    from serving.terminal.accounts import list_users  # noqa: PLC0415

    list_users(_settings(context, home))


def close(context: typer.Context, name: Name, home: Home = None) -> None:
    """利用者を停止し、ログインをその場で終わらせます。 Close an account and end its logins at once.

    例 / Example: tegakari user close hanako
    """
    from serving.terminal.accounts import close_user  # noqa: PLC0415

    close_user(_settings(context, home), name)


def reopen(context: typer.Context, name: Name, home: Home = None) -> None:
    """停止した利用者を再開します。 Let a closed account log in again, with the password it had.

    例 / Example: tegakari user reopen hanako
    """
    from serving.terminal.accounts import reopen_user  # noqa: PLC0415

    reopen_user(_settings(context, home), name)


def change_password(context: typer.Context, name: Name, password: Password = None, home: Home = None) -> None:
    """パスワードを変更し、ログインを終わらせます。 Set another password (asked for) and end its logins.

    例 / Example: tegakari user password hanako
    """
    from serving.terminal.accounts import ask_password, set_password  # noqa: PLC0415

    set_password(_settings(context, home), name, ask_password if password is None else lambda: password)


def user_commands() -> typer.Typer:
    """Return the group ``user``."""
    group = typer.Typer(help="利用者を管理します。 Manage accounts.", no_args_is_help=True)
    group.command("add")(add)
    group.command("list")(list_all)
    group.command("close")(close)
    group.command("reopen")(reopen)
    group.command("password")(change_password)
    return group


def _settings(context: typer.Context, home: Path | None) -> Settings:
    settings = read_settings(os.environ, home or context.find_root().obj)
    require_home(settings.home)
    return settings
