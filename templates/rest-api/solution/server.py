"""The parcel room: an HTTP service on 127.0.0.1:$PORT that keeps its data in the folder $DATA.

The data is one SQLite database: a change is one transaction, and it is on disk when the client is answered.
"""

import json
import os
import re
import sqlite3
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

COURIERS = ("swift", "postal", "cargo")
STATUSES = ("stored", "collected", "returned")
LARGEST = 10_000
SCHEMA = """
create table if not exists parcel (id integer primary key autoincrement, recipient text not null, courier text not null,
  shelf text, status text not null, version integer not null);
create table if not exists answer (key text primary key, request text not null, parcel text not null);
"""
FIELDS = ("id", "recipient", "courier", "shelf", "status", "version")


class Refused(Exception):
    def __init__(self, status, code, fields=None, headers=()):
        super().__init__(code)
        self.status, self.headers = status, headers
        self.value = {"error": {"code": code} | ({} if fields is None else {"fields": fields})}


def no_constant(word):
    raise ValueError(word)


def check(value, needed):
    """Refuse what is not an object of fields that a client may set."""
    if not isinstance(value, dict):
        raise Refused(422, "invalid", {})
    wrong = {name: "cannot be set" for name in value if name not in ("recipient", "courier", "shelf")}
    wrong |= {name: "is missing" for name in needed if name not in value}
    recipient, courier, shelf = (value.get(name) for name in ("recipient", "courier", "shelf"))
    if "recipient" in value and not (
        isinstance(recipient, str) and 1 <= len(recipient) <= 100 and recipient == recipient.strip()
        and not re.search("[\ud800-\udfff]", recipient)
    ):
        wrong["recipient"] = "must be 1 to 100 characters without white space around them"
    if "courier" in value and courier not in COURIERS:
        wrong["courier"] = "must be one of " + ", ".join(COURIERS)
    if shelf is not None and not (isinstance(shelf, str) and re.fullmatch("[A-F]-[0-9][0-9]", shelf)):
        wrong["shelf"] = "must be like A-07, or null"
    if wrong:
        raise Refused(422, "invalid", wrong)
    return value


