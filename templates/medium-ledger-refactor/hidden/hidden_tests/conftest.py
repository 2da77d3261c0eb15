import pytest

from ledger import Ledger


@pytest.fixture
def books():
    books = Ledger()
    for line in ["open cash", "open fees", "open rent", "post p1 fees cash 5000", "post p2 cash rent 1200"]:
        assert books.apply(line) == []
    return books
