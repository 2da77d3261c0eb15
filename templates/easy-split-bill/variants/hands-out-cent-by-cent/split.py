"""Split bills: amounts and weights on standard input, shares on standard output."""

import re
import sys

AMOUNT = re.compile(r"(-?)([0-9]+)(?:\.([0-9]{1,2}))?")
SHARE = re.compile(r"([^=]+)=([0-9]+)(?:\.([0-9]{1,4}))?", re.DOTALL)

sys.set_int_max_str_digits(0)


class BadBill(Exception):
    pass


def scaled(whole, fraction, digits):
    """The number without its point: scaled("1", "5", 4) is 15000."""
    return int(whole + (fraction or "").ljust(digits, "0"))


def parse(words):
    """Sign, cents and weights by name; weights count in ten-thousandths."""
    amount = AMOUNT.fullmatch(words[0])
    if not amount:
        raise BadBill(f"bad amount: {words[0]}")
    sign, whole, fraction = amount.groups()
    weights = {}
    for word in words[1:]:
        share = SHARE.fullmatch(word)
        if not share:
            raise BadBill(f"bad share: {word}")
        name = share[1]
        if name in weights:
            raise BadBill(f"named twice: {name}")
        weights[name] = scaled(share[2], share[3], 4)
    if not any(weights.values()):
        raise BadBill("nobody pays")
    return sign, scaled(whole, fraction, 2), weights


def split(cents, weights):
    """The shares of an amount that is not negative, in cents; they add up to it."""
    total = sum(weights)
    parts = [divmod(cents * weight, total) for weight in weights]
    shares = [share for share, _ in parts]
    losses = [loss for _, loss in parts]
    while sum(shares) < cents:
        index = losses.index(max(losses))
        shares[index] += 1
        losses[index] = -1
    return shares


def show(sign, cents):
    return f"{sign if cents else ''}{cents // 100}.{cents % 100:02}"


def answer(line):
    try:
        sign, cents, weights = parse(line.split())
    except BadBill as why:
        return f"error: {why}"
    shares = split(cents, weights.values())
    return " ".join(f"{name}={show(sign, share)}" for name, share in zip(weights, shares))


def main():
    for line in sys.stdin:
        if line.split():
            print(answer(line))


if __name__ == "__main__":
    main()
