#!/usr/bin/env python3
"""A user who means ill, at mishd's socket: `fill UID…` holds as many connections as it gets, for each of
these users; `spread UID USERS N` holds N for each of so many users from UID on; `fakes UID N` registers N
shells that say they use 64 CPUs, are another process and have a terminal with a title, and ignore what they are asked.
Prints a line when it is done, and stays."""

import os
import resource
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


def fakes(uid, n):
    os.setuid(uid)
    held = []
    for i in range(n):
        s = connect()
        # SESSION, ORIGIN, TTY, FLAGS (at a prompt), ELIGIBLE, CPU, BUSY, PID
        payload = message({2: b"%016x" % (i + 1), 7: b"alpha", 25: b"\x1b]0;title\x07\xc2\x9b2J", 11: 1 << 12, 64: 1, 57: 64000, 71: 1000, 20: 1})
        s.sendall(struct.pack("<BI", 48, len(payload)) + payload)
        held.append(s)
    os.write(1, b"held\n")
    time.sleep(300)


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
