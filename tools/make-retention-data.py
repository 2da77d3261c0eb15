#!/usr/bin/env python3
"""Make the data of templates/user-retention: tools/make-retention-data.py FOLDER

The same bytes every time. What is in the data on purpose: a campaign that brings people who never come back (the mix
changes, no channel gets worse), a release of the Android app that logs people out, three days on which events of one
platform are missing, events that were delivered twice, accounts of the company's own, and one robot.
"""

import csv
import random
import sys
from datetime import datetime, timedelta, timezone

START = datetime(2025, 3, 3, tzinfo=timezone.utc)  # a Monday
WEEKS = 16
ZONES = {"DE": 1, "BR": -3, "IN": 5.5, "JP": 9}
KEEP = {"search": 0.62, "friend": 0.74, "campaign": 0.22}
PLATFORMS = ("ios", "android", "web")


def stamp(moment, hours):
    """The time as the client wrote it, with the offset of its own clock."""
    zone = timezone(timedelta(hours=hours))
    return moment.astimezone(zone).isoformat(timespec="seconds")


def users_of(draw):
    users = []
    for week in range(12):
        size = 70 + 5 * (week % 3)
        for channel, count in (("search", size // 2), ("friend", size // 3), ("campaign", 45 if week >= 6 else 6)):
            for _ in range(count):
                users.append({
                    "moment": START + timedelta(weeks=week, seconds=draw.randrange(7 * 86400)),
                    "country": draw.choice(list(ZONES)),
                    "channel": channel,
                    "platform": draw.choices(PLATFORMS, (4, 4, 3))[0],
                    "domain": "mail.example",
                })
    for _ in range(24):
        users.append({
            "moment": START + timedelta(seconds=draw.randrange(12 * 7 * 86400)), "country": "DE", "channel": "search",
            "platform": draw.choice(PLATFORMS), "domain": "lantern.example",
        })
    users.sort(key=lambda user: user["moment"])
    for number, user in enumerate(users):
        user["id"] = f"u{1000 + number}"
    return users


def events_of(user, draw):
    """(moment, kind, version) of everything a user did."""
    signup = user["moment"]
    end = START + timedelta(weeks=WEEKS)
    keep = 1.0 if user["domain"] == "lantern.example" else KEEP[user["channel"]]
    week = 0
    while signup + timedelta(weeks=week + 1) <= end:
        start = signup + timedelta(weeks=week)
        broken = user["platform"] == "android" and start >= START + timedelta(weeks=8)
        version = "4.2" if broken else "4.1"
        chance = keep * 0.94 ** max(0, week - 1) * (0.45 if broken else 1) if week else 0.9
        if draw.random() < chance:
            for _ in range(draw.randint(1, 3)):
                moment = start + timedelta(seconds=draw.randrange(7 * 86400))
                yield moment, "open", version
                if broken and draw.random() < 0.7:
                    yield moment + timedelta(seconds=2), "signed_out", version
                elif draw.random() < 0.4:
                    yield moment + timedelta(seconds=draw.randrange(20, 900)), "lesson", version
        elif week and draw.random() < 0.08:
            yield start + timedelta(seconds=draw.randrange(7 * 86400)), "push_received", version
        week += 1


def lost(moment, platform):
    """Three days on which the collector dropped what the web sent."""
    day = START + timedelta(weeks=9, days=1)
    return platform == "web" and day <= moment < day + timedelta(days=3)


def main(folder):
    draw = random.Random("retention 1")
    users = users_of(draw)
    rows = []
    for user in users:
        for moment, kind, version in events_of(user, draw):
            if not lost(moment, user["platform"]):
                rows.append([moment, user["id"], stamp(moment, ZONES[user["country"]]), kind, user["platform"], version])
    robot = next(user for user in users if user["channel"] == "search" and user["moment"] > START + timedelta(weeks=2))
    for hour in range(24 * 60):
        moment = robot["moment"] + timedelta(minutes=60 * hour + 1)
        if not lost(moment, robot["platform"]):
            rows.append([moment, robot["id"], stamp(moment, ZONES[robot["country"]]), "open", robot["platform"], "4.1"])
    rows.sort(key=lambda row: (row[0], row[1], row[3]))
    numbered = [[f"e{100000 + number}", *row[1:]] for number, row in enumerate(rows)]
    twice = draw.sample(range(len(numbered)), len(numbered) // 40)
    for at in sorted(twice, reverse=True):
        numbered.insert(min(len(numbered), at + draw.randrange(1, 60)), numbered[at])

    with open(f"{folder}/users.csv", "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["user_id", "email", "signed_up", "country", "channel"])
        for user in users:
            out.writerow([user["id"], f"{user['id']}@{user['domain']}", stamp(user["moment"], ZONES[user["country"]]),
                          user["country"], user["channel"]])
    with open(f"{folder}/events.csv", "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["event_id", "user_id", "time", "kind", "platform", "app_version"])
        out.writerows(numbered)


if __name__ == "__main__":
    main(sys.argv[1])
