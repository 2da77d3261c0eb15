"""server.py PORT - the tool library (see README.md)"""
import json
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

BODY_MOST = 65536
CATEGORIES = ("hand", "power", "garden")


class Refusal(Exception):
    def __init__(self, status, code, message, field=None, headers=None):
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.field, self.headers = field, headers or {}


def invalid(field, message):
    return Refusal(422, "invalid", "%s %s" % (field, message), field)


class Reply:
    def __init__(self, status, body=None, **headers):
        self.status, self.body, self.headers = status, body, headers


# --- fields

def is_integer(value):
    return isinstance(value, int) and not isinstance(value, bool)


def read_name(value):
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= 80:
        raise invalid("name", "is a text with 1 to 80 characters")
    return value.strip()


def read_category(value):
    if value not in CATEGORIES or not isinstance(value, str):
        raise invalid("category", "is one of " + ", ".join(CATEGORIES))
    return value


def read_deposit(value):
    if not is_integer(value) or not 0 <= value <= 100000:
        raise invalid("deposit_cents", "is an integer from 0 to 100000")
    return value


def read_tool_id(value):
    if not is_integer(value):
        raise invalid("tool_id", "is an integer")
    return value


def read_member(value):
    if not isinstance(value, str) or not 1 <= len(value) <= 80:
        raise invalid("member", "is a text with 1 to 80 characters")
    return value


TOOL = {"name": read_name, "category": read_category, "deposit_cents": read_deposit}
LOAN = {"tool_id": read_tool_id, "member": read_member}


def read_fields(given, known, partly=False):
    read = {}
    for field in sorted(set(given) | (set() if partly else set(known))):
        if field not in known:
            raise invalid(field, "is not known")
        if field not in given:
            raise invalid(field, "is missing")
        read[field] = known[field](given[field])
    return read


# --- the library: whoever calls holds the lock

class Library:
    def __init__(self):
        self.lock = threading.Lock()
        self.tools, self.loans, self.kept = {}, {}, {}
        self.last_tool = 0

    def tool(self, number):
        if number not in self.tools:
            raise Refusal(404, "not_found", "there is no such tool")
        return self.tools[number]

    def loan(self, number):
        if number not in self.loans:
            raise Refusal(404, "not_found", "there is no such loan")
        return self.loans[number]

    def add_tool(self, fields):
        self.last_tool += 1
        self.tools[self.last_tool] = {"id": self.last_tool, **fields, "available": True, "version": 1}
        return self.tools[self.last_tool]

    def lend(self, fields):
        tool = self.tools.get(fields["tool_id"])
        if not tool:
            raise Refusal(422, "unknown_tool", "there is no such tool")
        if not tool["available"]:
            raise Refusal(409, "on_loan", "the tool is out")
        tool["available"] = False
        number = len(self.loans) + 1
        self.loans[number] = {"id": number, **fields, "returned": False}
        return self.loans[number]


def tool_reply(status, tool, **headers):
    return Reply(status, dict(tool), ETag='"%d"' % tool["version"], **headers)


# --- requests

def make_tool(library, request):
    tool = library.add_tool(read_fields(request.json(), TOOL))
    return tool_reply(201, tool, Location="/tools/%d" % tool["id"])


def get_tool(library, request, number):
    return tool_reply(200, library.tool(number))


def change_tool(library, request, number):
    tool = library.tool(number)
    wanted = request.headers["If-Match"]
    if wanted is None:
        raise Refusal(428, "precondition_required", "say If-Match")
    if wanted.strip() != '"%d"' % tool["version"]:
        raise Refusal(412, "precondition_failed", "the tool has changed")
    fields = read_fields(request.json(), TOOL, partly=True)
    if not fields:
        raise invalid("name", "or another field must be there")
    tool.update(fields, version=tool["version"] + 1)
    return tool_reply(200, tool)


def delete_tool(library, request, number):
    if not library.tool(number)["available"]:
        raise Refusal(409, "on_loan", "the tool is out")
    del library.tools[number]
    return Reply(204)


def read_limit(text):
    if not re.fullmatch("[0-9]{1,3}", text) or not 1 <= int(text) <= 100:
        raise invalid("limit", "is from 1 to 100")
    return int(text)


def read_cursor(text):
    if not re.fullmatch("[0-9]{1,18}", text):
        raise invalid("cursor", "is none of ours")
    return int(text)


def read_available(text):
    if text not in ("true", "false"):
        raise invalid("available", "is true or false")
    return text == "true"


LIST = {"available": read_available, "category": read_category, "cursor": read_cursor,
        "limit": read_limit}


