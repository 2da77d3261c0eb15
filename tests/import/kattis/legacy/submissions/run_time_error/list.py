n = int(input())
print([n, 0, 0][0 if n < 100 else 3], 0)
