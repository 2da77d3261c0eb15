"""Carry out the commands of standard input."""

import sys

from ledger import Ledger


def main():
    ledger = Ledger()
    for line in sys.stdin:
        for row in ledger.apply(line):
            print(row)


if __name__ == "__main__":
    main()
