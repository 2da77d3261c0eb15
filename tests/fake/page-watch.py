#!/usr/bin/python3
"""page-watch.py URL COOKIE WHAT EXPECTED COMMAND... - what an open page is told after COMMAND

WHAT is stream or terminal. It is opened, and when it has said something, COMMAND is run. Prints
what comes afterwards, until it has EXPECTED, or to its end where that is END; then `after N ms`,
counted from the end of the command. Fails when the command does, or when what is open ends without
EXPECTED, or nothing comes for half a minute.
"""
import base64
import os
import socket
import subprocess
import sys
import time
import urllib.parse

url, cookie, what, expected = sys.argv[1:5]
netloc = urllib.parse.urlsplit(url).netloc
address = netloc.split(":")
sock = socket.create_connection((address[0], int(address[1])), timeout=30)
fields = ["GET /api/v1/%s HTTP/1.1" % what, "Host: " + netloc, "Cookie: tali_c=" + cookie]
if what == "terminal":
    key = base64.b64encode(os.urandom(16)).decode()
    fields += ["Connection: Upgrade", "Upgrade: websocket", "Origin: " + url,
               "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: " + key]
sock.sendall(("\r\n".join(fields) + "\r\n\r\n").encode())

# the session of a stream, the prompt of a shell
got = b""
while not (got.startswith(b"HTTP/1.1 200") and b"event: session" in got and
           got.endswith(b"\n\n")) and not (b"\r\n\r\n" in got and b"$ " in got):
    part = sock.recv(65536)
    if not part:
        sys.exit("it was not opened: %r" % got)
    got += part

if subprocess.run(sys.argv[5:], check=False).returncode != 0:
    sys.exit("the command has failed")
begun = time.monotonic()
text = b""
while expected == "END" or expected.encode() not in text:
    part = sock.recv(65536)
    if not part:
        break
    text += part
else:
    part = b"more"
print(text.decode(errors="replace"))
if not part and expected != "END":
    sys.exit("it has ended")
print("after %d ms" % ((time.monotonic() - begun) * 1000))
