"""A JSM with a limited number of threads, as Tomcat has them: one is busy from the head of a request
to the last byte of its answer, however slowly the body comes or the answer is taken. Idle connections
keep none. Run as a program it prints its address and serves until its input ends.

A path that ends with a number is answered with so many bytes. `/busy` tells how many threads were
busy at most, and how many connections there are, since it was last asked."""

import http.client
import json
import os
import select
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

from .stand_in import ANSWERS

THREADS = 200
PIECE = b"A page of a portal in some detail.\n" * 1872  # 64 KB
ONCE = select.EPOLLIN | select.EPOLLONESHOT


class Jsm:
    def __init__(self, portals):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        self.url, self.portals = f"http://{self.address}", portals
        self.threads = ThreadPoolExecutor(THREADS)
        self.idle = select.epoll()
        self.connections = {}
        self.lock = threading.Lock()
        self.busy = self.most_busy = self.most_connections = 0

    def serve(self):
        """Gives each connection that has something to say to a thread."""
        self.idle.register(self.listener, select.EPOLLIN)
        while True:
            for number, _ in self.idle.poll():
                if number == self.listener.fileno():
                    self.accept()
                else:
                    self.threads.submit(self.work, number)

    def accept(self):
        connection, _ = self.listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self.lock:
            self.connections[connection.fileno()] = connection
            self.most_connections = max(self.most_connections, len(self.connections))
        self.idle.register(connection, ONCE)

    def work(self, number):
        connection = self.connections[number]
        self.count(1)
        try:
            goes_on = self.answer(connection)
        except (OSError, ValueError, http.client.HTTPException):
            goes_on = False
        self.count(-1)
        if goes_on:
            self.idle.modify(connection, ONCE)
        else:
            with self.lock:
                del self.connections[number]
            connection.close()

    def count(self, change):
        with self.lock:
            self.busy += change
            self.most_busy = max(self.most_busy, self.busy)

    def answer(self, connection):
        """Reads one request and answers it; whether the connection goes on."""
        with connection.makefile("rb") as file:
            line = file.readline().split()
            if len(line) != 3:
                return False
            length = int(http.client.parse_headers(file).get("Content-Length", 0))
            while length and (part := file.read1(min(length, len(PIECE)))):
                length -= len(part)
        if length:
            return False
        target = urlsplit(line[1].decode())
        last = target.path.rsplit("/", 1)[1]
        if target.path == "/busy":
            body = json.dumps(self.told()).encode()
        elif found := ANSWERS.get(target.path):
            body = json.dumps(found(self, parse_qs(target.query))).encode()
        else:
            return send(connection, "text/html", int(last) if last.isdigit() else 0)
        return send(connection, "application/json", len(body), body)

    def told(self):
        with self.lock:
            told = {"busy": self.busy - 1, "most_busy": self.most_busy,
                    "most_connections": self.most_connections}
            self.most_busy, self.most_connections = self.busy - 1, len(self.connections)
        return told


def send(connection, kind, length, body=PIECE):
    """The body, again and again until there is enough of it."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n".encode()
    first = body[:length]
    connection.sendall(head + first)
    for sent in range(len(first), length, len(body)):
        connection.sendall(body[:length - sent])
    return True


def main():
    jsm = Jsm(int(sys.argv[1]))
    print(jsm.address, flush=True)
    threading.Thread(target=jsm.serve, daemon=True).start()
    sys.stdin.read()
    # Threads that wait for somebody slow would keep it alive.
    os._exit(0)


if __name__ == "__main__":
    main()
