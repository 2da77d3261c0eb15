"""Money is a whole number of cents."""

import re


def parse(text):
    """Cents from a price such as "12" or "12.50"."""
    if not re.fullmatch(r"[0-9]+(\.[0-9][0-9])?", text):
        raise ValueError(f"bad price: {text}")
    whole, _, cents = text.partition(".")
    return int(whole) * 100 + int(cents or 0)


def show(cents):
    """The amount as text: 1250 is "12.50", -5 is "-0.05"."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02}"


def percent_of(cents, percent):
    """That percentage of an amount, in whole cents."""
    return cents * percent // 100
