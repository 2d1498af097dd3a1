"""A web server for one test."""

from collections.abc import Iterator

import pytest

from tests.domain.media.web import Server


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()
