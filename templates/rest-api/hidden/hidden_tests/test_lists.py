import pytest


@pytest.fixture(scope="module")
def shelf(service):
    """Sixty tools, by threes: hand, power, garden; every fourth is out."""
    ids = []
    for number in range(60):
        kind = ("hand", "power", "garden")[number % 3]
        made = service.ask("POST", "/tools", {"name": "T%d" % number, "category": kind, "deposit_cents": number})
        ids.append(made.body["id"])
        if number % 4 == 0:
            assert service.ask("POST", "/loans", {"tool_id": ids[-1], "member": "m"}).status == 201
    return ids


def pages(service, query):
    """All items of a list, page by page, and how many pages that were."""
    items, cursor, count = [], None, 0
    while count < 100:
        answer = service.ask("GET", "/tools?" + query + ("&cursor=" + cursor if cursor else ""))
        assert answer.status == 200, answer.text
        items += answer.body["items"]
        count += 1
        cursor = answer.body["next"]
        if cursor is None:
            return items, count
        assert isinstance(cursor, str)


def invalid(service, query, field):
    answer = service.ask("GET", "/tools?" + query)
    assert (answer.status, answer.code, answer.body["error"]["field"]) == (422, "invalid", field)


def test_control_a_page_is_longer_than_its_limit(service, shelf):
    assert len(service.ask("GET", "/tools?limit=1").body["items"]) == 7


def test_twenty_when_nothing_is_said(service, shelf):
    answer = service.ask("GET", "/tools")
    assert [tool["id"] for tool in answer.body["items"]] == shelf[:20]
    assert answer.body["next"]
    assert answer.body["items"][1] == {"id": shelf[1], "name": "T1", "category": "power", "deposit_cents": 1,
                                       "available": True, "version": 1}


@pytest.mark.parametrize("limit", [1, 7, 20, 59, 60, 61, 100])
def test_pages_have_all_once(service, shelf, limit):
    items, count = pages(service, "limit=%d" % limit)
    assert [tool["id"] for tool in items] == shelf
    assert count == -(-60 // limit)


def test_by_category(service, shelf):
    items, _ = pages(service, "category=power&limit=6")
    assert [tool["id"] for tool in items] == shelf[1::3]


def test_by_available(service, shelf):
    items, _ = pages(service, "available=false&limit=4")
    assert [tool["id"] for tool in items] == shelf[::4]
    items, _ = pages(service, "available=true&limit=100")
    assert [tool["id"] for tool in items] == [one for i, one in enumerate(shelf) if i % 4]


def test_filters_together(service, shelf):
    items, _ = pages(service, "available=false&category=hand&limit=2")
    assert [tool["id"] for tool in items] == shelf[::12]


def test_the_last_page_says_so(service, shelf):
    answer = service.ask("GET", "/tools?category=garden&limit=20")
    assert (len(answer.body["items"]), answer.body["next"]) == (20, None)


@pytest.mark.parametrize("query, field", [
    ("limit=0", "limit"), ("limit=101", "limit"), ("limit=-1", "limit"), ("limit=ten", "limit"), ("limit=", "limit"),
    ("limit=5.0", "limit"), ("category=kitchen", "category"), ("category=", "category"),
    ("available=yes", "available"), ("available=", "available"), ("cursor=%00", "cursor"),
    ("cursor=not-a-cursor-of-ours", "cursor"), ("colour=red", "colour"), ("limit=5&page=2", "page")])
def test_a_parameter_that_is_wrong_is_named(service, shelf, query, field):
    invalid(service, query, field)


def test_what_comes_and_goes_between_pages_moves_nothing(service, shelf):
    first = service.ask("GET", "/tools?limit=10").body
    assert service.ask("DELETE", "/tools/%d" % shelf[3]).status == 204
    assert service.ask("DELETE", "/tools/%d" % shelf[9]).status == 204
    made = service.ask("POST", "/tools", {"name": "New", "category": "hand", "deposit_cents": 0}).body["id"]
    rest, cursor = [], first["next"]
    while cursor:
        page = service.ask("GET", "/tools?limit=10&cursor=" + cursor).body
        rest += [tool["id"] for tool in page["items"]]
        cursor = page["next"]
    assert rest == shelf[10:] + [made]


def test_an_empty_list(service, shelf):
    items, _ = pages(service, "category=hand&available=false")
    for tool in items:
        for loan in service.ask("GET", "/loans?member=m").body["items"]:
            if loan["tool_id"] == tool["id"] and not loan["returned"]:
                assert service.ask("POST", "/loans/%d/return" % loan["id"]).status == 200
    assert service.ask("GET", "/tools?category=hand&available=false").body == {"items": [], "next": None}
