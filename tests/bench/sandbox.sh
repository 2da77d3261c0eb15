#!/bin/bash
# sandbox.sh - what a run costs: in a slot that stands ready, and from nothing
#
# The rows of bubblewrap and crun are printed where these are installed; they make no control group
# and count nothing.
. "$(dirname "$0")/lib.sh"

runs=${BENCH_SIZE:-100}
"$builddir/tests/bench/sandbox" sandbox-warm "$rounds" "$runs" /bin/true
"$builddir/tests/bench/sandbox" sandbox-python "$rounds" $((runs / 5)) /usr/bin/python3 -c pass
"$launch" sandbox-cold "$rounds" $((runs / 5)) "$tali" sandbox /bin/true -- /bin/true

if command -v bwrap >/dev/null; then
	"$launch" bubblewrap "$rounds" $((runs / 5)) bwrap --unshare-all --ro-bind / / \
		--proc /proc --dev /dev --tmpfs /tmp --die-with-parent --new-session /bin/true -- \
		/bin/true
fi
if command -v crun >/dev/null && [ "$(id -u)" = 0 ]; then
	mkdir -p bundle/rootfs
	(cd bundle && crun spec && python3 - <<-\EOF
	import json
	spec = json.load(open('config.json'))
	spec['process'].update(terminal=False, args=['/bin/true'])
	spec['root'] = {'path': 'rootfs', 'readonly': True}
	spec['mounts'] += [{'destination': '/' + name, 'source': '/' + name, 'type': 'bind',
	                    'options': ['rbind', 'ro']} for name in ('usr', 'bin', 'lib', 'lib64')]
	json.dump(spec, open('config.json', 'w'))
	EOF
	)
	# it takes no mixture of both versions of control groups
	launch_crun=("$launch" crun "$rounds" $((runs / 5)) crun --cgroup-manager=disabled run
		-b bundle "tali-bench-$$" -- /bin/true)
	unshare -m sh -c 'umount /sys/fs/cgroup/unified 2>/dev/null; exec "$@"' sh \
		"${launch_crun[@]}"
fi
