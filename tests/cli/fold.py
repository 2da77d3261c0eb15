"""fold.py EXPORT REPOSITORY - makes the files of a journal from its events alone, without tali, and
compares them with what the snapshots say; prints a line for each snapshot that was compared"""
import base64
import hashlib
import json
import subprocess
import sys


def git(*words):
    return subprocess.run(["git", "-C", sys.argv[2], *words], check=True,
                          capture_output=True).stdout


def tree(oid):
    files = {}
    for line in git("ls-tree", "-r", "-z", oid).split(b"\0"):
        if line:
            words, path = line.split(b"\t", 1)
            files[path.decode()] = git("cat-file", "blob", words.split()[2].decode())
    return files


def sha(data):
    return hashlib.sha256(data).hexdigest()


lines = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
blobs = {line["blob"]["hash"]: base64.b64decode(line["blob"]["data"])
         for line in lines if "blob" in line}
files = {}
instant = 0
for event in (line["event"] for line in lines if "event" in line):
    data, kind = event["data"], event["kind"]
    assert instant <= event.get("client_time", event["time"]) <= event["time"], event["seq"]
    instant = event.get("client_time", event["time"])
    if kind == "edit":
        for edit in data["edits"]:
            text = files[edit["file"]]
            ins = edit["ins"]
            ins = blobs[ins["blob"]] if isinstance(ins, dict) else ins.encode()
            assert edit["at"] + edit["del"] <= len(text), event["seq"]
            text = text[:edit["at"]] + ins + text[edit["at"] + edit["del"]:]
            text.decode()
            files[edit["file"]] = text
    elif kind == "file" and data["op"] in ("create", "write"):
        assert (data["path"] in files) == (data["op"] == "write"), event["seq"]
        if "content" in data or data["op"] == "create":
            files[data["path"]] = blobs[data["content"]["blob"]] if "content" in data else b""
    elif kind == "file" and data["op"] == "rename":
        files[data["to"]] = files.pop(data["path"])
    elif kind == "file" and data["op"] == "delete":
        del files[data["path"]]
    elif kind == "snapshot":
        saved = tree(data["tree"])
        for path, digest in data.get("open", {}).items():
            assert sha(files[path]) == digest, (event["seq"], path)
            assert files[path] == saved[path], (event["seq"], path)
        if "open" in data:
            differing = sorted(path for path in {*saved, *files}
                               if saved.get(path) != files.get(path))
            print(event["seq"], len(data["open"]), "texts; met by the tree:", differing)
        files = saved
