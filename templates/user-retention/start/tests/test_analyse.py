"""What the files look like, on four users. Run: python3 -m pytest -q tests"""
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.join(os.path.dirname(HERE), "analyse.py")


def analyse(folder):
    out = os.path.join(folder, "new", "out")
    done = subprocess.run([sys.executable, PROGRAM, os.path.join(HERE, "data"), out],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return out


def text(out, name):
    with open(os.path.join(out, name), encoding="utf-8") as file:
        return file.read()


def test_retention(tmp_path):
    assert text(analyse(tmp_path), "retention.csv") == (
        "cohort,users,w0,w1,w2,w3,w4\n"
        "2026-01-05,2,1.0000,0.5000,,,\n"
        "2026-01-12,1,1.0000,,,,\n")


def test_segments(tmp_path):
    assert text(analyse(tmp_path), "segments.csv") == (
        "segment,value,users,w1\n"
        "channel,ads,1,0.0000\n"
        "channel,organic,1,1.0000\n"
        "platform,android,1,0.0000\n"
        "platform,ios,1,1.0000\n"
        "version,1.0,2,0.5000\n"
        "first_lesson,no,1,0.0000\n"
        "first_lesson,yes,1,1.0000\n")


def test_findings_of_so_few(tmp_path):
    assert json.loads(text(analyse(tmp_path), "findings.json")) == {
        "platform": None, "version": None, "expected": None, "kept": 0, "lost": 0}
