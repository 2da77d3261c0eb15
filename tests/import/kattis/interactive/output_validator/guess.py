# guess.py INPUT ANSWER FEEDBACK [slow]: answers guesses, of which there may be so many
import os
import sys

number, most = map(int, open(sys.argv[1]).read().split())
assert most == 1000 or "slow" not in sys.argv[4:]
for guess in range(most):
    try:
        said = int(sys.stdin.readline())
    except ValueError:
        sys.exit(43)
    word = "right" if said == number else "lower" if number < said else "higher"
    try:
        print(word, flush=True)
    except BrokenPipeError:
        sys.exit(43)
    if word == "right":
        sys.exit(42)
with open(os.path.join(sys.argv[3], "judgemessage.txt"), "w") as file:
    file.write("too many guesses")
sys.exit(43)
