#!/usr/bin/env python3
"""trace.py - finds the numbers of a score again, from the exported journal alone

    trace.py SCORE JOURNAL

SCORE is a tali.score/1, JOURNAL what `tali journal export` wrote of the same session. Written apart
from the program and in another way: lists instead of one pass. The numbers of these signals must be
the same here; each event that is cited must be of a kind that can bear it; each mean must be what a
pencil gives."""

import base64
import difflib
import json
import os
import re
import sys
from decimal import ROUND_HALF_UP, Decimal
from statistics import median_low

sys.dont_write_bytecode = True

from golden import STARTER

CHECKS = {"run", "test", "terminal_in"}
KINDS = {
    "plan_before_code": {"note", "ai_prompt", "edit", "file", "snapshot"},
    "step_size": CHECKS, "checked_work": CHECKS | {"edit", "file", "snapshot"},
    "increments": CHECKS, "green_steps": {"test"}, "estimate_error": {"estimate"},
    "reading_first": {"edit", "file"}, "statement_returns": {"open"},
    "terms_named": {"note", "ai_prompt", "edit", "file"}, "prompt_quality": {"ai_prompt"},
    "repeated_text": {"ai_prompt"}, "context_used": {"ai_prompt"},
    "references_back": {"ai_prompt"}, "acted_on": {"ai_prompt"}, "prompts_per_case": {"test"},
    "recovery_steps": {"run", "test"}, "ai_code_mended": {"run", "test"},
    "tools_used": {"run", "test", "terminal_in", "ai_prompt", "note"},
    "final_check": CHECKS | {"edit", "file", "snapshot"},
    "ai_code_checked": CHECKS | {"edit", "file"}, "ask_apply_verify": {"ai_prompt"},
    "change_check_turns": CHECKS, "active_share": set(),
    "surviving_share": {"edit"}, "tokens_for_points": {"ai_response"}, "time_for_points": set(),
}


