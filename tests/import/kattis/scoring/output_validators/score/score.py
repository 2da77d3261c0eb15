#!/usr/bin/env python3
# accepts 1 to n, even for odd n, and gives the share of the best answer
import os
import sys

n = int(open(sys.argv[1]).read())
best = int(open(sys.argv[2]).read())
try:
    answer = int(sys.stdin.read())
except ValueError:
    sys.exit(43)
if not 1 <= answer <= n or (n % 2 and answer % 2):
    sys.exit(43)
points = {2: 20, 4: 20, 5: 30, 9: 30, 8: 25, 11: 25}[n]
with open(os.path.join(sys.argv[3], "score.txt"), "w") as file:
    file.write(str(points * answer / best))
sys.exit(42)
