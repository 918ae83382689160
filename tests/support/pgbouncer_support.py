"""The real PgBouncer, from the system's packages, in front of a test's server."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import psycopg
from system_tools import program

from horsies_core.store.embedded.account import own_account, service_account

PORT = 6432

SETTINGS = """
[databases]
* = host={host} port={port}

[pgbouncer]
pool_mode = {mode}
default_pool_size = {pool_size}
max_client_conn = 200
listen_addr =
listen_port = {own_port}
unix_socket_dir = {folder}
auth_type = trust
auth_file = {folder}/users.txt
logfile = {folder}/pgbouncer.log
server_check_delay = 0
"""


def serve_pgbouncer(server_url: str, mode: str = "transaction", pool_size: int = 4) -> Iterator[str]:
    """The URL of a pooler in front of a server, for as long as the generator is open."""
    binary = program("pgbouncer", "pgbouncer")
    account = service_account() if os.geteuid() == 0 else own_account()  # PgBouncer refuses to be run by root
    folder = Path(tempfile.mkdtemp(prefix="horsies-pgb-", dir="/tmp"))  # short: a socket's path has 107 bytes
    parts = urlsplit(server_url)
    place = {key: values[0] for key, values in parse_qs(parts.query).items()}
    settings = SETTINGS.format(
        host=place["host"], port=place["port"], mode=mode, pool_size=pool_size, own_port=PORT, folder=folder
    )
    (folder / "pgbouncer.ini").write_text(settings)
    (folder / "users.txt").write_text(f'"{parts.username}" ""\n')
    for path in (folder, *folder.iterdir()):
        os.chown(path, account.uid, account.gid)
    process = (
        subprocess.Popen(
            [binary, "-q", str(folder / "pgbouncer.ini")], user=account.uid, group=account.gid, extra_groups=[]
        )
        if os.geteuid() == 0
        else subprocess.Popen([binary, "-q", str(folder / "pgbouncer.ini")])
    )
    url = f"postgresql://{parts.username}@/{parts.path[1:]}?host={quote(str(folder), safe='')}&port={PORT}"
    try:
        _wait_until_it_answers(url, process, folder)
        yield url
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_it_answers(url: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    for _ in range(1200):
        assert process.poll() is None, (folder / "pgbouncer.log").read_text()
        try:
            psycopg.connect(url, prepare_threshold=None).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError((folder / "pgbouncer.log").read_text())
