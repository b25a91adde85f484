#!/usr/bin/env python3
"""A mish-peer that lies: what a node may say that one moved to. Its part is in ~/part: lines, each
a frame to say, or `wait SECONDS`, or `heard TYPE` to wait for one. It notes what it hears in ~/heard."""

import os
import select
import struct
import sys
import time

TYPES = {"READY": 2, "COMMIT": 3, "ABORT": 4, "DATA": 5, "ACK": 6, "OFFER": 9, "RELEASE": 10, "RESUME": 11,
         "CHECKPOINT": 12, "EXIT": 14, "FENCED": 17, "FROZEN": 18}
KEYS = {"VERSION": 1, "SESSION": 2, "EPOCH": 3, "KEY": 4, "STATE": 5, "NODE": 6, "ORIGIN": 7, "FLAGS": 11, "WHY": 13, "WARNINGS": 15,
        "STATUS": 14, "DELIVERED": 16, "PEER_NODE": 31, "SEQ": 34, "COMMAND": 36, "ERRAND": 72}


def pack(v):
    if isinstance(v, int):
        return b"\xcf" + struct.pack(">Q", v)
    return b"\xc6" + struct.pack(">I", len(v)) + v


def message(fields):
    return b"\xde" + struct.pack(">H", len(fields)) + b"".join(
        pack(KEYS[k]) + pack(v if isinstance(v, (int, bytes)) else v.encode()) for k, v in fields.items())


def say(name, payload):
    os.write(1, struct.pack("<BI", TYPES[name], len(payload)) + payload)


class Ears:
    def __init__(self):
        self.data = b""
        self.log = open(os.path.expanduser("~/heard"), "a")

    def frame(self, timeout):
        end = time.monotonic() + timeout
        while True:
            if len(self.data) >= 5:
                kind, n = struct.unpack("<BI", self.data[:5])
                if len(self.data) >= 5 + n:
                    payload, self.data = self.data[5:5 + n], self.data[5 + n:]
                    name = next((k for k, v in TYPES.items() if v == kind), str(kind))
                    print(name, file=self.log, flush=True)
                    return name, payload
            left = end - time.monotonic()
            if left <= 0 or not select.select([0], [], [], left)[0]:
                return None, b""
            more = os.read(0, 65536)
            if not more:
                sys.exit(0)
            self.data += more


def number_of(payload, key):
    """The value behind a small key of a message that mish wrote: enough to find the state's parts."""
    i, n = 5, struct.unpack(">I", payload[1:5])[0]  # mish writes map 32

    def one():
        nonlocal i
        c = payload[i]
        i += 1
        if c < 0x80:
            return c
        if 0xa0 <= c <= 0xbf:
            i += c & 31
            return payload[i - (c & 31):i]
        size = {0xcc: 1, 0xcd: 2, 0xce: 4, 0xcf: 8, 0xd9: 1, 0xda: 2, 0xdb: 4, 0xc4: 1, 0xc5: 2, 0xc6: 4}[c]
        v = int.from_bytes(payload[i:i + size], "big")
        i += size
        if c in (0xd9, 0xda, 0xdb, 0xc4, 0xc5, 0xc6):
            i += v
            return payload[i - v:i]
        return v
    for _ in range(n):
        k, v = one(), one()
        if k == KEYS[key]:
            return v
    return 0


def main():
    os.write(1, b"\0\1mish peer\2\n")
    ears = Ears()
    hello = b""
    while not hello:
        name, payload = ears.frame(60)
        hello = payload if name == "1" else b""
    known = {k: number_of(hello, k) for k in ("STATE", "KEY", "EPOCH", "SESSION", "ORIGIN")}
    for line in open(os.path.expanduser("~/part")):
        words = line.split()
        if words[0] == "wait":
            end = time.monotonic() + float(words[1])
            while time.monotonic() < end:
                ears.frame(end - time.monotonic())
        elif words[0] == "heard":
            while ears.frame(60)[0] not in (words[1], None):
                pass
        elif words[0] == "DATA":
            say("DATA", b"\0\0" + " ".join(words[1:]).encode().decode("unicode_escape").encode())
        else:
            fields = {}
            for w in words[1:]:
                k, v = w.split("=", 1)
                fields[k] = known[v[1:]] if v[:1] == "$" else int(v) if v.isdigit() else v.replace("_", " ")
            say(words[0], message(fields))
    while True:
        if ears.frame(60)[0] is None:
            return


main()
