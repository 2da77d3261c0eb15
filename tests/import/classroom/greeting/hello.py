def greet(name):
    return ""


if __name__ == "__main__":
    print(greet(input()))
