"""show.py FILE < NAME.in - one file that analyse.py writes, as words

The input is the word "here", for the data that everybody has, or the two files of other data.
"""
import csv
import json
import os
import subprocess
import sys
import tempfile


def unpack(text, folder):
    if text.strip() == "here":
        return "data"
    users, events = text.split("\nevents.csv\n")
    for name, content in (("users.csv", users.removeprefix("users.csv\n") + "\n"),
                          ("events.csv", events)):
        with open(os.path.join(folder, name), "w", newline="", encoding="utf-8") as file:
            file.write(content)
    return folder


def words(path):
    with open(path, newline="", encoding="utf-8") as file:
        if path.endswith(".json"):
            value = json.load(file)
            for name in ("platform", "version", "expected", "kept", "lost"):
                yield "%s %s" % (name, "none" if value[name] is None else value[name])
            return
        for row in csv.reader(file):
            yield " ".join(cell.replace(" ", "_") or "-" for cell in row)


def main(name):
    with tempfile.TemporaryDirectory() as folder:
        data = unpack(sys.stdin.read(), folder)
        out = os.path.join(folder, "made", "here")
        done = subprocess.run([sys.executable, "-S", "-B", "analyse.py", data, out],
                              stdout=subprocess.DEVNULL)
        if done.returncode:
            sys.exit("analyse.py ended with %d" % done.returncode)
        print("\n".join(words(os.path.join(out, name))))


main(sys.argv[1])
