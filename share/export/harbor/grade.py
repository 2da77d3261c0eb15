"""Grades the workspace of a Harbor task that tali exported, by plan.json beside this file.

Usage: grade.py WORKSPACE REWARD

The tests run on a copy: the workspace without caches, protected files put back, and for hidden
tests the files of hidden/ over it. Each runs in a folder of its own. The reward is the points that
were earned, over those that are possible. Only the standard library of Python 3.9 is used.
"""
import decimal
import fnmatch
import json
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
from pathlib import Path

HERE = Path(__file__).resolve().parent
PLAN = json.loads((HERE / "plan.json").read_text())
OUTPUT_MOST = 8 << 20


def pattern(glob):
    """'*' and '?' within a part of a path, '**' over parts, [a-z] sets."""
    out, at = "", 0
    while at < len(glob):
        if glob.startswith("**/", at):
            out, at = out + "(?:.*/)?", at + 3
        elif glob.startswith("**", at):
            out, at = out + ".*", at + 2
        elif glob[at] == "*":
            out, at = out + "[^/]*", at + 1
        elif glob[at] == "?":
            out, at = out + "[^/]", at + 1
        elif glob[at] == "[" and "]" in glob[at + 2:]:
            end = glob.index("]", at + 2) + 1
            out, at = out + "[" + glob[at + 1:end].replace("!", "^", 1), end
        else:
            out, at = out + re.escape(glob[at]), at + 1
    return re.compile(out + r"\Z", re.S)


PROTECTED = [pattern(glob) for glob in PLAN["protected"]]


def is_ours(path):
    """Whether the workspace has no say in it."""
    parts = path.split("/")
    return (parts[0] in (".harbor", "files") or any(part in PLAN["caches"] for part in parts)
            or path.endswith((".pyc", ".pyo")) or any(glob.match(path) for glob in PROTECTED)
            or any(path.startswith(folder + "/") for folder in PLAN["hidden_folders"]))


def files(top):
    for folder, names, found in os.walk(top):
        names.sort()
        for name in sorted(found):
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(top).as_posix()


def lay(top, to, wanted=lambda path: True):
    if not top.is_dir():
        return
    for path in files(top):
        if wanted(path):
            target = to / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(top / path, target)


def put_right(top, to):
    lay(top, to, lambda path: not is_ours(path))
    lay(HERE / "owned", to)


