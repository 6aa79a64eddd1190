"""The agent's side of docs/shim-protocol.md, which can also misbehave."""

import os
import socket
import struct
import threading

CALL, RUN, RAN, ANSWER, UNSUPPORTED = 1, 2, 3, 4, 5
PROTOCOL, PLUGIN, ENV, STDIN, FOUND, SEEN = 1, 2, 3, 4, 5, 6
TYPE, LIMIT, OUTCOME, STATUS, STDOUT, STDERR, PATH, EXIT, KIND = range(16, 25)
ENDED, NOT_FOUND, NOT_STARTABLE, KILLED_LATE, KILLED_VERBOSE = range(5)


def field(tag, value):
    return struct.pack(">BI", tag, len(value)) + value


def frame(kind, *fields):
    body = bytes([kind]) + b"".join(fields)
    return struct.pack(">I", len(body)) + body


def answer(code=0, stdout=b"", stderr=b""):
    return frame(ANSWER, field(EXIT, bytes([code])), field(STDOUT, stdout), field(STDERR, stderr))


def run(name, *variables, stdin=b"", limit=20000):
    environment = [field(ENV, variable) for variable in variables]
    return frame(
        RUN,
        field(TYPE, name),
        *environment,
        field(STDIN, stdin),
        field(LIMIT, struct.pack(">I", limit)),
    )


class Frame:
    """A received frame: its bytes, its kind, and the values of its fields by tag."""

    def __init__(self, raw):
        self.raw = raw
        self.kind = raw[4]
        self.tags = []
        self.values = {}
        at = 5
        while at < len(raw):
            tag, size = struct.unpack_from(">BI", raw, at)
            at += 5
            assert at + size <= len(raw), "a field runs over the end of its frame"
            self.tags.append(tag)
            self.values.setdefault(tag, []).append(raw[at : at + size])
            at += size

    def __getitem__(self, tag):
        (value,) = self.values[tag]
        return value

    def number(self, tag):
        return int.from_bytes(self[tag], "big")


class Connection:
    def __init__(self, peer):
        self.peer = peer
        self.peer.settimeout(60)

    def _receive(self, size):
        parts = bytearray()
        while len(parts) < size:
            part = self.peer.recv(min(size - len(parts), 1 << 20))
            if not part:
                raise EOFError("the shim has closed the connection")
            parts += part
        return bytes(parts)

    def receive(self):
        length = self._receive(4)
        return Frame(length + self._receive(int.from_bytes(length, "big")))

    def send(self, raw):
        self.peer.sendall(raw)

    def ran(self, *arguments, **options):
        self.send(run(*arguments, **options))
        reply = self.receive()
        assert reply.kind == RAN, f"kind {reply.kind} instead of RAN"
        assert reply.tags == [OUTCOME, STATUS, STDOUT, STDERR, PATH], reply.tags
        return reply

    def is_closed(self):
        try:
            return self.peer.recv(1) == b""
        except ConnectionResetError:
            return True

    def close(self):
        self.peer.close()

    def pid(self):
        credentials = self.peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        return struct.unpack("3i", credentials)[0]


class FakeAgent:
    """Serves one connection with a function. Leaving the context raises the function's failure."""

    def __init__(self, path, serve, delay=0.0):
        self.path = path
        self.serve = serve
        self.failure = None
        self.stopping = threading.Event()
        self.listening = threading.Event()
        self.delay = delay
        self.thread = threading.Thread(target=self._work, daemon=True)

    def _work(self):
        try:
            self.stopping.wait(self.delay)
            with socket.socket(socket.AF_UNIX) as listener:
                listener.bind(self.path)
                listener.listen(5)
                self.listening.set()
                listener.settimeout(60)
                peer, _ = listener.accept()
            with peer:
                if not self.stopping.is_set():
                    self.serve(Connection(peer))
        except BaseException as failure:
            self.failure = failure
            self.listening.set()

    def __enter__(self):
        self.thread.start()
        if not self.delay:
            self.listening.wait(60)
        return self

    def __exit__(self, kind, error, trace):
        self.listening.wait(60)
        self.stopping.set()
        try:
            # Unblocks accept if no shim came.
            with socket.socket(socket.AF_UNIX) as visitor:
                visitor.connect(self.path)
        except OSError:
            pass
        self.thread.join(60)
        os.path.exists(self.path) and os.unlink(self.path)
        if self.failure and not error:
            raise self.failure
