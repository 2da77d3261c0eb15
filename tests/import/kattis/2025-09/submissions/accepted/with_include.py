import sys

from mean import mean

input()
numbers = [int(word) for word in input().split()]
print(int(mean(numbers)) if "--floor" in sys.argv else mean(numbers))
