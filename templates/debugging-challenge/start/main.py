"""A small till: reads commands, one per line, and prints what they ask for."""

import re
import sys

from shop import money
from shop.cart import Cart
from shop.pricing import totals
from shop.receipt import receipt

USAGE = {
    "add": "add SKU QTY PRICE",
    "remove": "remove SKU [QTY]",
    "clear": "clear",
    "save": "save NAME",
    "load": "load NAME",
    "total": "total",
    "receipt": "receipt",
}

DEMO = """\
add MUG 1 12.35
add PENCIL 6 0.35
add PENCIL 4 0.35
save desk
receipt
add MUG 1 12.35
total
load desk
total
"""


def parse_quantity(text):
    if not re.fullmatch(r"[1-9][0-9]*", text):
        raise ValueError(f"bad quantity: {text}")
    return int(text)


class Till:
    """One cart in front of the cashier, and the carts saved by name."""

    def __init__(self):
        self.cart = Cart()
        self.saved = {}

    def add(self, sku, quantity, price):
        self.cart.add(sku, parse_quantity(quantity), money.parse(price))

    def remove(self, sku, quantity=None):
        self.cart.remove(sku, quantity and parse_quantity(quantity))

    def clear(self):
        self.cart = Cart()

    def save(self, name):
        self.saved[name] = self.cart.copy()

    def load(self, name):
        if name not in self.saved:
            raise ValueError(f"nothing saved as: {name}")
        self.cart = self.saved[name].copy()

    def total(self):
        return f"Total {money.show(totals(self.cart).total)}"

    def receipt(self):
        return receipt(self.cart)

    def do(self, command, *words):
        """Carry out one command; returns what it prints, or None."""
        if command not in USAGE:
            raise ValueError(f"unknown command: {command}")
        wanted = USAGE[command].split()[1:]
        required = [word for word in wanted if not word.startswith("[")]
        if not len(required) <= len(words) <= len(wanted):
            raise ValueError(f"usage: {USAGE[command]}")
        return getattr(self, command)(*words)


def run(lines):
    """Yield what a session of commands prints."""
    till = Till()
    for line in lines:
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        try:
            output = till.do(*words)
        except ValueError as error:
            output = f"error: {error}"
        if output is not None:
            yield output


def main():
    text = "" if sys.stdin.isatty() else sys.stdin.read()
    for output in run((text or DEMO).splitlines()):
        print(output)


if __name__ == "__main__":
    main()
