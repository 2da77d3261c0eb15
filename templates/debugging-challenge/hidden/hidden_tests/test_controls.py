"""Control cases: no answer passes them, however it is written; one that does has fooled the runner."""
from shop.cart import Cart
from shop.pricing import totals


def test_an_empty_cart_costs_more_than_a_full_one(cart):
    assert totals(Cart()).total - totals(cart).total == 123456789


def test_adding_goods_leaves_no_line(cart):
    before = len(cart.lines)
    cart.add("PEN", 1, 100)
    assert len(cart.lines) - before == -123456789
