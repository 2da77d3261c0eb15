"""Percentiles over a sliding window: samples and questions on standard input, answers on standard output."""

import sys


class Window:
    def __init__(self, span, limit):
        self.span = span
        self.limit = limit

    def sample(self, time, value):
        raise NotImplementedError

    def percentiles(self, time, wanted):
        """The values at these percentiles, which are texts such as "99.9"; None when there is no sample."""
        raise NotImplementedError

    def count(self, time):
        """How many samples are in the window, and how many were dropped."""
        raise NotImplementedError


def main():
    window = Window(*map(int, sys.stdin.readline().split()))
    for line in sys.stdin:
        kind, time, *words = line.split()
        if kind == "s":
            window.sample(int(time), int(words[0]))
        elif kind == "q":
            values = window.percentiles(int(time), words)
            print(*("-" if value is None else value for value in values))
        else:
            print(*window.count(int(time)))


if __name__ == "__main__":
    main()
