#!/usr/bin/python3
"""http-typist.py URL COOKIE LOG - types into the file answer until the server is gone

Each batch inserts its number at the end of the text. LOG gets a line for each batch: "sent N"
before it is sent, "acked N" when the server said that it is on disk. A later run goes on where the
log ends: what was sent and not acknowledged is sent again, as a page does that lost the answer.
"""
import http.client
import json
import sys
import urllib.parse

url, cookie, log = sys.argv[1:]
host = urllib.parse.urlsplit(url).netloc


def ask(connection, method, path, body=None):
    connection.request(method, path, body, {"Cookie": "tali_c=" + cookie,
                                            "Sec-Fetch-Site": "same-origin"})
    answer = connection.getresponse()
    return answer.status, answer.getheader("ETag"), answer.read()


def batch(number, text, base):
    edit = {"file": "answer", "at": len(text), "del": 0, "ins": "%d\n" % number}
    return json.dumps({"schema": "tali.batch/1", "client": "typist", "sent": 1,
                       "base": {"answer": base},
                       "events": [{"seq": number, "time": 1, "kind": "edit",
                                   "data": {"edits": [edit]}}]})


try:
    with open(log) as file:
        number = sum(line.startswith("acked") for line in file)
except FileNotFoundError:
    number = 0
with open(log, "a", buffering=1) as out:
    try:
        connection = http.client.HTTPConnection(host, timeout=60)
        while True:
            number += 1
            status, tag, text = ask(connection, "GET", "/api/v1/files/answer")
            assert status == 200, status
            if text.endswith(b"%d\n" % number):     # it came, and the answer was lost
                text = text[:-len(b"%d\n" % number)]
            out.write("sent %d\n" % number)
            status, _, answer = ask(connection, "POST", "/api/v1/events",
                                    batch(number, text, int(tag.strip('"'))))
            assert status == 200, (status, answer)
            assert json.loads(answer)["acknowledged"] == number, answer
            out.write("acked %d\n" % number)
    except (OSError, http.client.HTTPException):
        pass
