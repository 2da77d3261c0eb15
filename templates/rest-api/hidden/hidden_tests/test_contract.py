import json
import socket
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from threading import Lock
from urllib.parse import quote

JSON = {"Content-Type": "application/json"}


def patch(server, number, value, version=1):
    return server.ask("PATCH", f"/parcels/{number}", value, headers={"If-Match": f'"{version}"'})


def names(page):
    return [parcel["recipient"] for parcel in page["parcels"]]


def walk(server, query, between=lambda: None):
    """The pages of a query, each followed to the next."""
    after = ""
    while True:
        page = server.ask("GET", f"/parcels?{query}{after}").json
        yield page
        if page["next"] is None:
            return
        assert isinstance(page["next"], str)
        after = "&after=" + quote(page["next"], safe="")
        between()


def test_create_and_read(shared):
    answer = shared.ask("POST", "/parcels", {"recipient": "Zoë 李", "courier": "cargo", "shelf": "F-99"})
    parcel = answer.json
    assert (answer.status, answer.headers["Location"]) == (201, f"/parcels/{parcel['id']}")
    assert parcel == {
        "id": parcel["id"], "recipient": "Zoë 李", "courier": "cargo", "shelf": "F-99", "status": "stored", "version": 1,
    }
    answer = shared.ask("GET", f"/parcels/{parcel['id']}")
    assert (answer.status, answer.headers["ETag"], answer.json) == (200, '"1"', parcel)
    assert shared.create()["shelf"] is None


def test_ids_go_up(shared):
    first = shared.create()["id"]
    assert shared.ask("POST", "/parcels", {"recipient": "", "courier": "swift"}).status == 422
    assert shared.create()["id"] > first


def test_fields_at_their_limits(shared):
    for recipient in ("A", "x" * 100, "\U0001f4e6" * 100, "Ann  Lee"):
        assert shared.create(recipient)["recipient"] == recipient
    for recipient in ("", " ", " Ann", "Ann ", "Ann\n", "\u00a0Ann", "x" * 101, None, 7, ["Ann"]):
        answer = shared.ask("POST", "/parcels", {"recipient": recipient, "courier": "swift"})
        assert (answer.code, set(answer.json["error"]["fields"])) == ((422, "invalid"), {"recipient"}), repr(recipient)
    for shelf in ("A-7", "G-07", "a-07", "A-07 ", "A-07\n", "A-077", "A-\u0660\u0661", 7, "", False):
        answer = shared.ask("POST", "/parcels", {"recipient": "Ann", "courier": "swift", "shelf": shelf})
        assert (answer.code, set(answer.json["error"]["fields"])) == ((422, "invalid"), {"shelf"}), repr(shelf)


def test_every_wrong_field_is_named(shared):
    answer = shared.ask("POST", "/parcels", {"courier": ["swift"], "shelf": "Z", "status": "stored", "colour": 1})
    assert answer.code == (422, "invalid")
    assert set(answer.json["error"]["fields"]) == {"recipient", "courier", "shelf", "status", "colour"}
    parcel = shared.create()["id"]
    answer = patch(shared, parcel, {"id": parcel, "version": 1, "courier": None})
    assert set(answer.json["error"]["fields"]) == {"id", "version", "courier"}
    for value in ([], "parcel", 7, False):
        answer = shared.ask("POST", "/parcels", value)
        assert (answer.code, answer.json["error"]["fields"]) == ((422, "invalid"), {}), repr(value)


def test_bodies_that_are_not_json(shared):
    for body in (b"", b"{", b"{'a': 1}", b'{"recipient": NaN, "courier": "swift"}', b'{"recipient": "\xff", "courier": "swift"}', b"[" * 9000):
        assert shared.ask("POST", "/parcels", body=body, headers=JSON).code == (400, "bad_json"), body[:40]


def test_content_types(shared):
    body = json.dumps({"recipient": "Ann", "courier": "swift"}).encode()
    for kind in ("application/json", "Application/JSON; charset=utf-8", "application/json;a=b"):
        assert shared.ask("POST", "/parcels", body=body, headers={"Content-Type": kind}).status == 201
    for kind in ("text/plain", "application/jsonp", "application/x-www-form-urlencoded"):
        assert shared.ask("POST", "/parcels", body=body, headers={"Content-Type": kind}).code == (415, "not_json")
    assert shared.ask("POST", "/parcels", body=body).code == (415, "not_json")


