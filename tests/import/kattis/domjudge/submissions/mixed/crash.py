# @EXPECTED_RESULTS@: RUN-ERROR, WRONG-ANSWER
n = int(input())
assert n < 3
print(2 * n)