def read(path):
    """The events up to the submission, and the texts that they name."""
    with open(path, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    texts = {line["blob"]["hash"]: base64.b64decode(line["blob"]["data"]).decode()
             for line in lines if "blob" in line}
    events = [line["event"] for line in lines if "event" in line]
    for event in events:
        event["at"] = event.get("client_time") or event["time"]
        if event["kind"] == "submit":
            return events[:event["seq"] + 1], texts
    return events, texts


def is_text(path):
    return bool(re.search(r"(\.md|\.txt|README|PLAN|NOTES|TODO)$", path))


def rounded(part, whole):
    return float((Decimal(part) / Decimal(whole)).quantize(Decimal("0.01"), ROUND_HALF_UP))


def percent(part, whole):
    return rounded(100 * part, whole) if whole else 0.0


def brought(before, after):
    """What a text that replaces another brings: lines that differ, but for their equal ends."""
    old, new = before.splitlines(True), after.splitlines(True)
    result = ""
    for _, a, b, c, d in difflib.SequenceMatcher(None, old, new, False).get_opcodes():
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        head = len(os.path.commonprefix([gone, come]))
        gone, come = gone[head:][::-1], come[head:][::-1]
        result += come[len(os.path.commonprefix([gone, come])):] if gone != come else ""
    return result


def written(events, texts):
    """Files that an agent wrote as a whole, as edits; they begin as the task has them."""
    now, result = {"bill.py": STARTER}, []
    for e in events:
        content = e["data"].get("content") if e["kind"] == "file" else None
        if content:
            path, text = e["data"]["path"], texts[content["blob"]]
            result.append((e["seq"], e["at"], {
                "file": path, "ins": brought(now.get(path, ""), text), "del": 0,
                "origin": e["data"]["origin"]}))
            now[path] = text
    return result


class Trace:
    """What the journal says, in lists."""

    def __init__(self, events, texts, work, grade):
        self.events, self.work, self.grade = events, work, grade
        self.edits = [(e["seq"], e["at"], edit) for e in events if e["kind"] == "edit"
                      for edit in e["data"]["edits"]]
        self.edits = sorted(self.edits + written(events, texts), key=lambda edit: edit[0])
        self.ends = [e for e in events if e["kind"] in ("run", "test")]
        self.checks = [e for e in events if e["kind"] in ("run", "test") or
                       e["kind"] == "terminal_in" and
                       e["data"]["chunks"][0]["text"].startswith("python3 check_")]
        self.tests = [e for e in events if e["kind"] == "test"]
        # what a tool gave goes back to the model: no words of the person
        self.prompts = [e for e in events if e["kind"] == "ai_prompt" and
                        e["data"].get("about", "chat") == "chat"]
        self.answers = [e for e in events if e["kind"] == "ai_response"]
        self.code = [e for e in self.edits if not is_text(e[2]["file"])]
        self.start = next(e["at"] for e in events if e["kind"] == "status" and
                          e["data"]["to"] == "active")
        self.total, self.active = self.time(self.start, events[-1]["at"] + 1)

    def time(self, since, until):
        ats = [since] + [e["at"] for e in self.events if since < e["at"] < until and
                         e["kind"] not in ("snapshot", "status", "signature", "invite", "score",
                                       "terminal_out")]
        gaps = [b - a for a, b in zip(ats, ats[1:])]
        return sum(min(g, 300000) for g in gaps), sum(min(g, 60000) for g in gaps)

    def steps(self):
        """Bytes of each step that changed something, and whether a check ended it."""
        ends = [c["seq"] for c in self.checks] + [10 ** 9]
        result, before = [], -1
        for end in ends:
            size = sum(len(e["ins"].encode()) + e["del"] for seq, _, e in self.code
                       if before < seq < end)
            if size:
                result.append((size, end < 10 ** 9))
            before = end
        return result

    def passed(self, check):
        data = check["data"]
        if check["kind"] == "test":
            return data["total"] > 0 and data["passed"] == data["total"]
        return data["verdict"] == "ok" and data["exit_status"] == 0

    def gained(self):
        best, first, rises = None, None, 0
        for test in self.tests:
            now = test["data"]["passed"]
            if best is None:
                best = first = now
            elif now > best:
                best, rises = now, rises + 1
        return (best or 0) - (first or 0), rises

    def between(self, i, events):
        """Events after prompt i and before the next."""
        until = self.prompts[i + 1]["seq"] if i + 1 < len(self.prompts) else 10 ** 9
        return [e for e in events if self.prompts[i]["seq"] < e < until]

    def numbers(self):
        steps, checks = self.steps(), self.checks
        gained, rises = self.gained()
        n = len(self.prompts)
        seqs = [seq for seq, _, _ in self.edits]
        check_seqs = [c["seq"] for c in checks]
        ended = [s for s in steps if s[1]]
        result = {
            "step_size": median_low([s[0] for s in steps]) if len(ended) > 1 else None,
            "checked_work": percent(sum(s[0] for s in ended), sum(s[0] for s in steps))
            if steps else None,
            "increments": len(ended) if steps else None,
            "green_steps": rises if gained else None,
            "change_check_turns": len(ended) if steps else None,
            "tools_used": len({e["kind"] for e in self.events} &
                              {"run", "test", "terminal_in", "ai_prompt", "note"})
            if steps else None,
            "final_check": int(bool(checks) and checks[-1]["seq"] > self.code[-1][0])
            if self.code else None,
            "prompt_quality": rounded(sum(p["value"] for p in self.work["prompts"]), n)
            if n else None,
        }
        if seqs:
            first = next((at for _, at, _ in self.code), None)
            seq = next((seq for seq, _, _ in self.code), 10 ** 9)
            result["reading_first"] = rounded(self.time(self.start, first + 1)[0], 1000)
            looks = [e for e in self.events if e["kind"] == "open" and
                     e["data"]["file"] == "README.md"]
            if looks:
                result["statement_returns"] = sum(e["seq"] > seq for e in looks)
            result["plan_before_code"] = self.plan()
        if n > 1:
            result["acted_on"] = percent(sum(bool(self.between(i, seqs + check_seqs))
                                             for i in range(n)), n)
        if n:
            closed = 0
            for i in range(n):
                changed = self.between(i, seqs)
                closed += any(c > changed[0] for c in self.between(i, check_seqs)) \
                    if changed else 0
            result["ask_apply_verify"] = percent(closed, n)
            if len(self.tests) > 1 and not self.passed(self.tests[0]):
                result["prompts_per_case"] = rounded(n, max(gained, 1))
            result["recovery_steps"] = self.recovery()
        estimate = next((e for e in self.events if e["kind"] == "estimate"), None)
        if estimate:
            said = estimate["data"]["minutes"] * 60000
            took = self.total - self.time(self.start, estimate["at"] + 1)[0]
            result["estimate_error"] = percent(abs(said - took), max(said, took))
        if seqs and self.total >= 120000:
            result["active_share"] = percent(self.active, self.total)
        typed = sum(len(e["ins"].encode()) for _, _, e in self.edits
                    if e.get("origin", "typed") == "typed")
        if typed >= 200:
            left = self.work["origins"]["typed"] + self.work["origins"]["moved"]
            result["surviving_share"] = percent(min(left, typed), typed)
        return result

    def plan(self):
        size = 0
        for seq, _, edit in self.code:
            size += len(edit["ins"].encode())
            if size >= 400:
                texts = [e["data"]["text"] for e in self.events if e["seq"] < seq and
                         e["kind"] in ("note", "ai_prompt")]
                return max([len(re.findall(r"^- ", t, re.M)) for t in texts] + [0])
        return None

    def recovery(self):
        steps, failures, failed = 0, 0, None
        for i, check in enumerate(self.ends):
            if failed is None and not self.passed(check):
                failed, failures = i, failures + 1
            elif failed is not None and self.passed(check) and \
                    check["kind"] in ("test", self.ends[failed]["kind"]):
                steps, failed = steps + i - failed, None
        if failed is not None:
            steps += 10
        return rounded(steps, failures) if failures else None


def mean(items, weight):
    known = [i for i in items if i["value"] is not None]
    total = sum(Decimal(str(i[weight])) for i in known)
    if not total:
        return None
    value = sum(Decimal(str(i[weight])) * Decimal(str(i["value"])) for i in known) / total
    return float(value.quantize(Decimal("0.01"), ROUND_HALF_UP))


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        document = json.load(file)
    (events, texts), score = read(sys.argv[2]), document["score"]
    numbers = Trace(events, texts, document["work"], document["grade"]).numbers()
    faults, traced = [], 0
    for category in score["categories"]:
        for subitem in category["subitems"]:
            for signal in subitem["signals"]:
                name = signal["name"]
                for seq in signal["events"]:
                    if events[seq]["kind"] not in KINDS.get(name, set()):
                        faults.append(f"{name} cites event {seq}, {events[seq]['kind']}")
                if name in numbers:
                    traced += 1
                    if numbers[name] != signal["number"]:
                        faults.append(f"{name} is {signal['number']}, not {numbers[name]}")
            if mean(subitem["signals"], "share") != subitem["value"]:
                faults.append(f"{subitem['name']} is {subitem['value']}")
        if mean(category["subitems"], "weight") != category["value"]:
            faults.append(f"{category['name']} is {category['value']}")
    if mean(score["categories"], "weight") != score["value"]:
        faults.append(f"the score is {score['value']}")
    print("\n".join(faults) or f"{traced} numbers found again")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
