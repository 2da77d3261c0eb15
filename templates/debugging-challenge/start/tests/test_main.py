from main import run


def test_receipt():
    (text,) = run(["add TEA 2 4.50", "add MUG 1 9.00", "receipt"])
    assert [row.split() for row in text.splitlines()] == [
        ["TEA", "2", "x", "4.50", "9.00"],
        ["MUG", "1", "x", "9.00", "9.00"],
        ["Subtotal", "18.00"],
        ["Bulk", "discount", "0.00"],
        ["Tax", "7%", "1.26"],
        ["Shipping", "4.90"],
        ["Total", "24.16"],
    ]


def test_a_refused_command_does_not_end_the_session():
    assert list(run(["add TEA none 4.50", "sing", "total"])) == [
        "error: bad quantity: none",
        "error: unknown command: sing",
        "Total 0.00",
    ]


def test_a_saved_cart_is_kept_as_it_was():
    session = ["add TEA 1 10.00", "save office", "add TEA 1 10.00", "load office", "total"]
    assert list(run(session)) == ["Total 15.60"]
