"""Percentiles over a sliding window: samples and questions on standard input, answers on standard output."""

import math
import sys
from bisect import bisect_left, insort
from heapq import heappop, heappush


class Window:
    def __init__(self, span, limit):
        self.span = span
        self.limit = limit
        self.now = 0
        self.dropped = 0
        self.arrived = 0
        self.by_time = []  # heap of (time, order of arrival, value)
        self.values = []  # the same samples, values only, sorted

    def move(self, time):
        """The time goes on, and samples leave."""
        self.now = max(self.now, time)
        while self.by_time and self.by_time[0][0] <= self.now - self.span:
            self.remove_oldest()

    def remove_oldest(self):
        value = heappop(self.by_time)[2]
        del self.values[bisect_left(self.values, value)]

    def sample(self, time, value):
        self.move(time)
        if time <= self.now - self.span:
            self.dropped += 1
            return
        self.arrived += 1
        heappush(self.by_time, (time, self.arrived, value))
        insort(self.values, value)
        if len(self.by_time) > self.limit:
            self.remove_oldest()
            self.dropped += 1

    def percentiles(self, time, wanted):
        """The values at these percentiles, which are texts such as "99.9"; None when there is no sample."""
        self.move(time)
        if not self.values:
            return [None] * len(wanted)
        return [self.values[self.rank(text) - 1] for text in wanted]

    def rank(self, text):
        return max(1, math.ceil(float(text) / 100 * len(self.values)))

    def count(self, time):
        """How many samples are in the window, and how many were dropped."""
        self.move(time)
        return len(self.values), self.dropped


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
