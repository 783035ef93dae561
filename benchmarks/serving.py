"""A real gunicorn on this machine, and requests to it over HTTP."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from socket import IPPROTO_TCP, TCP_NODELAY, create_server
from urllib.parse import urlencode

ROOT = Path(__file__).parents[1]
HERE = "127.0.0.1"
MOST_SECONDS = 60  # that a request may take


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """Somebody with their cookies, on a connection that stays open."""

    connection: HTTPConnection
    cookies: Mapping[str, str]
    csrf: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def get(self, address: str, **headers: str) -> Answer:
        return self.send("GET", address, None, headers)

    def post(self, address: str, fields: Mapping[str, object], **headers: str) -> Answer:
        body = urlencode({"csrfmiddlewaretoken": self.csrf, **fields})
        typed = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.send("POST", address, body, {**typed, **headers})

    def send(self, verb: str, address: str, body: str | None, more: Mapping[str, str]) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, **self.headers, **more}
        self.connection.request(verb, address, body, headers)
        answer = self.connection.getresponse()
        return Answer(answer.status, answer.read())


def htmx(target: str) -> dict[str, str]:
    return {"HX-Request": "true", "HX-Target": target}


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    process: int

    def processor_ns(self) -> int:
        """What its workers have taken so far; on Linux."""
        children = Path(f"/proc/{self.process}/task/{self.process}/children").read_text().split()
        tasks = [task for child in children for task in Path(f"/proc/{child}/task").iterdir()]
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks)


@contextmanager
def served(environment: Mapping[str, str], *options: str, log: Path) -> Iterator[Server]:
    """Gunicorn with the product, until the block ends. `options` are gunicorn's own."""
    with create_server((HERE, 0)) as door, log.open("ab") as lines:
        door.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)  # as gunicorn does with doors of its own
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "riskalloc.wsgi", "--log-level", "warning"),
                *("--bind", f"fd://{door.fileno()}", *options),
            ],
            cwd=ROOT,
            env={**os.environ, **environment},
            pass_fds=[door.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=lines,
            stderr=lines,
        )
        try:
            yield Server(door.getsockname()[1], server.pid)
        finally:
            server.terminate()
            server.wait()


@contextmanager
def connected(port: int) -> Iterator[HTTPConnection]:
    connection = HTTPConnection(HERE, port, timeout=MOST_SECONDS)
    try:
        yield connection
    finally:
        connection.close()
