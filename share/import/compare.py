"""compare.py MODE IN ANS FEEDBACK < OUTPUT - comparisons of other formats as a validator

exact	 the same but for white space at both ends
included the answer, but for white space at its ends, stands in the output
search	 the answer matches somewhere in the output, with or without white space at its ends
regex	 the same, but ^ and $ are also the ends of lines, and . is any character
lines	 the same but for white space at the ends of lines and empty lines at the end
near	 as lines, but words apart by any white space, capitals as small letters, no empty lines

Ends of lines are made alike. Exit status 42 accepts, 43 does not.
"""
import os
import re
import sys


def lines(text):
    return [line.rstrip() for line in text.rstrip().split("\n")]


def near(text):
    return [" ".join(line.lower().split()) for line in text.split("\n") if line.strip()]


def pattern(text):
    """Languages other than Python write names of groups as (?<name>...)."""
    try:
        re.compile(text)
        return text
    except re.error:
        return re.sub(r"(\\.)|\(\?<(?=\w)", lambda found: found[1] or "(?P<", text)


MODES = {
    "exact": (lambda output, answer: output.strip() == answer.strip(),
              "the output is not the expected one"),
    "included": (lambda output, answer: answer.strip() in output,
                 "the output does not have the expected text in it"),
    "search": (lambda output, answer: any(re.search(pattern(answer), text)
                                          for text in (output, output.strip())),
               "the output does not match the expected pattern"),
    "regex": (lambda output, answer: re.search(pattern(answer.rstrip()), output,
                                                re.MULTILINE | re.DOTALL),
              "the output does not match the expected pattern"),
    "lines": (lambda output, answer: lines(output) == lines(answer),
              "the output is not the expected one"),
    "near": (lambda output, answer: near(output) == near(answer),
             "the output is not the expected one"),
}


def decode(data):
    return data.decode("utf-8", "replace").replace("\r\n", "\n")


def main():
    mode, _, answer_path, feedback = sys.argv[1:5]
    with open(answer_path, "rb") as file:
        answer = decode(file.read())
    accepts, message = MODES[mode]
    if accepts(decode(sys.stdin.buffer.read()), answer):
        return 42
    with open(os.path.join(feedback, "judgemessage.txt"), "w", encoding="utf-8") as file:
        file.write(message + "\n")
    return 43


sys.exit(main())
