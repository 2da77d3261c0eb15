n = int(input())
print(min(n, 1000), 0 if n <= 1000 else n - 1001)
