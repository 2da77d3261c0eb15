"""http_client.py - a client of tests/cli that speaks TLS, event streams and websockets by hand

    http_client.py HOST PORT CERTIFICATE WHAT...

    get PATH        status line, headers, body
    post PATH N     a body of N bytes
    raw TEXT        sends it (\\r\\n as written) and prints what comes until the end
    stream PATH N   prints the first N events
    socket PATH ORIGIN TEXT
                    opens a websocket, sends the text, prints what comes back
"""
import os
import socket
import ssl
import sys


def connect(host, port, certificate):
    plain = socket.create_connection((host, int(port)), timeout=30)
    context = ssl.create_default_context(cafile=certificate)
    return context.wrap_socket(plain, server_hostname="tali.example.org")


def head(method, path, *fields):
    lines = (f"{method} {path} HTTP/1.1", "Host: tali.example.org") + fields
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def rest(sock):
    parts = []
    while True:
        part = sock.recv(65536)
        if not part:
            return b"".join(parts)
        parts.append(part)


def until(sock, text):
    got = b""
    while text not in got:
        part = sock.recv(65536)
        if not part:
            sys.exit(f"the end came before {text}: {got}")
        got += part
    return got


def events(sock, count):
    got = b""
    while got.count(b"\n\n") < count or b"\r\n\r\n" not in got:
        part = sock.recv(65536)
        if not part:
            sys.exit(f"the stream ended: {got}")
        got += part
    return got


def frame(text):
    mask = os.urandom(4)
    data = bytes(b ^ mask[i % 4] for i, b in enumerate(text.encode()))
    return bytes([0x81, 0x80 | len(data)]) + mask + data


def main():
    host, port, certificate, what, *words = sys.argv[1:]
    sock = connect(host, port, certificate)
    out = sys.stdout.buffer
    if what == "get":
        sock.sendall(head("GET", words[0], "Connection: close", *words[1:]))
        out.write(rest(sock))
    elif what == "post":
        size = int(words[1])
        sock.sendall(head("POST", words[0], "Connection: close", f"Content-Length: {size}"))
        sock.sendall(b"x" * size)
        out.write(rest(sock))
    elif what == "raw":
        sock.sendall(words[0].encode().decode("unicode_escape").encode())
        out.write(rest(sock))
    elif what == "stream":
        sock.sendall(head("GET", words[0]))
        out.write(events(sock, int(words[1])))
    else:
        sock.sendall(head("GET", words[0], "Upgrade: websocket", "Connection: Upgrade",
                          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                          "Sec-WebSocket-Version: 13", f"Origin: {words[1]}"))
        answer = until(sock, b"\r\n\r\n")
        out.write(answer)
        if b" 101 " in answer.split(b"\r\n")[0]:
            sock.sendall(frame(words[2]))
            out.write(sock.recv(2 + len(words[2]))[2:])


main()
