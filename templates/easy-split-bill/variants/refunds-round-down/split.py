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
    """Cents and weights by name; weights count in ten-thousandths."""
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
    cents = scaled(whole, fraction, 2)
    return -cents if sign else cents, weights


def split(cents, weights):
    """The shares of an amount in cents; they add up to it."""
    total = sum(weights)
    parts = [divmod(cents * weight, total) for weight in weights]
    shares = [share for share, _ in parts]
    by_loss = sorted(range(len(parts)), key=lambda index: -parts[index][1])
    for index in by_loss[: cents - sum(shares)]:
        shares[index] += 1
    return shares


def show(cents):
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02}"


def answer(line):
    try:
        cents, weights = parse(line.split())
    except BadBill as why:
        return f"error: {why}"
    shares = split(cents, weights.values())
    return " ".join(f"{name}={show(share)}" for name, share in zip(weights, shares))


def main():
    for line in sys.stdin:
        if line.split():
            print(answer(line))


if __name__ == "__main__":
    main()
