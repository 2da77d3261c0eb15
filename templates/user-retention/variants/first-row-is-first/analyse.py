"""analyse.py DATA OUT - who stays, and why others go"""
import csv
import datetime
import json
import os
import sys
from collections import defaultdict

DAY = 86400
WEEK = 7 * DAY
USES = {"open", "lesson", "message"}
WEEKS = 5


def seconds(text):
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


def rows(folder, name):
    with open(os.path.join(folder, name), newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


class User:
    def __init__(self, row):
        self.id = row["user_id"]
        self.signed_up = seconds(row["signed_up_at"])
        self.channel = row["channel"]
        self.platform = row["platform"]
        self.weeks = set()		# in which the app was used
        self.first = None		# (time, event id, version) of the first use
        self.lesson = False		# within a day

    @property
    def cohort(self):
        day = datetime.datetime.fromtimestamp(self.signed_up, datetime.timezone.utc).date()
        return (day - datetime.timedelta(days=day.weekday())).isoformat()

    @property
    def version(self):
        return self.first[2] if self.first else "none"


def read(folder):
    users = {row["user_id"]: User(row) for row in rows(folder, "users.csv")
             if row["is_internal"] != "1"}
    end = None
    for row in rows(folder, "events.csv"):
        at = seconds(row["at"])
        end = at if end is None else max(end, at)
        user = users.get(row["user_id"])
        if not user or row["kind"] not in USES or at < user.signed_up:
            continue
        user.weeks.add((at - user.signed_up) // WEEK)
        seen = (at, row["event_id"], row["app_version"])
        if user.first is None:
            user.first = seen
        if row["kind"] == "lesson" and at < user.signed_up + DAY:
            user.lesson = True
    return list(users.values()), end


def over(user, week, end):
    return end is not None and user.signed_up + (week + 1) * WEEK <= end


def share(users, week):
    return "%.4f" % (sum(week in user.weeks for user in users) / len(users)) if users else ""


def write(folder, name, head, lines):
    with open(os.path.join(folder, name), "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(head)
        out.writerows(lines)


def retention(users, end):
    cohorts = defaultdict(list)
    for user in users:
        cohorts[user.cohort].append(user)
    for cohort in sorted(cohorts):
        members = cohorts[cohort]
        yield [cohort, len(members)] + [
            share(members, week) if all(over(user, week, end) for user in members) else ""
            for week in range(WEEKS)]


SEGMENTS = {
    "channel": lambda user: user.channel,
    "platform": lambda user: user.platform,
    "version": lambda user: user.version,
    "first_lesson": lambda user: "yes" if user.lesson else "no",
}


def segments(users, end):
    counted = [user for user in users if over(user, 1, end)]
    for name, key in SEGMENTS.items():
        groups = defaultdict(list)
        for user in counted:
            groups[key(user)].append(user)
        for value in sorted(groups):
            yield [name, value, len(groups[value]), share(groups[value], 1)]


def findings(users, end):
    """The pair of platform and version that keeps the fewest, against the same platform before."""
    counted = [user for user in users if over(user, 1, end)]
    pairs = defaultdict(list)
    for user in counted:
        pairs[user.platform, user.version].append(user)
    large = [pair for pair in pairs if len(pairs[pair]) >= 20 and pair[1] != "none"]
    if not large:
        return {"platform": None, "version": None, "expected": None, "kept": 0, "lost": 0}

    def stays(members):
        return sum(1 in user.weeks for user in members) / len(members)

    def others(pair):
        return [user for user in counted if user.platform == pair[0] and user.version != "none" and
                user.version != pair[1]]

    def expected(pair):
        """What those of the pair would keep if each channel kept as many as on other versions."""
        kept = 0.0
        for channel in sorted({user.channel for user in pairs[pair]}):
            alike = [user for user in others(pair) if user.channel == channel]
            mine = [user for user in pairs[pair] if user.channel == channel]
            kept += len(mine) * (stays(alike) if alike else stays(mine))
        return kept

    def loss(pair):
        return expected(pair) - sum(1 in user.weeks for user in pairs[pair])

    worst = min(large, key=lambda pair: (-round(loss(pair), 6), pair))
    return {"platform": worst[0], "version": worst[1], "expected": round(expected(worst), 2),
            "kept": sum(1 in user.weeks for user in pairs[worst]),
            "lost": round(loss(worst), 2)}


def main(data, folder):
    users, end = read(data)
    os.makedirs(folder, exist_ok=True)
    write(folder, "retention.csv", ["cohort", "users"] + ["w%d" % week for week in range(WEEKS)],
          retention(users, end))
    write(folder, "segments.csv", ["segment", "value", "users", "w1"], segments(users, end))
    with open(os.path.join(folder, "findings.json"), "w", encoding="utf-8") as file:
        json.dump(findings(users, end), file, indent=2)
        file.write("\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: analyse.py DATA OUT")
    main(sys.argv[1], sys.argv[2])
