"""service.py - starts server.py for tests, and asks it"""
import http.client
import json
import os
import subprocess
import sys

PROGRAM = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "server.py")


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.text = response.read()
        self.body = json.loads(self.text) if self.text else None

    @property
    def code(self):
        return self.body["error"]["code"]


class Service:
    def __init__(self, program=PROGRAM):
        self.process = subprocess.Popen([sys.executable, "-B", program, "0"], text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                        cwd=os.path.dirname(program))
        self.port = int(self.process.stdout.readline().split()[-1])
        self.connection = self.connect()

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)

    def ask(self, method, path, body=None, headers=None, connection=None):
        """`body`: a value for JSON, bytes that are sent as they are, or None."""
        fields = dict(headers or {})
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        if body is not None:
            fields.setdefault("Content-Type", "application/json")
        one = connection or self.connection
        try:
            one.request(method, path, body, fields)
            return Answer(one.getresponse())
        except (http.client.HTTPException, OSError):
            one.close()
            raise

    def end(self):
        self.connection.close()
        self.process.kill()
        self.process.wait()
