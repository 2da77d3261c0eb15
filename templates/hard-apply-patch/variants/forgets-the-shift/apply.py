"""Apply a patch: text, %%% and patch on standard input, the patched text on standard output."""

import re
import sys
from bisect import bisect_left
from dataclasses import dataclass, field

HEADER = re.compile(r"@@ -([0-9]+)(?:,([0-9]+))? \+([0-9]+)(?:,([0-9]+))? @@.*", re.DOTALL)


class Malformed(Exception):
    """The number of the first wrong line of the patch."""


@dataclass
class Hunk:
    start: int  # index of the line of the text where it should go
    old: list = field(default_factory=list)
    new: list = field(default_factory=list)


def count(text):
    return 1 if text is None else int(text)


def parse_hunk(patch, at):
    """The hunk whose header is line `at`, and the index of the line after it."""
    header = HEADER.fullmatch(patch[at])
    if not header:
        raise Malformed(at + 1)
    old, new = count(header[2]), count(header[4])
    if old == new == 0:
        raise Malformed(at + 1)
    start = int(header[1])
    hunk = Hunk(start if old == 0 else start - 1)
    while len(hunk.old) < old or len(hunk.new) < new:
        at += 1
        line = patch[at] if at < len(patch) else "@"
        mark, rest = line[:1] or " ", line[1:]
        if mark not in " -+":
            raise Malformed(at + 1)
        if mark != "+":
            hunk.old.append(rest)
        if mark != "-":
            hunk.new.append(rest)
        if len(hunk.old) > old or len(hunk.new) > new:
            raise Malformed(at + 1)
    return hunk, at + 1


def parse(patch):
    hunks, at = [], 0
    while at < len(patch):
        hunk, at = parse_hunk(patch, at)
        hunks.append(hunk)
    return hunks


class Text:
    """The lines of a text, and where each of them stands."""

    def __init__(self, lines):
        self.lines = lines
        self.places = {}
        for index, line in enumerate(lines):
            self.places.setdefault(line, []).append(index)

    def fits(self, hunk, place, bound):
        end = place + len(hunk.old)
        return bound <= place and end <= len(self.lines) and self.lines[place:end] == hunk.old

    def find(self, hunk, expected, bound):
        """The nearest place where the hunk fits, of two the later one; None if there is none."""
        if self.fits(hunk, expected, bound):
            return expected
        if not hunk.old:
            return min(max(expected, bound), len(self.lines))
        rarest = min(range(len(hunk.old)), key=lambda index: len(self.places.get(hunk.old[index], [])))
        places = self.places.get(hunk.old[rarest], [])
        after = bisect_left(places, expected + rarest)
        later = self.first_fit(hunk, (place - rarest for place in places[after:]), bound)
        earlier = self.first_fit(hunk, (place - rarest for place in reversed(places[:after])), bound)
        if later is None or earlier is None:
            return later if earlier is None else earlier
        return earlier if expected - earlier < later - expected else later

    def first_fit(self, hunk, places, bound):
        return next((place for place in places if self.fits(hunk, place, bound)), None)


def apply(text, patch):
    """The rows to print, for the lines of a text and of a patch."""
    try:
        hunks = parse(patch)
    except Malformed as line:
        return [f"malformed: line {line}"]
    source, result, failed = Text(text), [], []
    bound = 0
    for number, hunk in enumerate(hunks, start=1):
        place = source.find(hunk, hunk.start, bound)
        if place is None:
            failed.append(f"failed: hunk {number}")
            continue
        result += text[bound:place] + hunk.new
        bound = place + len(hunk.old)
    return failed or result + text[bound:]


def main():
    lines = sys.stdin.read().split("\n")[:-1]
    middle = lines.index("%%%")
    for row in apply(lines[:middle], lines[middle + 1 :]):
        print(row)


if __name__ == "__main__":
    main()
