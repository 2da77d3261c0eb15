"""Count the words of standard input."""

import re
import sys
from collections import Counter

WORD = re.compile(rb"[A-Za-z0-9'\x80-\xff]+")


def main():
    counts = Counter(WORD.findall(sys.stdin.buffer.read().lower()))
    for word, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        sys.stdout.buffer.write(b"%d %s\n" % (count, word))


if __name__ == "__main__":
    main()
