"""The server: MLflow's own pages over the store of a home, on this machine alone.

python -m training.registry.server HOME --port 5000
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from training.registry.store import FORCED, default_uri

HOST = "127.0.0.1"


def command_of(home: Path, port: int) -> list[str]:
    """Return the command line that serves the store of ``home``."""
    return [
        sys.executable,
        "-m",
        "mlflow",
        "server",
        f"--host={HOST}",
        f"--port={port}",
        "--workers=1",
        f"--backend-store-uri={default_uri(home)}",
        f"--artifacts-destination={(home / 'artifacts').resolve()}",
    ]


def environment_of(given: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the server: that given, with telemetry and the workers nobody needs off."""
    return {**given, **FORCED, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Say where it will be, then serve until it is ended; 1 with one sentence where it cannot."""
    parser = argparse.ArgumentParser(
        prog="python -m training.registry.server",
        description="ホームの学習の記録をMLflowの画面で見ます。例: python -m training.registry.server .demo",
    )
    parser.add_argument("home", type=Path, help="ホームのフォルダ / the home")
    parser.add_argument("--port", type=int, default=5000, help="ポート / port")
    asked = parser.parse_args(arguments)
    home = asked.home.expanduser().resolve()
    if not (home / "mlflow.db").is_file():
        sys.stderr.write(
            f"{home} に学習の記録がありません。先に tegakari train を実行するか、"
            "TEGAKARI_HOME でホームを指定してください。\n"
        )
        return 1
    if not _is_free(asked.port):
        sys.stderr.write(
            f"ポート {asked.port} は使用中です。MLFLOW_PORT で別の番号を指定してください"
            "(例: make mlflow MLFLOW_PORT=5010)。\n"
        )
        return 1
    sys.stdout.write(
        f"http://{HOST}:{asked.port} で {home} の学習の記録を見られます(この端末だけ、Ctrl+C で終了)。\n"
    )
    sys.stdout.flush()
    os.chdir(home)
    command = command_of(home, asked.port)
    return os.spawnve(os.P_WAIT, command[0], command, environment_of(os.environ))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


if __name__ == "__main__":
    sys.exit(main())
