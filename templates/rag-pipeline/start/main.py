"""The answer desk on the command line: reads commands, one per line, and prints answers."""

import sys

from rag.desk import Desk

DEMO = "docs/demo.txt"


def run(lines):
    """Yield what a session of commands prints."""
    desk = Desk()
    groups = ()
    lines = iter(lines)
    for line in lines:
        command, _, rest = line.strip().partition(" ")
        if not command or command.startswith("#"):
            continue
        if command == "put":
            document, *readers = rest.split()
            text = []
            for row in lines:
                if row.strip() == ".":
                    break
                text.append(row)
            desk.put(document, "\n".join(text), readers)
        elif command == "drop":
            desk.drop(rest.strip())
        elif command == "as":
            groups = tuple(rest.split())
        elif command == "ask":
            answer = desk.ask(rest, groups)
            yield f"{answer.text} ({answer.source or 'no source'})"
        else:
            yield f"error: unknown command: {command}"


def main():
    text = "" if sys.stdin.isatty() else sys.stdin.read()
    if not text:
        with open(DEMO, encoding="utf-8") as file:
            text = file.read()
    for row in run(text.splitlines()):
        print(row)


if __name__ == "__main__":
    main()