class Room:
    """All parcels. One lock around each transaction makes it whole for everybody."""

    def __init__(self, path):
        self.lock = threading.Lock()
        self.db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self.db.executescript("pragma journal_mode = wal; pragma synchronous = full;" + SCHEMA)

    def __enter__(self):
        self.lock.acquire()
        self.db.execute("begin immediate")
        return self

    def __exit__(self, kind, *_):
        try:
            self.db.execute("rollback" if kind else "commit")
        finally:
            self.lock.release()

    def get(self, number):
        row = self.db.execute("select * from parcel where id = ?", (number,)).fetchone()
        if row is None:
            raise Refused(404, "not_found")
        return dict(zip(FIELDS, row))

    def add(self, value):
        cursor = self.db.execute(
            "insert into parcel (recipient, courier, shelf, status, version) values (?, ?, ?, 'stored', 1)",
            (value["recipient"], value["courier"], value.get("shelf")),
        )
        return self.get(cursor.lastrowid)

    def change(self, parcel, **fields):
        parcel = parcel | fields | {"version": parcel["version"] + 1}
        self.db.execute(
            "update parcel set recipient = :recipient, courier = :courier, shelf = :shelf, status = :status,"
            " version = :version where id = :id", parcel,
        )
        return parcel

    def after(self, number):
        for row in self.db.execute("select * from parcel where id > ? order by id", (number,)):
            yield dict(zip(FIELDS, row))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    room = None

    def handle_any(self):
        try:
            status, value, headers = self.route()
        except Refused as refused:
            status, value, headers = refused.status, refused.value, refused.headers
        if status == 413:
            self.close_connection = True
        body = json.dumps(value).encode()
        self.send_response(status)
        for name, text in headers:
            self.send_header(name, text)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = handle_any

    def route(self):
        url = urlsplit(self.path)
        match = re.fullmatch(r"/parcels(?:/([1-9][0-9]{0,17})(?:/(collect|return))?)?", url.path)
        self.raw = None
        if not match:
            self.skip_body()
            raise Refused(404, "not_found")
        number, action = match.groups()
        if number:
            with self.room as room:
                try:
                    room.get(int(number))
                except Refused:
                    self.skip_body()
                    raise
        methods = {"POST": self.finish} if action else {"GET": self.show, "PATCH": self.patch} if number else {
            "GET": self.list, "POST": self.create,
        }
        if self.command not in methods:
            self.skip_body()
            raise Refused(405, "method_not_allowed", headers=[("Allow", ", ".join(methods))])
        if methods[self.command] in (self.create, self.patch):
            kind = self.headers.get("Content-Type", "").split(";")[0].strip().lower()
            if kind != "application/json":
                self.skip_body()
                raise Refused(415, "not_json")
        self.read_body()
        return methods[self.command](number and int(number), action or url.query)

    def length(self):
        text = self.headers.get("Content-Length", "0")
        return int(text) if re.fullmatch("[0-9]{1,15}", text) else LARGEST + 1

    def skip_body(self):
        if self.length() <= LARGEST:
            self.rfile.read(self.length())
        else:
            self.close_connection = True

    def read_body(self):
        if self.length() > LARGEST:
            raise Refused(413, "too_large")
        self.raw = self.rfile.read(self.length())

    def value(self):
        try:
            return json.loads(self.raw.decode("utf-8"), parse_constant=no_constant)
        except (ValueError, RecursionError):
            raise Refused(400, "bad_json") from None

    def create(self, _number, _query):
        value = check(self.value(), ("recipient", "courier"))
        key = self.headers.get("Idempotency-Key")
        request = json.dumps(value, sort_keys=True)
        with self.room as room:
            row = key and room.db.execute("select request, parcel from answer where key = ?", (key,)).fetchone()
            if row and row[0] != request:
                raise Refused(422, "key_reused")
            parcel = json.loads(row[1]) if row else room.add(value)
            if key and not row:
                room.db.execute("insert into answer values (?, ?, ?)", (key, request, json.dumps(parcel)))
        return 201, parcel, [("Location", f"/parcels/{parcel['id']}")]

    def show(self, number, _query):
        with self.room as room:
            parcel = room.get(number)
        return 200, parcel, [("ETag", f'"{parcel["version"]}"')]

    def patch(self, number, _query):
        with self.room as room:
            parcel = room.get(number)
            wanted = self.headers.get("If-Match")
            if wanted is None:
                raise Refused(428, "version_required")
            if wanted.strip() != f'"{parcel["version"]}"':
                raise Refused(412, "version_differs")
            if parcel["status"] != "stored":
                raise Refused(409, "not_stored")
            parcel = room.change(parcel, **check(self.value(), ()))
        return 200, parcel, [("ETag", f'"{parcel["version"]}"')]

    def finish(self, number, action):
        with self.room as room:
            parcel = room.get(number)
            if parcel["status"] != "stored":
                raise Refused(409, "not_stored")
            parcel = room.change(parcel, status={"collect": "collected", "return": "returned"}[action])
        return 200, parcel, []

    def list(self, _number, query):
        try:
            pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query), errors="strict")
        except ValueError:
            raise Refused(400, "bad_parameter") from None
        given = dict(pairs)
        limit, after, status = given.get("limit", "20"), given.get("after", "0"), given.get("status")
        if (
            len(given) < len(pairs) or given.keys() - {"status", "recipient", "limit", "after"}
            or not re.fullmatch("[0-9]{1,3}", limit) or not 1 <= int(limit) <= 100
            or not re.fullmatch("[0-9]{1,18}", after) or status not in (None, *STATUSES)
        ):
            raise Refused(400, "bad_parameter")
        part = given.get("recipient", "").casefold()
        found = []
        with self.room as room:
            for parcel in room.after(int(after)):
                if status in (None, parcel["status"]) and part in parcel["recipient"].casefold():
                    found.append(parcel)
                    if len(found) > int(limit):
                        break
        page = found[: int(limit)]
        return 200, {"parcels": page, "next": str(page[-1]["id"]) if len(found) > len(page) else None}, []

    def log_message(self, *words):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def main():
    Handler.room = Room(os.path.join(os.environ["DATA"], "parcels.db"))
    server = Server(("127.0.0.1", int(os.environ["PORT"])), Handler)
    print("ready", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
