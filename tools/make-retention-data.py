#!/usr/bin/env python3
"""make-retention-data.py SEED USERS FOLDER - the data of templates/user-retention

Writes users.csv and events.csv of a made-up app. The same arguments give the same bytes. What is in
them on purpose: a release that is broken on one platform, a shift from a channel that keeps its
users to one that does not, accounts of the staff, events that were sent twice, clocks that are
wrong, and a last week that is not over.
"""
import csv
import datetime
import os
import random
import sys

DAY = 86400
BEGIN = int(datetime.datetime(2026, 1, 5, tzinfo=datetime.timezone.utc).timestamp())
WEEKS = 12
END = BEGIN + WEEKS * 7 * DAY - 2 * DAY - 5 * 3600		# in the middle of a day of the last week
RELEASES = [(0, "3.0.4"), (21, "3.1.0"), (49, "3.2.0"), (72, "3.2.1")]	# day, version
BROKEN = ("android", "3.2.0")
STAY = {"referral": 0.66, "organic": 0.58, "ads": 0.36}	# the second week
KINDS = ["open", "open", "open", "lesson", "message"]


def text(at):
    moment = datetime.datetime.fromtimestamp(at, datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def version_at(at):
    return [version for day, version in RELEASES if at >= BEGIN + day * DAY][-1]


def pick(rng, weights):
    at = rng.random() * sum(weights.values())
    for name, weight in weights.items():
        at -= weight
        if at < 0:
            return name
    return name


def channel_weights(day):
    return {"organic": 45, "referral": 30, "ads": 25} if day < 35 else \
           {"organic": 28, "referral": 16, "ads": 56}


class Log:
    def __init__(self):
        self.rows = []

    def add(self, user, at, kind, version):
        if at <= END:
            self.rows.append([at, user, kind, version])


def live(rng, log, user, signed_up, channel, platform):
    first = version_at(signed_up)
    broken = (platform, first) == BROKEN
    log.add(user, signed_up + int(rng.random() * 300), "open", first)
    lesson = rng.random() < (0.25 if broken else 0.62)
    if broken and rng.random() < 0.7:
        log.add(user, signed_up + 400 + int(rng.random() * 900), "crash", first)
    if lesson:
        log.add(user, signed_up + 1000 + int(rng.random() * 20 * 3600), "lesson", first)
    if rng.random() < 0.3:
        log.add(user, signed_up + 600, "push_enabled", first)
    keeps = STAY[channel] * (1.18 if lesson else 0.78) * (0.5 if broken else 1)
    gone = False
    for week in range(WEEKS):
        if week and (gone or rng.random() >= keeps):
            gone = gone or rng.random() < 0.7
            if rng.random() < 0.15:	# something that is no use of the app
                at = signed_up + week * 7 * DAY + int(rng.random() * 7 * DAY)
                log.add(user, at, "push_enabled" if rng.random() < 0.5 else "crash", version_at(at))
            continue
        for _ in range(1 + int(rng.random() * 4)):
            at = signed_up + week * 7 * DAY + int(rng.random() * 7 * DAY)
            log.add(user, at, KINDS[int(rng.random() * len(KINDS))], version_at(at))
        if week:
            keeps = min(0.93, keeps + 0.12)
    if rng.random() < 0.03:		# a clock that was wrong
        log.add(user, signed_up - 3600 - int(rng.random() * 9 * DAY), "open", first)


def main(seed, count, folder):
    rng = random.Random(int(seed))
    log = Log()
    users = []
    for number in range(int(count)):
        at = BEGIN + int(rng.random() * (WEEKS * 7 - 3) * DAY)
        channel = pick(rng, channel_weights((at - BEGIN) // DAY))
        platform = pick(rng, {"android": 48, "ios": 34, "web": 18})
        internal = rng.random() < 0.02
        user = "u%05d" % (number * 7 + 11)
        users.append([at, user, channel, platform, internal])
        if rng.random() >= 0.02:	# some never come back from the form
            live(rng, log, user, at, channel, platform)
        if internal:
            for day in range(1, 80, 2):
                log.add(user, at + day * DAY, "open", version_at(at))
    # the edges of weeks, exactly
    for offset, number in ((7 * DAY, 1), (14 * DAY - 1, 2), (14 * DAY, 3)):
        at = BEGIN + 8 * DAY + number
        user = "edge%d" % number
        users.append([at, user, "organic", "web", False])
        log.add(user, at, "open", version_at(at))
        log.add(user, at + offset, "open", version_at(at + offset))
    users.append([BEGIN + 7 * DAY, "monday", "organic", "web", False])
    users.append([BEGIN + 7 * DAY - 1, "sunday", "organic", "web", False])
    log.add("monday", BEGIN + 7 * DAY, "open", version_at(BEGIN + 7 * DAY))
    log.add("sunday", BEGIN + 7 * DAY - 1, "open", version_at(BEGIN))
    log.add("u00011", END, "push_enabled", version_at(END))
    os.makedirs(folder, exist_ok=True)
    users.sort(key=lambda user: user[1])
    rows = [["e%06d" % number, *row] for number, row in enumerate(sorted(log.rows))]
    rows += [row for row in rows if rng.random() < 0.02]
    rows.sort(key=lambda row: (row[1] + int(rng.random() * 7200), row[0]))	# as they arrived
    with open(os.path.join(folder, "users.csv"), "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["user_id", "signed_up_at", "channel", "platform", "is_internal"])
        for at, user, channel, platform, internal in users:
            out.writerow([user, text(at), channel, platform, int(internal)])
    with open(os.path.join(folder, "events.csv"), "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["event_id", "at", "user_id", "kind", "app_version"])
        for event, at, user, kind, version in rows:
            out.writerow([event, text(at), user, kind, version])


if __name__ == "__main__":
    main(*sys.argv[1:])
