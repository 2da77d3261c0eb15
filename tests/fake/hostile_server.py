"""hostile_server.py [CERTIFICATE KEY] - a server that means no good to tali's client

Listens on two ports of the loopback address, the first with TLS when there is a certificate, and
prints both. The token of the link says what it does. What comes to the second, where nobody should
be led to, is written to the file `elsewhere`.
"""
import http.server
import json
import ssl
import sys
import threading

ID = "0123456789abcdef"


def session(**more):
    return {"schema": "tali.session/1", "id": ID, "status": "active", "reason": None,
            "candidate": {"name": "Ann", "email": "ann@example.org"},
            "invitation": {"attempt": 1, "duration_ms": 60000}, "started": None,
            "deadline": "2099-01-01T00:00:00Z", "submitted": None, "task": {"name": "tiny"},
            "workspace": {}, "now": "2026-01-01T00:00:00Z", **more}


SESSIONS = {
    "id": session(id="../../../../x/.."),
    "name": session(task={"name": "../../evil"}),
    "escape": session(status="revoked"),
    "git": session(),
    "types": session(task=["tiny"], invitation=7, candidate=None, deadline={}, workspace=[]),
    "status": session(status="\x1b[31mactive"),
}


class Elsewhere(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        with open("elsewhere", "a", encoding="utf-8") as file:
            file.write(f"{self.command} {self.path}\n{self.headers}\n")
        self.send_response(200)
        self.end_headers()

    do_POST = do_GET

    def log_message(self, *_):
        pass


class Hostile(Elsewhere):
    def answer(self, status, body=b"", **fields):
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        length = int(self.headers.get("Content-Length", 0))
        self.rfile.read(length)
        away = f"http://127.0.0.1:{elsewhere.server_port}{self.path}"
        if token == "redirect" or self.path.startswith("/git/"):
            self.answer(302, Location=away)
        elif token == "huge":
            self.send_response(200)
            self.end_headers()
            try:
                for _ in range(24):
                    self.wfile.write(b" " * (1 << 20))
            except OSError:
                pass
        elif token == "deep":
            self.answer(200, b"[" * 100000)
        elif token == "escape" and self.command == "POST":
            self.answer(409, json.dumps({"error": {
                "code": "state", "message": "no\x1b]0;title\x07\x1b[2J\r\nmore\x9b31m"}}).encode())
        elif token in SESSIONS:
            self.answer(200, json.dumps(SESSIONS[token]).encode())
        else:
            self.answer(401, b"{}")

    do_POST = do_GET


elsewhere = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
hostile = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hostile)
if len(sys.argv) > 2:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
    hostile.socket = context.wrap_socket(hostile.socket, server_side=True)
threading.Thread(target=elsewhere.serve_forever, daemon=True).start()
print(hostile.server_port, elsewhere.server_port, flush=True)
hostile.serve_forever()
