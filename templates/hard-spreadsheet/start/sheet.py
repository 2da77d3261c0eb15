"""A spreadsheet: cells on standard input, their values on standard output."""

import sys


def values(lines):
    """The value of every cell that the lines give, by its name."""
    raise NotImplementedError


def main():
    for cell, value in values(sys.stdin).items():
        print(cell, value)


if __name__ == "__main__":
    main()
