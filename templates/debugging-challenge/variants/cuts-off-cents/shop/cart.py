"""The cart: what a customer wants to buy, one line for each item."""

from dataclasses import dataclass, replace


@dataclass
class Line:
    sku: str
    quantity: int
    price: int  # cents for one unit


class Cart:
    def __init__(self):
        self._lines = {}

    @property
    def lines(self):
        """The lines, in the order in which their items were first added."""
        return list(self._lines.values())

    def add(self, sku, quantity, price):
        """Put units of an item into the cart; the latest price holds for all of them."""
        if quantity < 1:
            raise ValueError(f"bad quantity: {quantity}")
        if price < 0:
            raise ValueError(f"bad price: {price}")
        line = self._lines.setdefault(sku, Line(sku, 0, price))
        line.quantity += quantity
        line.price = price

    def remove(self, sku, quantity=None):
        """Take units of an item out of the cart, all of them unless told how many."""
        if sku not in self._lines:
            raise ValueError(f"not in cart: {sku}")
        line = self._lines[sku]
        if quantity is None or quantity >= line.quantity:
            del self._lines[sku]
        elif quantity < 1:
            raise ValueError(f"bad quantity: {quantity}")
        else:
            line.quantity -= quantity

    def copy(self):
        """A second cart with the same content."""
        other = Cart()
        other._lines = {sku: replace(line) for sku, line in self._lines.items()}
        return other
