"""Apply a patch: text, %%% and patch on standard input, the patched text on standard output."""

import sys


def apply(text, patch):
    """The rows to print, for the lines of a text and of a patch."""
    raise NotImplementedError


def main():
    lines = sys.stdin.read().split("\n")[:-1]
    middle = lines.index("%%%")
    for row in apply(lines[:middle], lines[middle + 1 :]):
        print(row)


if __name__ == "__main__":
    main()
