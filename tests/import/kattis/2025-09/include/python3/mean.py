MOST = {{most}}


def mean(numbers):
    assert len(numbers) <= MOST
    return sum(numbers) / len(numbers)
