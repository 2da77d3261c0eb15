from shop.cart import Cart
from shop.pricing import Totals, totals


def totals_of(sku, quantity, price):
    cart = Cart()
    cart.add(sku, quantity, price)
    return totals(cart)


def test_small_order():
    assert totals_of("TEA", 2, 450) == Totals(subtotal=900, discount=0, tax=63, shipping=490)


def test_nine_units_pay_the_full_price():
    assert totals_of("PEN", 9, 100).discount == 0


def test_ten_units_get_the_bulk_discount():
    assert totals_of("PEN", 10, 100).discount == 100


def test_half_a_cent_of_tax_is_rounded_up():
    assert totals_of("PEN", 1, 150).tax == 11


def test_free_shipping_starts_at_fifty():
    assert totals_of("LAMP", 1, 4999).shipping == 490
    assert totals_of("LAMP", 1, 5000).shipping == 0
