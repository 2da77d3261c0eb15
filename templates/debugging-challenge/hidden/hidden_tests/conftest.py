import pytest

from shop.cart import Cart


@pytest.fixture
def cart():
    cart = Cart()
    cart.add("TEA", 2, 450)
    cart.add("MUG", 1, 900)
    return cart