class Run:
    """One command: its exit status (None when it was stopped), and what it wrote."""

    def __init__(self, argv, folder, given=b"", out=None):
        env = {"PATH": os.environ.get("PATH", "/usr/local/bin:/usr/bin:/bin"), "HOME": "/tmp",
               "LANG": "C.UTF-8", "TZ": "UTC", "TALI_TEST": "1", "PYTHONDONTWRITEBYTECODE": "1",
               "PYTHONHASHSEED": "0", "PYTEST_ADDOPTS": "-p no:cacheprovider"}
        self.status, self.out = None, b""
        with tempfile.TemporaryFile() as read, tempfile.TemporaryFile() as wrote:
            read.write(given)
            read.seek(0)
            try:
                child = subprocess.Popen(argv, cwd=folder, env=env, stdin=read, stdout=wrote,
                                         stderr=out, start_new_session=True)
            except OSError as fault:
                print(f"{argv[0]}: {fault.strerror}")
                self.status = 127
                return
            try:
                self.status = child.wait(PLAN["wall_seconds"])
            except subprocess.TimeoutExpired:
                print(f"{argv[0]}: took more than {PLAN['wall_seconds']} s")
            try:
                os.killpg(child.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            child.wait()
            wrote.seek(0)
            self.out = wrote.read(OUTPUT_MOST + 1)


# --- reports: {name of a case: its share of the points}, or ValueError

def read_junit(text):
    cases = []
    for case in xml.fromstring(text).iter("testcase"):
        bad = any(case.find(tag) is not None for tag in ("failure", "error", "skipped"))
        cases.append((case.get("name", "(no name)"), case.get("classname"), 0 if bad else 1))
    count = {}
    for name, _, _ in cases:
        count[name] = count.get(name, 0) + 1
    found = {}
    for name, group, share in cases:
        name = f"{group}.{name}" if group and count[name] > 1 else name
        found[name] = min(share, found.get(name, 1))
    return found


def read_tap(text):
    found, plan = {}, None
    for line in text.decode(errors="replace").splitlines():
        if line.startswith("Bail out!"):
            raise ValueError("it bailed out")
        case = re.match(r"(not )?ok\b\s*(\d*)\s*-?\s*([^#]*)(?:#\s*(\w*))?", line)
        if case:
            name = case[3].strip() or case[2] or str(len(found) + 1)
            undone = (case[4] or "").lower() in ("skip", "todo")
            found[name] = min(0 if case[1] or undone else 1, found.get(name, 1))
        elif re.match(r"1\.\.\d+", line):
            plan = int(re.match(r"1\.\.(\d+)", line)[1])
    if plan is None or plan < len(found):
        raise ValueError("its plan is not what was run")
    return found


def read_ctrf(text):
    return {"/".join(test.get("suite", []) + [test["name"]]): int(test["status"] == "passed")
            for test in json.loads(text)["results"]["tests"]}


def read_gotest(text):
    found = {}
    for line in text.decode().splitlines():
        event = json.loads(line) if line.startswith("{") else {}
        if event.get("Test") and event.get("Action") in ("pass", "fail", "skip"):
            found[f"{event.get('Package')}/{event['Test']}"] = int(event["Action"] == "pass")
    return found


def read_reward(text):
    value = json.loads(text) if text.lstrip().startswith(b"{") else float(text)
    if isinstance(value, dict):
        value = value["reward"] if "reward" in value else list(value.values())[0]
    if not 0 <= value <= 1:
        raise ValueError("is no reward")
    return {"reward": float(value)}


READERS = {"junit": read_junit, "tap": read_tap, "ctrf": read_ctrf, "gotest": read_gotest,
           "reward": read_reward}


def run_command(test, folder):
    with tempfile.TemporaryDirectory() as place:
        report = Path(place, "report")
        argv = [word.replace("{report}", str(report)) for word in test["argv"]]
        run = Run(argv, folder)
        sys.stdout.write(run.out[-20000:].decode(errors="replace"))
        if test["report"] == "exit":
            return {"exit": int(run.status == 0)}
        inside = any("{report}" in word for word in test["argv"])
        text = run.out if not inside else b""
        if inside and report.is_file() and not report.is_symlink():
            text = report.read_bytes()[:OUTPUT_MOST + 1]
    found = READERS[test["report"]](text)
    for name in test.get("must_fail", []):
        if found.pop(name, 0):
            raise ValueError("a control case passed that no honest answer can pass")
    well = run.status == 0
    bad = any(share < 1 for share in found.values())
    if not well and test["report"] == "reward":
        raise ValueError("the run that left the reward ended badly")
    if not well and not bad and not test.get("must_fail"):
        raise ValueError("all cases passed, but the run ended badly")
    if well and bad and test["report"] not in ("tap", "reward"):
        raise ValueError("cases failed, but the run ended well")
    return found


# --- io tests

def near(left, right, rule):
    if left == right:
        return True
    if not rule:
        return False
    number = re.compile(rb"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\Z")
    if not number.match(left) or not number.match(right):
        return False
    if not (math.isfinite(float(left)) and math.isfinite(float(right))):
        return False
    exact = decimal.Context(prec=40)
    got, want, most, share = (exact.create_decimal(text) for text in (
        left.decode(), right.decode(), str(rule.get("abs", 0)), str(rule.get("rel", 0))))
    error = exact.subtract(got, want).copy_abs()
    return error <= most or error <= exact.multiply(share, want.copy_abs())


def compare_kattis(got, want, rule):
    if not rule.get("case_sensitive"):
        got, want = got.lower(), want.lower()
    if rule.get("space_change_sensitive"):
        left, right = re.split(rb"(\s)", got), re.split(rb"(\s)", want)
    else:
        left, right = got.split(), want.split()
    names = {"rel": "float_relative_tolerance", "abs": "float_absolute_tolerance"}
    limits = {name: rule[key] for name, key in names.items() if key in rule}
    return len(left) == len(right) and all(near(a, b, limits) for a, b in zip(left, right))


def judge(test, compare, paths, got, judge_folder, worth):
    """The share that a validator of the task gives."""
    with tempfile.TemporaryDirectory() as feedback:
        run = Run(compare["validator"] + [str(path) for path in paths] + [feedback + "/"]
                  + test.get("validator_args", []), judge_folder, got)
        if run.status not in (42, 43):
            raise RuntimeError(f"the validator ended with {run.status}")
        if run.status == 43:
            return 0
        if not test.get("validator_score"):
            return 1
        for name, most in (("score.txt", worth), ("score_multiplier.txt", 1)):
            path = Path(feedback, name)
            if path.is_file():
                return min(1, max(0, float(path.read_text()) / most)) if most else 1
        return 1


def accepts(test, paths, got, judge_folder, worth):
    compare, want = test["compare"], paths[1].read_bytes()
    if compare == "exact":
        return int(got == want)
    if compare == "tokens":
        return int(got.split() == want.split())
    if "validator" in compare:
        return judge(test, compare, paths, got, judge_folder, worth)
    if "kattis" in compare:
        return int(compare_kattis(got, want, compare["kattis"]))
    left, right = got.split(), want.split()
    return int(len(left) == len(right)
               and all(near(a, b, compare["float"]) for a, b in zip(left, right)))


def run_io(test, folder, judge_folder):
    top = HERE / ("hidden" if test["visibility"] == "hidden" else "start") / test["dir"]
    inputs = sorted(top.glob("*.in"))
    found, stopped = {}, False
    worth = test["points"] / len(inputs) if inputs else 0
    for path in inputs:
        answer = path.with_suffix(".ans")
        answer = answer if answer.is_file() else path.with_suffix(".out")
        run = None if stopped else Run(test["argv"], folder(), path.read_bytes())
        found[path.stem] = (accepts(test, (path, answer), run.out, judge_folder, worth)
                            if run and run.status == 0 else 0)
        stopped = stopped or (test.get("stop_early") and not found[path.stem])
    return found


# --- points

def weight_of(test, name):
    cases, last = test.get("cases", {}), 1
    if "weight" in cases.get(name, {}):
        return cases[name]["weight"]
    for glob, entry in cases.items():
        if "weight" in entry and fnmatch.fnmatchcase(name, glob):
            last = entry["weight"]
    return last


def share_of(test, found):
    weights = {name: weight_of(test, name) for name in found}
    if not sum(weights.values()):
        weights = dict.fromkeys(found, 1)
    if not weights:
        return 0
    if test.get("aggregate") == "min":
        return min(share for name, share in found.items() if weights[name])
    return sum(weights[name] * share for name, share in found.items()) / sum(weights.values())


class Ground:
    """The trees that tests run on; each test gets a copy."""

    def __init__(self, workspace, place):
        self.place, self.count = place, 0
        self.base = self.fresh()
        put_right(workspace, self.base)
        self.built = self.build()
        self.judge = self.fresh()
        lay(HERE / "start", self.judge)
        lay(HERE / "hidden", self.judge)
        if PLAN["judge_build"] and Run(PLAN["judge_build"], self.judge).status != 0:
            raise RuntimeError("judge_build failed")

    def fresh(self):
        self.count += 1
        folder = self.place / str(self.count)
        folder.mkdir()
        return folder

    def build(self):
        if not PLAN["build"]:
            return True
        run = Run(PLAN["build"], self.base)
        sys.stdout.write(run.out[-20000:].decode(errors="replace"))
        if run.status != 0:
            return False
        right = self.fresh()
        put_right(self.base, right)
        self.base = right
        return True

    def copy(self, hidden):
        folder = self.fresh()
        lay(self.base, folder)
        if hidden:
            lay(HERE / "hidden", folder)
        return folder


def run_test(test, ground):
    """The share of its points."""
    hidden = test["visibility"] == "hidden"
    try:
        if test["kind"] == "io":
            found = run_io(test, lambda: ground.copy(False), ground.judge)
        else:
            found = run_command(test, ground.copy(hidden))
    except (ValueError, KeyError, TypeError, IndexError, xml.ParseError) as fault:
        print(f"{test['id']}: no report that can be believed: {fault}")
        return 0
    for name, share in found.items():
        print(f"{'pass' if share == 1 else 'FAIL'}  {test['id']}/{name}")
    return share_of(test, found)


def main():
    workspace, reward = Path(sys.argv[1]), Path(sys.argv[2])
    earned, possible, complete = 0, 0, set()
    with tempfile.TemporaryDirectory() as place:
        ground = Ground(workspace, Path(place))
        for test in PLAN["tests"]:
            required = all(other in complete for other in test.get("requires", []))
            share = run_test(test, ground) if ground.built and required else 0
            if share == 1:
                complete.add(test["id"])
            earned += share * test["points"]
            possible += test["points"]
    print(f"{earned:g} of {possible:g} points")
    reward.parent.mkdir(parents=True, exist_ok=True)
    reward.write_text(f"{earned / possible if possible else 0:g}\n")


main()
