"""What the tests run on: the database that was asked for, and no network."""

import os
import socket
from collections.abc import Callable

import pytest
from django.db import connection
from pytest_socket import SocketBlockedError

from tests.as_app import as_app


@pytest.mark.django_db
def test_the_database_is_the_one_that_was_asked_for() -> None:
    scheme = os.environ.get("DATABASE_URL", "sqlite:").split(":")[0]
    assert connection.vendor == scheme


@pytest.mark.django_db
@pytest.mark.postgresql
def test_the_product_has_no_more_rights_in_the_tests_than_elsewhere() -> None:
    with as_app(), connection.cursor() as cursor:
        cursor.execute("SELECT usesuper, usebypassrls FROM pg_user WHERE usename = current_user")
        assert cursor.fetchone() == (False, False)


@pytest.mark.parametrize("call", [socket.create_connection, lambda address: socket.socket()])
def test_the_network_is_closed(call: Callable[[tuple[str, int]], socket.socket]) -> None:
    with pytest.raises(SocketBlockedError):
        call(("192.0.2.1", 80))