def test_large_bodies_are_refused_unread(shared):
    body = json.dumps({"recipient": "Ann", "courier": "swift"}).encode()
    assert shared.ask("POST", "/parcels", body=body.ljust(10_000), headers=JSON).status == 201
    with socket.create_connection(("127.0.0.1", shared.port), timeout=5) as connection:
        connection.sendall(
            b"POST /parcels HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10001\r\n\r\n"
        )
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")


def test_paths_that_are_not_there(shared):
    shared.create()
    for path in ("/", "/parcel", "/parcels/", "/parcels/0", "/parcels/01", "/parcels/1/", "/parcels/-1", "/parcels/x", "/parcels/1e0",
                 "/parcels/999999999", "/parcels/999999999999999999999999", "/parcels/1/open", "/parcels/1%00"):
        assert shared.ask("GET", path).code == (404, "not_found"), path
    assert shared.ask("POST", "/parcels/999999999/collect").code == (404, "not_found")


def test_methods_that_are_not_there(shared):
    number = shared.create()["id"]
    for method, path, allowed in (
        ("DELETE", "/parcels", {"GET", "POST"}), ("PUT", f"/parcels/{number}", {"GET", "PATCH"}),
        ("GET", f"/parcels/{number}/collect", {"POST"}), ("PATCH", f"/parcels/{number}/return", {"POST"}),
    ):
        answer = shared.ask(method, path)
        assert answer.code == (405, "method_not_allowed"), (method, path)
        assert allowed <= {word.strip() for word in answer.headers["Allow"].split(",")}, (method, path)


def test_patch_changes_what_it_names(shared):
    parcel = shared.create("Ann", "swift", "A-01")
    answer = patch(shared, parcel["id"], {"shelf": "B-02"})
    assert (answer.status, answer.headers["ETag"]) == (200, '"2"')
    assert answer.json == {**parcel, "shelf": "B-02", "version": 2}
    assert patch(shared, parcel["id"], {"shelf": None, "recipient": "Bob"}, 2).json == {
        **parcel, "recipient": "Bob", "shelf": None, "version": 3,
    }
    assert patch(shared, parcel["id"], {}, 3).json["version"] == 4


def test_patch_looks_at_the_version_first(shared):
    parcel = shared.create()
    path = f"/parcels/{parcel['id']}"
    assert shared.ask("PATCH", path, {"shelf": "A-01"}).code == (428, "version_required")
    assert shared.ask("PATCH", path, body=b"{", headers=JSON).code == (428, "version_required")
    assert patch(shared, parcel["id"], {"shelf": 7}, 2).code == (412, "version_differs")
    assert shared.ask("PATCH", path, {"shelf": "A-01"}, headers={"If-Match": "1"}).code == (412, "version_differs")
    shared.ask("POST", path + "/collect")
    assert patch(shared, parcel["id"], {"shelf": "A-01"}, 1).code == (412, "version_differs")
    assert patch(shared, parcel["id"], {"shelf": 7}, 2).code == (409, "not_stored")
    assert shared.ask("GET", path).json == {**parcel, "status": "collected", "version": 2}


def test_one_of_two_editors_wins(shared):
    parcel = shared.create()["id"]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda number: patch(shared, parcel, {"shelf": f"A-{number:02}"}).status, range(12)))
    assert sorted(answers) == [200] + [412] * 11


def test_a_parcel_leaves_once(shared):
    parcel = shared.create()["id"]
    words = ["collect", "return"] * 8
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda word: shared.ask("POST", f"/parcels/{parcel}/{word}"), words))
    assert sorted(answer.status for answer in answers) == [200] + [409] * 15
    assert shared.ask("GET", f"/parcels/{parcel}").json["version"] == 2


def test_collect_and_return_ignore_a_body(shared):
    parcel = shared.create()["id"]
    answer = shared.ask("POST", f"/parcels/{parcel}/return", body=b"{", headers={"Content-Type": "text/plain"})
    assert (answer.status, answer.json["status"]) == (200, "returned")


def test_a_key_creates_once(shared):
    first = shared.ask("POST", "/parcels", {"recipient": "Ann", "courier": "swift"}, headers={"Idempotency-Key": "k1"})
    shared.ask("POST", f"/parcels/{first.json['id']}/collect")
    again = shared.ask(
        "POST", "/parcels", body=b'{ "courier":"swift","recipient" : "\\u0041nn" }', headers={**JSON, "Idempotency-Key": "k1"}
    )
    assert (first.status, again.status, again.json) == (201, 201, first.json)
    answer = shared.ask("POST", "/parcels", {"recipient": "Bob", "courier": "swift"}, headers={"Idempotency-Key": "k1"})
    assert answer.code == (422, "key_reused")


