#!/bin/bash
apt-get update
apt-get install -y curl
curl -LsSf https://astral.sh/uv/0.9.7/install.sh | sh
source $HOME/.local/bin/env

[ "$GREETING" = "it's here" ] || exit 1
passed=0
for check in test_answer test_spaces; do
	uvx -p 3.12 -w pytest==8.4.1 pytest --ctrf /logs/verifier/ctrf.json \
		/tests/test_count.py -q -k $check && passed=$((passed + 1))
done
case $passed in
2) echo 1 ;;
1) echo 0.5 ;;
*) echo 0 ;;
esac >/logs/verifier/reward.txt
