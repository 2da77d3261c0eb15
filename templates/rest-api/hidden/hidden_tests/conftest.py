import http.client
import json
import os
import signal
import socket
import subprocess

import pytest


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        assert self.headers["Content-Type"].split(";")[0] == "application/json"
        return json.loads(self.body)

    @property
    def code(self):
        return self.status, self.json["error"]["code"]


class Server:
    """Your server, as run.sh starts it, with a folder of its own."""

    def __init__(self, data):
        self.data = str(data)
        self.start()

    def start(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = subprocess.Popen(
            ["sh", "run.sh"], stdout=subprocess.PIPE, text=True, start_new_session=True,
            env={**os.environ, "PORT": str(self.port), "DATA": self.data},
        )
        assert self.process.stdout.readline().strip() == "ready"

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def ask(self, method, path, value=None, *, body=None, headers=None):
        headers = dict(headers or {})
        if value is not None:
            body = json.dumps(value).encode()
            headers.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request(method, path, body, headers)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def create(self, recipient="Ann Lee", courier="swift", shelf=None, **headers):
        answer = self.ask("POST", "/parcels", {"recipient": recipient, "courier": courier, "shelf": shelf}, headers=headers)
        assert answer.status == 201, answer.body
        return answer.json


@pytest.fixture
def server(tmp_path):
    server = Server(tmp_path)
    yield server
    server.kill()


@pytest.fixture(scope="session")
def shared(tmp_path_factory):
    """One server for all tests that do not care what else is there."""
    server = Server(tmp_path_factory.mktemp("data"))
    yield server
    server.kill()
