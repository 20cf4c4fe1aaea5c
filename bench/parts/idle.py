"""Many connections that were used once and are kept."""

import resource
import socket
import sys
import time


def raise_file_limit():
    """As many open files as the system allows; servers started from here inherit it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most


def memory_of_idle_connections(target, count):
    """Kilobytes a connection, after one request on each."""
    before = target.server.memory()
    host, port = target.server.address.split(":")
    lines = "".join(f"{name}: {value}\r\n" for name, value in target.headers.items())
    path = target.url.split(target.server.address, 1)[1]
    request = f"GET {path} HTTP/1.1\r\nHost: {target.server.address}\r\n{lines}\r\n".encode()
    connections = [opened((host, int(port)), request) for _ in range(count)]
    time.sleep(1)
    after = target.server.memory()
    for connection in connections:
        connection.close()
    return (after - before) * 1024 / count


def opened(address, request):
    connection = socket.create_connection(address, 10)
    connection.sendall(request)
    head, _, body = connection.recv(1 << 16).partition(b"\r\n\r\n")
    if b" 200 " not in head.splitlines()[0]:
        sys.exit(f"an idle connection was answered {head!r}")
    length = next(int(line.split(b":")[1]) for line in head.splitlines()
                  if line.lower().startswith(b"content-length:"))
    while len(body) < length:
        body += connection.recv(1 << 16)
    return connection
