import json
import subprocess
import sys

SHARES = {"before", "after"}


def answers():
    with open("answers.json", encoding="utf-8") as file:
        return json.load(file)


def test_answers_have_the_form():
    found = answers()
    assert set(found) == {
        "duplicates", "company", "robots", "users", "w1", "w4", "w1_by_channel", "mix_effect", "rate_effect", "release", "outage",
    }
    assert set(found["w1"]) == set(found["w1_by_channel"]) == SHARES
    assert set(found["release"]) == {"platform", "version", "w1"}
    assert set(found["outage"]) == {"platform", "days"}


def test_the_parts_of_the_change_sum_up():
    found = answers()
    change = found["w1"]["after"] - found["w1"]["before"]
    assert abs(found["mix_effect"] + found["rate_effect"] - change) < 0.001


def test_the_memo_is_a_page():
    with open("memo.md", encoding="utf-8") as file:
        assert 200 <= len(file.read().split()) <= 600


def test_a_small_table(tmp_path):
    (tmp_path / "users.csv").write_text(
        "user_id,email,signed_up,country,channel\n"
        "a,a@mail.example,2025-06-02T10:00:00+00:00,DE,search\n"
        "b,b@mail.example,2025-06-05T10:00:00+09:00,JP,friend\n"
    )
    (tmp_path / "events.csv").write_text(
        "event_id,user_id,time,kind,platform,app_version\n"
        "1,a,2025-06-02T10:05:00+00:00,open,ios,4.1\n"
        "2,b,2025-06-12T12:00:00+09:00,lesson,ios,4.1\n"
    )
    run = subprocess.run([sys.executable, "retention.py", str(tmp_path)], capture_output=True, text=True, check=True)
    assert run.stdout.split() == [
        "cohort,week,users,active,retention", "2025-06-02,0,2,1,0.5000", "2025-06-02,1,2,1,0.5000",
    ]
