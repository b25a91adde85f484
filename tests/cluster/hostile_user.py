#!/usr/bin/env python3
"""A user who means ill, at mishd's socket: `fill UID…` holds as many connections as it gets, for each of
these users; `spread UID USERS N` holds N for each of so many users from UID on; `fakes UID N` registers N
shells that say they use 64 CPUs, are another process and have a terminal with a title, and ignore what they are asked; `fakes UID N decline` say that a line was
typed, `fakes UID N leave` go, and others come.
Prints a line when it is done, and stays."""

import os
import resource
import select
import socket
import struct
import sys
import time


def message(fields):
    out = b"\xde" + struct.pack(">H", len(fields))
    for k, v in fields.items():
        out += b"\xcf" + struct.pack(">Q", k)
        out += b"\xcf" + struct.pack(">Q", v) if isinstance(v, int) else b"\xc6" + struct.pack(">I", len(v)) + v
    return out


def connect():
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(5)
    s.connect("/run/mish/mishd.sock")
    return s


def hold(uid, n=1100):
    os.setuid(uid)
    held = []
    for _ in range(n):
        for _ in range(500):
            try:
                held.append(connect())
                break
            except BlockingIOError:  # mishd has not taken the last ones yet
                time.sleep(0.01)
    os.write(1, b"held\n")
    time.sleep(60)


def frame(kind, fields):
    payload = message(fields)
    return struct.pack("<BI", kind, len(payload)) + payload


def register(number):
    s = connect()
    # SESSION, ORIGIN, TTY, FLAGS (at a prompt), ELIGIBLE, CPU, BUSY, PID
    s.sendall(frame(48, {2: b"%016x" % number, 7: b"alpha", 25: b"\x1b]0;title\x07\xc2\x9b2J", 11: 1 << 12, 64: 1,
                         57: 64000 if how == "ignore" else 20, 71: 1000, 20: 1}))
    return s


def asked(s):
    """Is there a GRANT? Which node it names does not matter to one that declines: it says all."""
    data, found = s.recv(65536), False
    while len(data) >= 5:
        kind, n = struct.unpack("<BI", data[:5])
        found |= kind == 49
        data = data[5 + n:]
    return found


def fakes(uid, n):
    os.setuid(uid)
    held = [register(i + 1) for i in range(n)]
    os.write(1, b"held\n")
    end = time.monotonic() + 300
    while time.monotonic() < end:
        for s in select.select(held, [], [], 1)[0]:
            if not asked(s) or how == "ignore":
                continue
            if how == "decline":
                for node in b"beta", b"gamma":
                    s.sendall(frame(58, {6: node, 11: 1 << 12, 64: 1, 57: 20, 71: 1000}))
            else:
                held.remove(s)
                s.close()
                n += 1
                held.append(register(n))


how = sys.argv[4] if sys.argv[1] == "fakes" and len(sys.argv) > 4 else "ignore"
resource.setrlimit(resource.RLIMIT_NOFILE, (5000, 5000))
if sys.argv[1] == "fill":
    for uid in sys.argv[2:]:
        if os.fork() == 0:
            hold(int(uid))
            os._exit(0)
    time.sleep(60)
elif sys.argv[1] == "spread":
    for uid in range(int(sys.argv[2]), int(sys.argv[2]) + int(sys.argv[3])):
        if os.fork() == 0:
            hold(uid, int(sys.argv[4]))
            os._exit(0)
    time.sleep(60)
else:
    fakes(int(sys.argv[2]), int(sys.argv[3]))
