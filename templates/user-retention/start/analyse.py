"""analyse.py DATA OUT - see README.md"""
import csv
import os
import sys


def rows(folder, name):
    """The lines of a file of DATA, each as a dictionary of texts."""
    with open(os.path.join(folder, name), newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def main(data, folder):
    raise NotImplementedError("write retention.csv, segments.csv and findings.json")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: analyse.py DATA OUT")
    main(sys.argv[1], sys.argv[2])
