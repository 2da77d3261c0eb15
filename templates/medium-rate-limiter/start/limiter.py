"""A rate limiter: the limit and requests on standard input, an answer for each on standard output."""

import sys


class Limiter:
    def __init__(self, limit, window):
        self.limit = limit
        self.window = window

    def request(self, time, key, cost=1):
        """The answer to a request: "ok N", "wait MS" or "never"."""
        raise NotImplementedError


def main():
    limiter = Limiter(*map(int, sys.stdin.readline().split()))
    for line in sys.stdin:
        time, key, *cost = line.split()
        print(limiter.request(int(time), key, *map(int, cost)))


if __name__ == "__main__":
    main()