def list_tools(library, request):
    wanted = read_fields(request.query, LIST, partly=True)
    fits = [tool for number, tool in sorted(library.tools.items())
            if all(tool[name] == wanted.get(name, tool[name]) for name in ("category", "available"))]
    begin = wanted.get("cursor", 0)
    end = begin + wanted.get("limit", 20)
    return Reply(200, {"items": [dict(tool) for tool in fits[begin:end]],
                       "next": str(end) if fits[end:] else None})


def make_loan(library, request):
    given = request.json()
    key = request.headers["Idempotency-Key"]
    value = json.dumps(given, sort_keys=True)
    if key is not None and key in library.kept:
        before, reply = library.kept[key]
        if before != value:
            raise Refusal(422, "key_reused", "the key was used for another loan")
        return reply
    try:
        loan = library.lend(read_fields(given, LOAN))
        reply = Reply(201, dict(loan), Location="/loans/%d" % loan["id"])
    except Refusal as refusal:
        if refusal.status != 409:
            raise
        reply = reply_of(refusal)
    if key is not None:
        library.kept[key] = value, reply
    return reply


def get_loan(library, request, number):
    return Reply(200, dict(library.loan(number)))


def end_loan(library, request, number):
    loan = library.loan(number)
    if loan["returned"]:
        raise Refusal(409, "returned", "it was returned before")
    loan["returned"] = True
    library.tools[loan["tool_id"]]["available"] = True
    return Reply(200, dict(loan))


def list_loans(library, request):
    member = read_fields(request.query, {"member": read_member})["member"]
    return Reply(200, {"items": [dict(loan) for _, loan in sorted(library.loans.items())
                                 if loan["member"] == member]})


ROUTES = (
    (re.compile("/tools"), {"GET": list_tools, "POST": make_tool}),
    (re.compile("/tools/([1-9][0-9]{0,17})"),
     {"GET": get_tool, "PATCH": change_tool, "DELETE": delete_tool}),
    (re.compile("/loans"), {"GET": list_loans, "POST": make_loan}),
    (re.compile("/loans/([1-9][0-9]{0,17})"), {"GET": get_loan}),
    (re.compile("/loans/([1-9][0-9]{0,17})/return"), {"POST": end_loan}),
)


def reply_of(refusal):
    error = {"code": refusal.code, "message": refusal.message}
    if refusal.field is not None:
        error["field"] = refusal.field
    return Reply(refusal.status, {"error": error}, **refusal.headers)


def find_route(library, method, path):
    for pattern, methods in ROUTES:
        match = pattern.fullmatch(path)
        if not match:
            continue
        numbers = [int(number) for number in match.groups()]
        for number in numbers:
            (library.tool if path.startswith("/tools/") else library.loan)(number)
        if method in methods:
            return methods[method], numbers
        raise Refusal(405, "method_not_allowed", "other methods are",
                      headers={"Allow": ", ".join(sorted(methods))})
    raise Refusal(404, "not_found", "there is nothing")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    library = Library()

    def json(self):
        if len(self.given) > BODY_MOST:
            raise Refusal(413, "too_large", "a body has at most %d bytes" % BODY_MOST)
        kind = (self.headers["Content-Type"] or "").split(";")[0].strip().lower()
        if kind != "application/json":
            raise Refusal(415, "unsupported_media_type", "application/json, please")
        try:
            value = json.loads(self.given.decode("utf-8"))
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            raise Refusal(400, "invalid_json", "the body is no JSON object")
        return value

    def read_body(self):
        length = int(self.headers["Content-Length"] or 0)
        self.given = self.rfile.read(min(length, BODY_MOST + 1))
        if length > BODY_MOST:		# the rest is dropped, so that the answer is read
            left = length - len(self.given)
            while left > 0:
                piece = self.rfile.read(min(left, 65536))
                if not piece:
                    break
                left -= len(piece)

    def answer(self):
        address = urlsplit(self.path)
        self.query = dict(parse_qsl(address.query, keep_blank_values=True))
        self.read_body()
        try:
            with self.library.lock:
                handle, numbers = find_route(self.library, self.command, address.path)
                return handle(self.library, self, *numbers)
        except Refusal as refusal:
            return reply_of(refusal)

    def handle_any(self):
        reply = self.answer()
        body = b"" if reply.body is None else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.body is not None:
            self.send_header("Content-Type", "application/json")
        if reply.status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = handle_any

    def log_message(self, *words):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def main(port):
    server = Server(("127.0.0.1", port), Handler)
    print("listening on %d" % server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]))
