"""Count the words of standard input."""

import re
import sys

WORD = re.compile(rb"[A-Za-z0-9'\x80-\xff]+")


def main():
    table = []
    for word in WORD.findall(sys.stdin.buffer.read().lower()):
        for entry in table:
            if entry[0] == word:
                entry[1] += 1
                break
        else:
            table.append([word, 1])
    for word, count in sorted(table, key=lambda entry: (-entry[1], entry[0])):
        sys.stdout.buffer.write(b"%d %s\n" % (count, word))


if __name__ == "__main__":
    main()
