"""A rate limiter: the limit and requests on standard input, an answer for each on standard output."""

import sys
from bisect import bisect_left


class Use:
    """What a key has used: for each accepted request its time, and the sum of all units up to it."""

    def __init__(self):
        self.times = []
        self.sums = []
        self.first = 0  # index of the oldest request that is still in use

    def free_until(self, time):
        while self.first < len(self.times) and self.times[self.first] <= time:
            self.first += 1

    @property
    def total(self):
        return self.sums[-1] if self.sums else 0

    @property
    def freed(self):
        return self.sums[self.first - 1] if self.first else 0

    def add(self, time, cost):
        self.times.append(time)
        self.sums.append(self.total + cost)

    def time_when_freed(self, units):
        """The time of the request with which so many more units become free."""
        return self.times[bisect_left(self.sums, self.freed + units, lo=self.first)]


class Limiter:
    def __init__(self, limit, window):
        self.limit = limit
        self.window = window
        self.now = 0
        self.uses = {}

    def request(self, time, key, cost=1):
        """The answer to a request: "ok N", "wait MS" or "never"."""
        if cost > self.limit:
            return "never"
        use = self.uses.setdefault(key, Use())
        self.now = max(self.now, time)
        use.free_until(self.now - self.window)
        room = self.limit - (use.total - use.freed)
        if cost > room:
            wait = use.time_when_freed(cost - room) + self.window - self.now
            use.add(self.now, room)
            return f"wait {wait}"
        use.add(self.now, cost)
        return f"ok {room - cost}"


def main():
    limiter = Limiter(*map(int, sys.stdin.readline().split()))
    for line in sys.stdin:
        time, key, *cost = line.split()
        print(limiter.request(int(time), key, *map(int, cost)))


if __name__ == "__main__":
    main()
