"""What answers.json says. Nothing of the candidate runs here."""

import json
import os

import pytest

HERE = os.path.dirname(__file__)


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


@pytest.fixture(scope="module")
def found():
    return load("answers.json")


@pytest.fixture(scope="module")
def expected():
    return load(os.path.join(HERE, "expected.json"))


def close(found, expected):
    """The same numbers under the same names, to within 0.0005."""
    if isinstance(expected, dict):
        return isinstance(found, dict) and set(found) == set(expected) and all(close(found[k], expected[k]) for k in expected)
    return type(found) in (int, float) and abs(found - expected) <= 0.0005


def test_duplicates(found, expected):
    assert found["duplicates"] == expected["duplicates"]


def test_who_is_left_out(found, expected):
    assert [found[key] for key in ("company", "users")] == [expected[key] for key in ("company", "users")]


def test_robots(found, expected):
    assert found["robots"] == expected["robots"]


def test_w1(found, expected):
    assert close(found["w1"], expected["w1"])


def test_w4_of_every_cohort_whose_week_has_ended(found, expected):
    assert close(found["w4"], expected["w4"])


def test_w1_by_channel(found, expected):
    assert close(found["w1_by_channel"], expected["w1_by_channel"])


def test_mix_effect(found, expected):
    assert close(found["mix_effect"], expected["mix_effect"])


def test_rate_effect(found, expected):
    assert close(found["rate_effect"], expected["rate_effect"])


def test_release(found, expected):
    assert [found["release"][key] for key in ("platform", "version")] == ["android", "4.2"]


def test_w1_by_platform(found, expected):
    assert close(found["release"]["w1"], expected["release"]["w1"])


def test_outage(found, expected):
    assert found["outage"] == expected["outage"]


def test_control_answers_are_something_else(found):
    assert found == 123456789
