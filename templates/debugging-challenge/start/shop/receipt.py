"""The receipt: a cart and its totals as text."""

from shop.money import show
from shop.pricing import TAX_PERCENT, totals


def receipt(cart):
    rows = [
        (f"{line.sku:<12}{line.quantity:>4} x {show(line.price)}", line.quantity * line.price)
        for line in cart.lines
    ]
    sums = totals(cart)
    rows += [
        ("Subtotal", sums.subtotal),
        ("Bulk discount", -sums.discount),
        (f"Tax {TAX_PERCENT}%", sums.tax),
        ("Shipping", sums.shipping),
        ("Total", sums.total),
    ]
    return "\n".join(f"{label:<28}{show(amount):>10}" for label, amount in rows)
