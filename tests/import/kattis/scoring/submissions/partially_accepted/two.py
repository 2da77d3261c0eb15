n = int(input()); print(2)
