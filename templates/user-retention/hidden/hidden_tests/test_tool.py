"""retention.py on small data sets."""

import subprocess
import sys

import pytest

USERS = "user_id,email,signed_up,country,channel"
EVENTS = "event_id,user_id,time,kind,platform,app_version"
HEADER = "cohort,week,users,active,retention"


@pytest.fixture
def table(tmp_path):
    def run(users, events):
        """users: {id: time} or {id: (time, email)}; events: [(id, user, time, kind)]"""
        rows = [USERS]
        for user, value in users.items():
            time, email = value if isinstance(value, tuple) else (value, f"{user}@mail.example")
            rows.append(f"{user},{email},{time},DE,search")
        (tmp_path / "users.csv").write_text("\n".join(rows) + "\n")
        rows = [EVENTS] + [f"{number},{user},{time},{kind},ios,4.1" for number, user, time, kind in events]
        (tmp_path / "events.csv").write_text("\n".join(rows) + "\n")
        done = subprocess.run(
            [sys.executable, "retention.py", str(tmp_path)], capture_output=True, text=True, check=True, timeout=10
        )
        lines = done.stdout.split()
        assert lines[0] == HEADER
        return lines[1:]

    return run


def test_two_cohorts(table):
    assert table(
        {"a": "2025-06-02T10:00:00+00:00", "b": "2025-06-03T10:00:00+00:00", "c": "2025-06-09T00:00:00+00:00"},
        [(1, "a", "2025-06-02T10:00:00+00:00", "open"), (2, "a", "2025-06-10T10:00:00+00:00", "lesson"),
         (3, "c", "2025-06-20T10:00:00+00:00", "open"), (4, "b", "2025-06-12T10:00:00+00:00", "open")],
    ) == ["2025-06-02,0,2,1,0.5000", "2025-06-02,1,2,2,1.0000", "2025-06-09,0,1,0,0.0000", "2025-06-09,1,1,1,1.0000"]


def test_weeks_begin_at_signing_up(table):
    assert table(
        {"a": "2025-06-06T12:00:00+00:00"},
        [(1, "a", "2025-06-13T11:59:59+00:00", "open"), (2, "a", "2025-06-20T12:00:00+00:00", "open")],
    ) == ["2025-06-02,0,1,1,1.0000", "2025-06-02,1,1,0,0.0000"]
    assert table({"a": "2025-06-06T12:00:00+00:00"}, [(1, "a", "2025-06-13T12:00:00+00:00", "open")]) == [
        "2025-06-02,0,1,0,0.0000", "2025-06-02,1,1,1,1.0000",
    ]


def test_cohorts_are_of_utc_weeks(table):
    assert table(
        {"a": "2025-06-09T08:59:59+09:00", "b": "2025-06-08T21:00:00-03:00", "c": "2025-06-09T05:30:00+05:30"}, [],
    ) == ["2025-06-02,0,1,0,0.0000", "2025-06-02,1,1,0,0.0000", "2025-06-09,0,2,0,0.0000", "2025-06-09,1,2,0,0.0000"]


def test_offsets_of_events_count(table):
    assert table(
        {"a": "2025-06-10T09:00:00+09:00"},
        [(1, "a", "2025-06-16T20:59:59-03:00", "open"), (2, "a", "2025-06-10T00:00:00+00:00", "open")],
    ) == ["2025-06-09,0,1,1,1.0000"]


def test_weeks_that_are_not_over_do_not_count(table):
    assert table(
        {"a": "2025-06-09T00:00:00+00:00", "b": "2025-06-09T00:00:01+00:00", "c": "2025-06-16T00:00:01+00:00"},
        [(1, "b", "2025-06-18T00:00:00+00:00", "open"), (2, "c", "2025-06-17T00:00:00+00:00", "open")],
    ) == ["2025-06-09,0,2,0,0.0000", "2025-06-09,1,1,0,0.0000"]


def test_what_the_app_does_is_no_activity(table):
    assert table(
        {"a": "2025-06-12T00:00:00+00:00"},
        [(1, "a", "2025-06-13T00:00:00+00:00", "push_received"), (2, "a", "2025-06-13T00:00:00+00:00", "signed_out")],
    ) == ["2025-06-09,0,1,0,0.0000"]


def test_company_accounts_are_left_out(table):
    assert table(
        {"a": ("2025-06-12T00:00:00+00:00", "a@Lantern.Example"), "b": ("2025-06-12T00:00:00+00:00", "b@lantern.example"),
         "c": ("2025-06-12T00:00:00+00:00", "lantern.example@mail.example"),
         "d": ("2025-06-12T00:00:00+00:00", "d@notlantern.example")}, [],
    ) == ["2025-06-09,0,2,0,0.0000"]


def opens(user, count, day="2025-06-12", first=1):
    return [(f"{user}{first + n}", user, f"{day}T{n // 2:02}:{30 * (n % 2):02}:00+00:00", "open") for n in range(count)]


def test_robots_are_left_out(table):
    users = {name: "2025-06-11T00:00:00+00:00" for name in "abc"}
    events = opens("a", 20) + opens("b", 19) + opens("c", 19) + opens("c", 19, "2025-06-13", 50)
    assert table(users, events) == ["2025-06-09,0,2,2,1.0000"]


def test_an_event_that_was_sent_twice_makes_no_robot(table):
    events = opens("a", 19)
    assert table({"a": "2025-06-11T00:00:00+00:00"}, events + events[:5]) == ["2025-06-09,0,1,1,1.0000"]


def test_days_of_robots_are_utc(table):
    def at(hour, number):
        return (number, "a", f"2025-06-12T{hour:02}:00:00-03:00", "open")

    apart = [at(hour, hour) for hour in range(12, 24)] + [(f"x{h}", "a", f"2025-06-12T{h:02}:30:00-03:00", "open") for h in range(12, 23)]
    assert table({"a": "2025-06-11T00:00:00+00:00"}, apart) == ["2025-06-09,0,1,1,1.0000"]
    inside = [(f"y{h}", "a", f"2025-06-12T{h:02}:45:00-03:00", "open") for h in range(20)]
    assert table({"a": "2025-06-11T00:00:00+00:00"}, inside + apart[:9]) == []


def test_events_that_count_for_nothing(table):
    early = opens("a", 20, "2025-06-10")
    late = opens("a", 20, "2025-06-23", 100)
    nobody = opens("z", 3)
    assert table({"a": "2025-06-11T00:00:00+00:00"}, early + late + nobody) == ["2025-06-09,0,1,0,0.0000"]


def test_order_of_events_does_not_matter(table):
    users = {"a": "2025-06-02T00:00:00+00:00"}
    events = [(1, "a", "2025-06-10T00:00:00+00:00", "open"), (2, "a", "2025-06-03T00:00:00+00:00", "open")]
    assert table(users, events) == table(users, events[::-1])


def test_empty_files(table):
    assert table({}, []) == []


def test_control_a_table_of_nobody(table):
    assert table({}, []) == ["123456789"]
