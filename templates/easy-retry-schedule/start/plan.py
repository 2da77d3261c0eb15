"""Print when each job of standard input would try again."""

import sys

from retry.job import parse
from retry.schedule import plan


def main():
    for line in sys.stdin:
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        job = parse(line)
        times, reason = plan(job)
        print(f"{job.name}: {' '.join(map(str, times))} ({reason})")


if __name__ == "__main__":
    main()
