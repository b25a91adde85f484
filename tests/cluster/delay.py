#!/usr/bin/env python3
"""Carries frames between two interfaces, each after so many ms: netem by hand."""

import collections
import fcntl
import select
import socket
import struct
import sys
import time

SIOCETHTOOL = 0x8946
OFFLOADS = {"tx-checksum": 0x17, "tso": 0x1F, "gso": 0x24, "gro": 0x2C}


def no_offload(name):
    """Frames that we carry must be whole: checksums filled in, none larger than the MTU."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        for command in OFFLOADS.values():
            value = bytearray(struct.pack("II", command, 0))
            address = memoryview(value)
            import ctypes
            buf = (ctypes.c_char * len(address)).from_buffer(value)
            request = struct.pack("16sP", name.encode(), ctypes.addressof(buf))
            try:
                fcntl.ioctl(s, SIOCETHTOOL, request)
            except OSError:
                pass
            del buf


def main():
    if sys.argv[1] == "--no-offload":
        for name in sys.argv[2:]:
            no_offload(name)
        return
    delay = float(sys.argv[3]) / 1000
    ends = []
    for name in sys.argv[1:3]:
        s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.ntohs(3))
        s.bind((name, 0))
        s.setblocking(False)
        no_offload(name)
        ends.append(s)
    waiting = collections.deque()
    while True:
        timeout = max(0.0, waiting[0][0] - time.monotonic()) if waiting else None
        for s in select.select(ends, [], [], timeout)[0]:
            try:
                frame, address = s.recvfrom(65536)
            except BlockingIOError:
                continue
            if address[2] != socket.PACKET_OUTGOING:
                other = ends[1] if s is ends[0] else ends[0]
                waiting.append((time.monotonic() + delay, other, frame))
        while waiting and waiting[0][0] <= time.monotonic():
            _, to, frame = waiting.popleft()
            try:
                to.send(frame)
            except OSError:
                pass


main()
