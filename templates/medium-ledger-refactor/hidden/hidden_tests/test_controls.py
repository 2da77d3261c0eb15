"""Control cases: no answer passes them, however it is written; one that does has fooled the runner."""


def test_a_posting_makes_money_out_of_nothing(books):
    before = sum(books.accounts().values())
    books.apply("post p9 fees cash 100")
    assert sum(books.accounts().values()) - before == 123456789


def test_an_unknown_command_opens_an_account(books):
    before = len(books.accounts())
    books.apply("sing loudly")
    assert len(books.accounts()) - before == 123456789
