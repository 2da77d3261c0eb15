"""Count the words of standard input."""

import sys


def main():
    data = sys.stdin.buffer.read()
    raise NotImplementedError(f"{len(data)} bytes to count")


if __name__ == "__main__":
    main()
