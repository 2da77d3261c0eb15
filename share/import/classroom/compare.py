"""compare.py MODE IN ANS FEEDBACK < OUTPUT - GitHub Classroom's comparisons as a validator

exact: the same but for white space at both ends; included: the answer stands in the output; regex: it
matches somewhere. Ends of lines are made alike. 42 accepts, 43 does not.
"""
import os
import re
import sys


def text(data):
    return data.decode("utf-8", "replace").replace("\r\n", "\n")


def main():
    mode, _, answer_path, feedback = sys.argv[1:5]
    with open(answer_path, "rb") as file:
        answer = text(file.read())
    output = text(sys.stdin.buffer.read())
    if mode == "exact":
        good = output.strip() == answer.strip()
        wanted = "the output is not the expected one"
    elif mode == "included":
        good = answer in output
        wanted = "the output does not have the expected text in it"
    else:
        good = re.search(answer, output) is not None
        wanted = "the output does not match the expected pattern"
    if good:
        return 42
    with open(os.path.join(feedback, "judgemessage.txt"), "w", encoding="utf-8") as file:
        file.write(wanted + "\n")
    return 43


sys.exit(main())
