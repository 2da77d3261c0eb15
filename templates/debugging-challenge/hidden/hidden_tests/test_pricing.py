from shop.cart import Cart
from shop.money import percent_of
from shop.pricing import Totals, totals


def totals_of(*items):
    cart = Cart()
    for item in items:
        cart.add(*item)
    return totals(cart)


def test_two_lines(cart):
    assert totals(cart) == Totals(subtotal=1800, discount=0, tax=126, shipping=490)
    assert totals(cart).total == 2416


def test_empty_cart_costs_nothing():
    assert totals(Cart()) == Totals(subtotal=0, discount=0, tax=0, shipping=0)


def test_free_goods_are_still_shipped():
    assert totals_of(("FLYER", 1, 0)) == Totals(subtotal=0, discount=0, tax=0, shipping=490)


def test_bulk_starts_at_ten_units():
    assert totals_of(("PEN", 9, 100)).discount == 0
    assert totals_of(("PEN", 10, 100)).discount == 100
    assert totals_of(("PEN", 11, 100)).discount == 110


def test_units_added_in_steps_reach_the_bulk_discount():
    assert totals_of(("PEN", 6, 100), ("TEA", 1, 450), ("PEN", 4, 100)).discount == 100


def test_bulk_discount_goes_when_units_are_removed():
    cart = Cart()
    cart.add("PEN", 12, 100)
    cart.remove("PEN", 2)
    assert totals(cart).discount == 100
    cart.remove("PEN", 1)
    assert totals(cart).discount == 0


def test_bulk_discount_counts_every_line_alone():
    assert totals_of(("PEN", 5, 100), ("TEA", 5, 450)).discount == 0
    assert totals_of(("PEN", 20, 100), ("TEA", 9, 450)).discount == 200


def test_shipping_looks_at_the_price_after_discount():
    assert totals_of(("BOOK", 20, 250)).shipping == 490
    assert totals_of(("LAMP", 1, 4999)).shipping == 490
    assert totals_of(("LAMP", 1, 5000)).shipping == 0


def test_tax_is_taken_after_discount():
    assert totals_of(("PEN", 20, 100)).tax == 126


def test_less_than_half_a_cent_is_dropped():
    assert percent_of(149, 7) == 10
    assert percent_of(4, 10) == 0


def test_half_a_cent_is_rounded_up():
    assert [percent_of(cents, 10) for cents in (5, 15, 25, 35, 45)] == [1, 2, 3, 4, 5]


def test_half_a_cent_of_tax():
    assert [totals_of(("PEN", 1, price)).tax for price in (50, 150, 250, 350)] == [4, 11, 18, 25]


def test_half_a_cent_of_discount_on_every_line():
    assert totals_of(("NUT", 15, 3), ("NAIL", 15, 7)).discount == 16


def test_large_amounts_are_exact():
    assert percent_of(10**18 + 50, 7) == 7 * 10**16 + 4
