"""The cohort table: python3 retention.py FOLDER. With --answers: the figures of answers.json."""

import csv
import json
import sys
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta, timezone

END = datetime(2025, 6, 23, tzinfo=timezone.utc)
WEEK = timedelta(weeks=1)
ACTIVE = {"open", "lesson"}


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def utc(text):
    return datetime.fromisoformat(text).astimezone(timezone.utc)


def is_company(user):
    return user["email"].lower().endswith("@lantern.example")


class Data:
    def __init__(self, folder):
        self.rows = read(f"{folder}/events.csv")
        self.everybody = {user["user_id"]: user for user in read(f"{folder}/users.csv")}
        for user in self.everybody.values():
            user["start"] = utc(user["signed_up"])
            user["cohort"] = (user["start"].date() - timedelta(days=user["start"].weekday())).isoformat()
        self.events = defaultdict(list)  # user id -> (time, event), in order of time
        opens = Counter()
        for event in {event["event_id"]: event for event in self.rows}.values():
            time, user = utc(event["time"]), self.everybody.get(event["user_id"])
            if user and user["start"] <= time < END:
                self.events[event["user_id"]].append((time, event))
                opens[event["user_id"], time.date()] += event["kind"] == "open"
        for events in self.events.values():
            events.sort(key=lambda pair: pair[0])
        self.robots = sorted({user_id for (user_id, _), count in opens.items() if count >= 20})
        self.users = {
            user_id: user for user_id, user in self.everybody.items() if not is_company(user) and user_id not in self.robots
        }
        for user_id, user in self.users.items():
            active = [(time, event) for time, event in self.events[user_id] if event["kind"] in ACTIVE]
            user["weeks"] = {(time - user["start"]) // WEEK for time, _ in active}
            user["platform"] = active[0][1]["platform"] if active else None
            user["ended"] = -((user["start"] - END) // WEEK)  # weeks 0 … ended-1 are over

    def retention(self, week, wanted=lambda user: True):
        """(users, active) of a week."""
        users = [user for user in self.users.values() if user["ended"] > week and wanted(user)]
        return len(users), sum(week in user["weeks"] for user in users)

    def table(self):
        for cohort in sorted({user["cohort"] for user in self.users.values()}):
            last = max(user["ended"] for user in self.users.values() if user["cohort"] == cohort)
            for week in range(last):
                yield cohort, week, *self.retention(week, lambda user: user["cohort"] == cohort)


def answers(data):
    def share(week, wanted):
        users, active = data.retention(week, wanted)
        return active / users

    channels = ("search", "friend", "campaign")
    sides = {"before": lambda user: user["cohort"] <= "2025-04-07", "after": lambda user: user["cohort"] > "2025-04-07"}
    rates, shares = {}, {}
    for side, inside in sides.items():
        total = data.retention(1, inside)[0]
        rates[side] = {c: share(1, lambda user: inside(user) and user["channel"] == c) for c in channels}
        shares[side] = {c: data.retention(1, lambda user: inside(user) and user["channel"] == c)[0] / total for c in channels}
    seen = {(event["platform"], utc(event["time"]).date()) for event in data.rows}
    days = [date(2025, 3, 24) + timedelta(days=number) for number in range(91)]
    missing = {p: [str(day) for day in days if (p, day) not in seen] for p in ("android", "ios", "web")}
    (outage,) = [platform for platform, gone in missing.items() if gone]
    late = lambda user: user["cohort"] >= "2025-04-28"
    return {
        "duplicates": len(data.rows) - len({event["event_id"] for event in data.rows}),
        "company": sum(map(is_company, data.everybody.values())),
        "robots": data.robots,
        "users": len(data.users),
        "w1": {side: share(1, inside) for side, inside in sides.items()},
        "w4": {cohort: active / users for cohort, week, users, active in data.table() if week == 4},
        "w1_by_channel": rates,
        "mix_effect": sum((shares["after"][c] - shares["before"][c]) * rates["before"][c] for c in channels),
        "rate_effect": sum(shares["after"][c] * (rates["after"][c] - rates["before"][c]) for c in channels),
        "release": {
            "platform": "android", "version": "4.2",
            "w1": {p: share(1, lambda user: late(user) and user["platform"] == p) for p in ("android", "ios", "web")},
        },
        "outage": {"platform": outage, "days": missing[outage]},
    }


def main(words):
    data = Data(next((word for word in words if word != "--answers"), "files"))
    if "--answers" in words:
        print(json.dumps(answers(data), indent=1))
        return
    print("cohort,week,users,active,retention")
    for cohort, week, users, active in data.table():
        print(f"{cohort},{week},{users},{active},{active / users:.4f}")


if __name__ == "__main__":
    main(sys.argv[1:])
