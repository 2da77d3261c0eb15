# assistant.sh - tasks with an assistant, candidates at work on them, and what is on record
#
# Read after lib.sh and fixture.sh.

# ai_task NAME JSON: the tiny task under this name, with this as its "ai"
ai_task() {
	tiny_task "$1-folder" &&
	/usr/bin/python3 - "$1" "$2" <<-'END' &&
		import json, sys
		path = sys.argv[1] + "-folder/task.json"
		task = json.load(open(path))
		task["name"], task["ai"] = sys.argv[1], json.loads(sys.argv[2])
		json.dump(task, open(path, "w"))
	END
	tali task create "$1" --from "$1-folder" >/dev/null
}
# begin_on TASK: a candidate works on it in the folder of that name; sets $id and $link
begin_on() {
	tali invite "$1" "$1@example.org" >invitation &&
	IFS=$'\t' read -r _ id link passcode <invitation && tali start "$passcode" "$1" >/dev/null
}
# events KIND [EXPRESSION]: of the assessment $id, the data of each event d
events() {
	tali logs "$id" --json | /usr/bin/python3 -c '
import json, sys
for line in sys.stdin:
    e = json.loads(line)
    if e["kind"] == sys.argv[1]:
        d = e["data"]
        print(eval(sys.argv[2]))' "$1" "${2:-json.dumps(d)}"
}
