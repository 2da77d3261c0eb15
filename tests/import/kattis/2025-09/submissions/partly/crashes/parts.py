def read():
    input()
    return [int(word) for word in input().split()]
