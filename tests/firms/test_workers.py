"""Real worker processes, one of which is killed in the middle: nothing is lost, nothing is done twice."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from sqlite3 import connect as sqlite
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from psycopg.sql import SQL, Identifier

from riskalloc.firms.grants import ROLE
from tests.erasing import erase_facts

ROOT = Path(__file__).parents[2]
# As the owner of the tables; the workers are the application, for which the second wall holds.
MIGRATE = """
import django
django.setup()
from django.core.management import call_command
from django.db import connection
call_command("migrate", verbosity=0)
if connection.vendor == "postgresql":
    call_command("secure_database")
"""
QUEUES = [
    "database",
    pytest.param("procrastinate", marks=pytest.mark.postgresql),
]


@pytest.fixture
def copy_url(transactional_db: None, tmp_path: Path) -> Iterator[str]:
    """A copy of the test database, which other processes can reach; where it is."""
    copied = copy_of_postgresql() if connection.vendor == "postgresql" else copy_of_sqlite(tmp_path)
    with copied as url:
        yield url
    erase_facts()


@contextmanager
def copy_of_sqlite(folder: Path) -> Iterator[str]:
    connection.ensure_connection()
    with closing(sqlite(folder / "copy.sqlite3")) as copy:
        connection.connection.backup(copy)
    yield f"sqlite:///{folder / 'copy.sqlite3'}"


@contextmanager
def copy_of_postgresql() -> Iterator[str]:
    at = connection.settings_dict
    name, socket = Identifier(f"copy_{uuid4().hex}"), at["HOST"]
    connection.close()
    connection.close_pool()  # nobody may be in what is copied
    where = {
        "host": socket,
        "user": at["USER"],
        "dbname": os.environ["DATABASE_URL"].split("/")[-1],
    }
    with psycopg.connect(**where, autocommit=True) as server:
        copy = SQL("CREATE DATABASE {} TEMPLATE {}").format(name, Identifier(at["NAME"]))
        server.execute(copy)
        try:
            yield f"postgresql://{at['USER']}@/{socket}/{name._obj[0]}"
        finally:
            server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@pytest.mark.parametrize("queue", QUEUES)
def test_a_killed_worker_loses_nothing_and_nothing_is_done_twice(
    copy_url: str, queue: str, tmp_path: Path
) -> None:
    url, letters = copy_url, tmp_path / "letters"
    found = json.loads(run(url, queue, letters, "-m", "tests.firms.killing").splitlines()[-1])
    assert found["unfinished"] == 0
    assert found["states"] == {"done": 60}
    assert found["deeds"] == [[1] * 20] * 3
    assert found["workers"] > 1
    assert found["by_killed"] > 0
    assert found["requeued"] >= 1
    # None of a deed that was undone; the one in the hands of the killed worker may leave again, as the same.
    assert len({*lines(letters, "Subject")}) == len({*lines(letters, "Message-ID")}) == 60
    assert len(lines(letters, "Message-ID")) <= 61


def lines(letters: Path, header: str) -> list[str]:
    found = "".join(path.read_text() for path in letters.iterdir()).splitlines()
    return [line for line in found if line.startswith(f"{header}: ")]


def run(url: str, queue: str, letters: Path, *command: str) -> str:
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "TASKS": queue,
        "EMAIL_URL": f"filemail:///{letters}",
        "DJANGO_SETTINGS_MODULE": "tests.firms.worker_settings",
    }

    def process(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=180,
        )

    migrated = process("-c", MIGRATE)
    assert migrated.returncode == 0, migrated.stderr
    environment["DATABASE_URL"] = url.replace("://riskalloc@", f"://{ROLE}@")
    done = process(*command)
    assert done.returncode == 0, done.stderr
    return done.stdout
