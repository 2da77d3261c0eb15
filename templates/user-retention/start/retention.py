"""The cohort table: python3 retention.py FOLDER"""

import csv
import sys


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def main(folder):
    users = read(f"{folder}/users.csv")
    events = read(f"{folder}/events.csv")
    print("cohort,week,users,active,retention")
    raise NotImplementedError(f"{len(users)} users, {len(events)} events")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "files")
