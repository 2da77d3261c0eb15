"""A few of the requests. Run: python3 -m pytest -q tests"""
import os
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from service import Service  # noqa: E402


@pytest.fixture(scope="module")
def service():
    one = Service()
    yield one
    one.end()


def test_a_tool_is_made_and_found(service):
    made = service.ask("POST", "/tools", {"name": " Ladder ", "category": "hand", "deposit_cents": 2000})
    assert made.status == 201
    assert made.headers["Location"] == "/tools/%d" % made.body["id"]
    assert made.headers["ETag"] == '"1"'
    found = service.ask("GET", made.headers["Location"])
    assert (found.status, found.body) == (200, made.body)
    assert found.body == {"id": made.body["id"], "name": "Ladder", "category": "hand",
                          "deposit_cents": 2000, "available": True, "version": 1}


def test_what_is_wrong_is_named(service):
    wrong = service.ask("POST", "/tools", {"name": "Saw", "category": "kitchen", "deposit_cents": 1})
    assert (wrong.status, wrong.code, wrong.body["error"]["field"]) == (422, "invalid", "category")


def test_a_tool_is_lent_once(service):
    tool = service.ask("POST", "/tools", {"name": "Drill", "category": "power", "deposit_cents": 0})
    loan = {"tool_id": tool.body["id"], "member": "kim@example.org"}
    assert service.ask("POST", "/loans", loan).status == 201
    assert service.ask("POST", "/loans", loan).code == "on_loan"
