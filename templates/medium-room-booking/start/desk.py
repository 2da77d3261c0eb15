"""The front desk: commands about rooms on standard input, an answer for each on standard output."""

import sys


class Desk:
    def answer(self, command, *words):
        """What is printed for a command."""
        raise NotImplementedError


def main():
    desk = Desk()
    for line in sys.stdin:
        print(desk.answer(*line.split()))


if __name__ == "__main__":
    main()
