"""Every setting of the service, read in one place from the environment and ``--home``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from serving.problems import Problem


def _setting(meaning: str, default: Any) -> Any:  # noqa: ANN401 - dataclasses.field is typed so
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True)
class Settings:
    """Where things are kept and how the service behaves; each field is set by ``TEGAKARI_<FIELD>``."""

    home: Path = field(metadata={"meaning": "folder that holds everything that is written"})
    host: str = _setting("address the service listens on", "127.0.0.1")
    port: int = _setting("port the service listens on", 8000)
    database_url: str = _setting("SQLAlchemy URL of the records; empty: tegakari.db in the home", "")
    tracking_uri: str = _setting("MLflow tracking URI; empty: mlflow.db in the home", "")
    session_hours: float = _setting("hours until a login or a bearer token expires", 10.0)
    secure_cookies: bool = _setting("send cookies over HTTPS only; turn on behind TLS", False)
    login_attempts: int = _setting("failed logins of one name from one address before a pause", 5)
    login_pause_minutes: float = _setting("minutes a name pauses after too many failed logins", 10.0)
    page_size: int = _setting("rows on one page of the worklist", 50)
    few_choices: int = _setting("finished choices that a group needs before its figures are stated", 20)
    waiting_days: int = _setting("days for which a chosen target waits for its reply and is not proposed", 90)
    officer_scope: str = field(
        default="office",
        metadata={
            "meaning": "cases an officer sees: office (all, the office is the team) or own",
            "one_of": ("office", "own"),
        },
    )
    idle_minutes: float = _setting("a pause between two signs of work counts as no more than this", 5.0)

    inquiry_months: int = _setting("months before the day of an inquiry that it asks about", 12)
    upload_megabytes: float = _setting("largest file of replies that is taken in, in megabytes", 10.0)

    @property
    def records_url(self) -> str:
        """Return the SQLAlchemy URL of the records."""
        return self.database_url or f"sqlite:///{self.home / 'tegakari.db'}"

    @property
    def mlflow_uri(self) -> str:
        """Return the MLflow tracking URI."""
        return self.tracking_uri or f"sqlite:///{self.home / 'mlflow.db'}"

    @property
    def log_file(self) -> Path:
        """Return the file that unexpected errors are written to."""
        return self.home / "log" / "tegakari.log"


def read_settings(environ: Mapping[str, str], home: Path | None = None, **given: object) -> Settings:
    """Read the settings: ``given`` (None: not given) before the environment before the defaults.

    Raises Problem when a value of the environment cannot be read.

    >>> read_settings({"TEGAKARI_PORT": "8010"}, Path("/srv/tegakari")).port
    8010
    """
    place = home or Path(environ.get("TEGAKARI_HOME") or Path.home() / ".tegakari")
    values: dict[str, Any] = {}
    for setting in fields(Settings):
        text = environ.get(f"TEGAKARI_{setting.name.upper()}", "")
        if given.get(setting.name) is not None:
            values[setting.name] = given[setting.name]
        elif text and setting.name != "home":
            values[setting.name] = _read(setting.name, text, setting.default)
            _require_listed(setting.name, values[setting.name], setting.metadata.get("one_of"))
    return Settings(home=place.expanduser().resolve(), **values)


def _read(name: str, text: str, default: object) -> object:
    try:
        if isinstance(default, bool):
            return {"1": True, "true": True, "0": False, "false": False}[text.lower()]
        if isinstance(default, int | float):
            return type(default)(text)
    except (KeyError, ValueError):
        raise Problem(
            f"設定 TEGAKARI_{name.upper()} の値を読み取れません。",
            "数値、または 0 か 1 で指定してください。",
            "setting",
        ) from None
    return text


def _require_listed(name: str, value: object, listed: tuple[str, ...] | None) -> None:
    if listed is not None and value not in listed:
        raise Problem(
            f"設定 TEGAKARI_{name.upper()} の値が正しくありません。",
            f"次のどれかを指定してください: {'、'.join(listed)}",
            "setting",
        )
