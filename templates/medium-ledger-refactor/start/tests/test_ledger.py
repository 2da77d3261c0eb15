from ledger import Ledger


def test_balances():
    ledger = Ledger()
    assert ledger.apply("open cash") == []
    assert ledger.apply("open fees") == []
    assert ledger.apply("post p1 fees cash 1250") == []
    assert ledger.apply("balance cash") == ["cash 12.50"]
    assert ledger.accounts() == {"cash": 1250, "fees": -1250}


def test_two_sets_of_books():
    one, two = Ledger(), Ledger()
    one.apply("open cash")
    assert two.accounts() == {}
    assert two.apply("balance cash") == ["refused: no account cash"]


def test_a_copy_goes_its_own_way():
    one = Ledger()
    one.apply("open cash")
    two = one.copy()
    two.apply("open fees")
    assert list(one.accounts()) == ["cash"]
    assert list(two.accounts()) == ["cash", "fees"]


def test_a_batch_is_carried_out_at_its_end():
    ledger = Ledger()
    assert [ledger.apply(line) for line in ["batch", "open cash", "report", "end"]] == [[], [], [], ["cash 0.00"]]