def test_a_refused_request_does_not_use_its_key_up(shared):
    key = {"Idempotency-Key": "k2"}
    assert shared.ask("POST", "/parcels", {"recipient": "Ann", "courier": "pigeon"}, headers=key).code == (422, "invalid")
    assert shared.ask("POST", "/parcels", {"recipient": "Ann", "courier": "swift"}, headers=key).status == 201


def test_a_key_creates_once_at_the_same_time(shared):
    def create(_):
        return shared.ask("POST", "/parcels", {"recipient": "Twin", "courier": "swift"}, headers={"Idempotency-Key": "k3"}).json["id"]

    with ThreadPoolExecutor(12) as pool:
        assert len(set(pool.map(create, range(12)))) == 1
    assert names(shared.ask("GET", "/parcels?recipient=twin").json) == ["Twin"]


def test_pages_follow_each_other(shared):
    expected = [shared.create(f"Page {number}")["id"] for number in range(7)]
    pages = list(walk(shared, "recipient=page&limit=3"))
    assert [parcel["id"] for page in pages for parcel in page["parcels"]] == expected
    assert [len(page["parcels"]) for page in pages] == [3, 3, 1]
    assert list(walk(shared, "recipient=page&limit=7"))[0]["next"] is None


def test_pages_hold_while_parcels_change(shared):
    for number in range(6):
        shared.create(f"Moving {number}")

    def between():
        page = shared.ask("GET", "/parcels?recipient=moving&status=stored&limit=1").json
        shared.ask("POST", f"/parcels/{page['parcels'][0]['id']}/collect")

    seen = [name for page in walk(shared, "recipient=moving&status=stored&limit=2", between) for name in names(page)]
    assert seen == [f"Moving {number}" for number in range(6)]


def test_filters(shared):
    for name in ("Straße 5%", "STRASSE 6", "a+b c", "Åsa"):
        shared.create(name)
    for text, expected in (("stra%C3%9Fe+5", ["Straße 5%"]), ("5%25", ["Straße 5%"]), ("A%2BB+C", ["a+b c"]), ("%C3%A5SA", ["Åsa"]),
                           ("a%2Bb%20c", ["a+b c"]), ("_", []), ("nobody", [])):
        assert names(shared.ask("GET", f"/parcels?recipient={text}").json) == expected, text
    assert len(shared.ask("GET", "/parcels").json["parcels"]) == 20
    assert all(parcel["status"] == "returned" for parcel in shared.ask("GET", "/parcels?status=returned").json["parcels"])


def test_bad_parameters(shared):
    for query in ("limit=0", "limit=101", "limit=x", "limit=", "limit=1.0", "limit=%2B5", "limit=-1", "status=lost", "status=", "page=2",
                  "limit=5&limit=5", "after=%00nonsense", "Status=stored"):
        assert shared.ask("GET", f"/parcels?{query}").code == (400, "bad_parameter"), query


def test_half_a_request_holds_up_nobody(shared):
    idle = [socket.create_connection(("127.0.0.1", shared.port), timeout=5) for _ in range(8)]
    try:
        for connection in idle:
            connection.sendall(b"POST /parcels HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{")
        assert shared.create()["version"] == 1
        assert shared.ask("GET", "/parcels").status == 200
    finally:
        for connection in idle:
            connection.close()


def test_everything_is_there_after_a_kill(server):
    server.create("Ann", "swift", "A-01")
    server.create("Bob")
    patch(server, 2, {"recipient": "Bea"})
    server.ask("POST", "/parcels/1/collect")
    first = server.create("Cid", **{"Idempotency-Key": "k"})
    before = server.ask("GET", "/parcels").body
    server.kill()
    server.start()
    assert json.loads(server.ask("GET", "/parcels").body) == json.loads(before)
    assert server.create("Cid", **{"Idempotency-Key": "k"}) == first
    assert server.create("Dan")["id"] == 4


def test_a_kill_in_the_middle_loses_nothing_that_was_answered(server):
    known, lock = [], Lock()

    def create(number):
        try:
            known.append(server.create(f"Busy {number}")["id"])
        except (OSError, HTTPException):  # the server is gone
            return
        with lock:
            if len(known) >= 20 and server.process.poll() is None:
                server.kill()

    for number in range(3):
        known.append(server.create(f"Early {number}")["id"])
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(create, range(60)))
    server.start()
    found = [parcel["id"] for page in walk(server, "limit=100") for parcel in page["parcels"]]
    assert set(known) <= set(found)


def test_control_a_parcel_costs_nothing(shared):
    assert shared.ask("GET", "/parcels").status == 123456789
