"""A rate limiter: the limit and requests on standard input, an answer for each on standard output."""

import sys


class Limiter:
    def __init__(self, limit, window):
        self.limit = limit
        self.window = window
        self.now = 0
        self.accepted = {}

    def request(self, time, key, cost=1):
        """The answer to a request: "ok N", "wait MS" or "never"."""
        self.now = max(self.now, time)
        if cost > self.limit:
            return "never"
        log = [entry for entry in self.accepted.get(key, []) if self.now - entry[0] < self.window]
        self.accepted[key] = log
        used = sum(entry[1] for entry in log)
        if used + cost <= self.limit:
            log.append((self.now, cost))
            return f"ok {self.limit - used - cost}"
        for then, units in log:
            used -= units
            if used + cost <= self.limit:
                return f"wait {then + self.window - self.now}"


def main():
    limiter = Limiter(*map(int, sys.stdin.readline().split()))
    for line in sys.stdin:
        time, key, *cost = line.split()
        print(limiter.request(int(time), key, *map(int, cost)))


if __name__ == "__main__":
    main()
