def test_a_parcel_is_created_and_read(server):
    answer = server.ask("POST", "/parcels", {"recipient": "Ann Lee", "courier": "swift", "shelf": "A-07"})
    assert answer.status == 201
    assert answer.headers["Location"] == "/parcels/1"
    expected = {"id": 1, "recipient": "Ann Lee", "courier": "swift", "shelf": "A-07", "status": "stored", "version": 1}
    assert answer.json == expected
    answer = server.ask("GET", "/parcels/1")
    assert (answer.status, answer.headers["ETag"], answer.json) == (200, '"1"', expected)


def test_a_parcel_is_collected_once(server):
    server.create()
    answer = server.ask("POST", "/parcels/1/collect")
    assert (answer.status, answer.json["status"], answer.json["version"]) == (200, "collected", 2)
    assert server.ask("POST", "/parcels/1/collect").code == (409, "not_stored")


def test_every_wrong_field_is_named(server):
    answer = server.ask("POST", "/parcels", {"recipient": "", "courier": "pigeon"})
    assert answer.code == (422, "invalid")
    assert set(answer.json["error"]["fields"]) == {"recipient", "courier"}


def test_pages(server):
    for name in ("Ann", "Bob", "Cid"):
        server.create(name)
    page = server.ask("GET", "/parcels?limit=2").json
    assert [parcel["recipient"] for parcel in page["parcels"]] == ["Ann", "Bob"]
    page = server.ask("GET", f"/parcels?limit=2&after={page['next']}").json
    assert [parcel["recipient"] for parcel in page["parcels"]] == ["Cid"]
    assert page["next"] is None


def test_unknown_paths(server):
    assert server.ask("GET", "/parcels/1").code == (404, "not_found")
    assert server.ask("GET", "/pigeons").code == (404, "not_found")
