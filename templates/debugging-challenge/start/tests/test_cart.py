import pytest

from shop.cart import Cart, Line


def test_new_cart_is_empty():
    assert Cart().lines == []


def test_adding_the_same_item_makes_one_line():
    cart = Cart()
    cart.add("TEA", 2, 450)
    cart.add("TEA", 3, 400)
    assert cart.lines == [Line("TEA", 5, 400)]


def test_remove_all_or_some():
    cart = Cart()
    cart.add("TEA", 2, 450)
    cart.add("MUG", 3, 900)
    cart.remove("TEA")
    cart.remove("MUG", 1)
    assert cart.lines == [Line("MUG", 2, 900)]


def test_removing_an_item_that_is_not_there():
    with pytest.raises(ValueError, match="not in cart: TEA"):
        Cart().remove("TEA")


def test_copy_does_not_follow_its_original():
    cart = Cart()
    cart.add("TEA", 2, 450)
    saved = cart.copy()
    cart.add("TEA", 1, 450)
    assert saved.lines == [Line("TEA", 2, 450)]
