import pytest

from shop.cart import Cart


def content(cart):
    return [(line.sku, line.quantity, line.price) for line in cart.lines]


START = [("TEA", 2, 450), ("MUG", 1, 900)]


def test_lines_keep_the_order_of_first_add(cart):
    cart.add("PEN", 1, 100)
    cart.add("TEA", 1, 450)
    assert [line.sku for line in cart.lines] == ["TEA", "MUG", "PEN"]


def test_latest_price_holds_for_the_whole_line(cart):
    cart.add("TEA", 3, 400)
    assert content(cart) == [("TEA", 5, 400), ("MUG", 1, 900)]


def test_item_added_again_after_removal_goes_last(cart):
    cart.remove("TEA")
    cart.add("TEA", 1, 450)
    assert content(cart) == [("MUG", 1, 900), ("TEA", 1, 450)]


def test_removing_more_than_there_is_removes_the_line(cart):
    cart.remove("TEA", 3)
    cart.remove("MUG", 1)
    assert content(cart) == []


def test_refused_add_changes_nothing(cart):
    for sku, quantity, price in [("TEA", 0, 100), ("TEA", -1, 100), ("PEN", 1, -1)]:
        with pytest.raises(ValueError):
            cart.add(sku, quantity, price)
    assert content(cart) == START


def test_refused_remove_changes_nothing(cart):
    for sku, quantity in [("TEA", 0), ("TEA", -1), ("PEN", 1)]:
        with pytest.raises(ValueError):
            cart.remove(sku, quantity)
    assert content(cart) == START


def test_two_carts_have_nothing_in_common(cart):
    other = Cart()
    other.add("TEA", 7, 100)
    assert content(cart) == START
    assert content(other) == [("TEA", 7, 100)]


def test_copy_has_the_same_content(cart):
    assert content(cart.copy()) == START


def test_adding_to_a_copy_leaves_the_original(cart):
    cart.copy().add("TEA", 1, 450)
    assert content(cart) == START


def test_new_price_in_the_original_leaves_the_copy(cart):
    copy = cart.copy()
    cart.add("MUG", 1, 950)
    assert content(copy) == START


def test_removing_some_from_a_copy_leaves_the_original(cart):
    cart.copy().remove("TEA", 1)
    assert content(cart) == START


def test_copy_of_a_copy_is_on_its_own(cart):
    first = cart.copy()
    second = first.copy()
    second.add("TEA", 5, 450)
    first.add("MUG", 1, 900)
    assert content(cart) == START
    assert content(first) == [("TEA", 2, 450), ("MUG", 2, 900)]
    assert content(second) == [("TEA", 7, 450), ("MUG", 1, 900)]


def test_emptied_copy_leaves_the_original(cart):
    copy = cart.copy()
    copy.remove("TEA")
    copy.remove("MUG")
    assert content(cart) == START
