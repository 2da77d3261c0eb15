"""conftest.py - one server for each file of tests"""
import os
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from service import Service  # noqa: E402


@pytest.fixture(scope="module")
def service():
    one = Service(os.path.join(os.path.dirname(HERE), "server.py"))
    yield one
    one.end()


@pytest.fixture
def tool(service):
    """Makes a tool, with other fields where they are named."""
    def make(**fields):
        made = service.ask("POST", "/tools", {"name": "Saw", "category": "hand", "deposit_cents": 5,
                                              **fields})
        assert made.status == 201, made.text
        return made.body
    return make
