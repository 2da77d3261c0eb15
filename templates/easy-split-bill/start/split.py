"""Split bills: amounts and weights on standard input, shares on standard output."""

import sys


def split(amount, weights):
    """The shares of an amount, in cents; they add up to it."""
    raise NotImplementedError


def main():
    for line in sys.stdin:
        print(split(*line.split()))


if __name__ == "__main__":
    main()
