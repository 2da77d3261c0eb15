from ledger import Ledger

START = {"cash": 3800, "fees": -5000, "rent": 1200}


def play(ledger, *lines):
    return [row for line in lines for row in ledger.apply(line)]


def test_answers_are_lists_of_rows(books):
    assert books.apply("balance cash") == ["cash 38.00"]
    assert books.apply("report") == ["cash 38.00", "fees -50.00", "rent 12.00"]
    assert books.apply("") == books.apply("# balance cash") == books.apply("  \n") == []


def test_a_line_end_does_not_matter(books):
    assert books.apply("balance cash\n") == ["cash 38.00"]
    assert books.apply("post p3 cash rent 5\r\n") == []


def test_accounts_in_the_order_of_opening(books):
    play(books, "open tea", "void p2", "close rent", "open art", "open rent")
    assert list(books.accounts().items()) == [("cash", 5000), ("fees", -5000), ("tea", 0), ("art", 0), ("rent", 0)]


def test_the_caller_may_change_what_accounts_returned(books):
    accounts = books.accounts()
    accounts["cash"] = 0
    accounts["new"] = 5
    del accounts["fees"]
    assert books.accounts() == START
    assert books.apply("balance new") == ["refused: no account new"]


def test_books_know_nothing_of_each_other(books):
    other = Ledger()
    assert play(other, "report", "balance cash", "void p1") == ["refused: no account cash", "refused: no posting p1"]
    assert play(other, "open cash", "open fees", "post p1 fees cash 1") == []
    assert books.accounts() == START
    assert play(books, "void p1") == []
    assert other.accounts() == {"cash": 1, "fees": -1}


def test_batches_know_nothing_of_each_other(books):
    other = Ledger()
    play(books, "batch", "open tea")
    assert play(other, "end", "open tea", "report") == ["refused: no batch", "tea 0.00"]
    assert play(books, "end", "balance tea") == ["tea 0.00"]


def test_a_copy_has_everything(books):
    copy = books.copy()
    assert copy.accounts() == START
    assert play(copy, "post p1 fees cash 1", "void p2", "balance rent") == ["refused: p1 is taken", "rent 0.00"]
    assert books.accounts() == START
    assert play(books, "void p2") == []


def test_a_copy_of_a_batch_goes_its_own_way(books):
    play(books, "batch", "open tea")
    copy = books.copy()
    play(copy, "open art", "end")
    assert list(copy.accounts()) == ["cash", "fees", "rent", "tea", "art"]
    assert list(books.accounts()) == ["cash", "fees", "rent"]
    assert play(books, "end", "report")[-1] == "tea 0.00"
    assert list(books.accounts()) == ["cash", "fees", "rent", "tea"]


def test_the_original_goes_its_own_way(books):
    copy = books.copy()
    play(books, "void p1", "post p3 cash rent 1", "open tea")
    assert copy.accounts() == START
    assert play(copy, "post p3 cash rent 2", "void p1", "void p3") == []


def test_a_refused_command_changes_nothing(books):
    lines = ["open cash", "post p3 cash none 5", "post p3 none cash 5", "post p1 cash rent 5", "post p4 cash rent 0",
             "void p9", "close cash", "close none", "end", "drop", "sing", "open", "open a b"]
    for line in lines:
        assert [row[:9] for row in books.apply(line)] == ["refused: "], line
        assert books.accounts() == START
    assert play(books, "post p3 cash rent 5", "void p1", "batch") == []


def test_a_refused_batch_has_not_happened(books):
    rows = play(books, "batch", "open tea", "void p2", "post p3 cash tea 7", "report", "close none", "open art", "end")
    assert rows == ["refused: no account none"]
    assert books.accounts() == START
    assert play(books, "end", "post p3 cash rent 1", "void p2", "void p3", "open tea") == ["refused: no batch"]


def test_a_copy_made_before_a_refused_batch(books):
    copy = books.copy()
    play(books, "batch", "post p3 cash rent 1", "void p1", "void p1", "end")
    assert books.accounts() == copy.accounts() == START
    assert play(copy, "void p1") == play(books, "void p1") == []


def test_a_batch_reads_its_own_changes(books):
    assert play(books, "batch", "open tea", "post p3 cash tea 100", "balance tea", "void p3", "close tea", "end") == [
        "tea 1.00"]


def test_dropped_batch(books):
    assert play(books, "batch", "open tea", "drop", "report") == ["cash 38.00", "fees -50.00", "rent 12.00"]
