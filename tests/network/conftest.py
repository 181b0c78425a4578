"""What the tests of the network share."""

from collections.abc import Iterator

import pytest

from yika.network import queries


@pytest.fixture(autouse=True)
def unknown_graph() -> Iterator[None]:
    """No test knows the graph of another."""
    queries.forget()
    yield
    queries.forget()
