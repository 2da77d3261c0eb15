n = int(input())
i = 0
while i < n:
    i += 1
print(n, 0)
