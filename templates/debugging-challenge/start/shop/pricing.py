"""What a cart costs: bulk discount, tax and shipping. All amounts are cents."""

from dataclasses import dataclass

from shop.money import percent_of

BULK_QUANTITY = 10
BULK_PERCENT = 10
TAX_PERCENT = 7
SHIPPING = 490
FREE_SHIPPING_FROM = 5000


@dataclass(frozen=True)
class Totals:
    subtotal: int
    discount: int
    tax: int
    shipping: int

    @property
    def total(self):
        return self.subtotal - self.discount + self.tax + self.shipping


def bulk_discount(line):
    if line.quantity > BULK_QUANTITY:
        return percent_of(line.quantity * line.price, BULK_PERCENT)
    return 0


def shipping(cart, goods):
    if not cart.lines or goods >= FREE_SHIPPING_FROM:
        return 0
    return SHIPPING


def totals(cart):
    subtotal = sum(line.quantity * line.price for line in cart.lines)
    discount = sum(bulk_discount(line) for line in cart.lines)
    goods = subtotal - discount
    return Totals(subtotal, discount, percent_of(goods, TAX_PERCENT), shipping(cart, goods))
