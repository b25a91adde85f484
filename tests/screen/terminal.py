"""A shell at a pty, and what its terminal shows (libvterm)."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

BUILD = os.environ.get("MISH_BUILDDIR", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
PATIENCE = float(os.environ.get("MISH_TEST_PATIENCE", "1"))


def need_tool():
    if not os.path.exists(BUILD + "/tests/tool/screen"):
        print("built without libvterm")
        sys.exit(77)


NAMES = {
    "CR": "\r", "Tab": "\t", "Esc": "\033", "BS": "\177", "Left": "\033[D", "Right": "\033[C", "Up": "\033[A", "Down": "\033[B",
    "Home": "\033[H", "End": "\033[F", "Ins": "\033[2~", "Del": "\033[3~", "PgUp": "\033[5~", "PgDn": "\033[6~",
    "F1": "\033OP", "F5": "\033[15~", "F12": "\033[24~", "S-Tab": "\033[Z", "C-Left": "\033[1;5D", "C-Right": "\033[1;5C",
    "M-Left": "\033[1;3D", "M-Right": "\033[1;3C", "S-Left": "\033[1;2D", "C-Del": "\033[3;5~", "S-F5": "\033[15;2~",
    "paste": "\033[200~", "/paste": "\033[201~", "lt": "<", "C-_": "\037", "C-Space": "\0", "M-Space": "\033 ", "M-BS": "\033\177", "M-CR": "\033\r", "focus": "\033[I",
}


def keys(text):
    """The bytes of a text with keys by name: <Left>, <C-r>, <M-.>, <x80>; and in between sizes <10x40>, as tuples, and pauses in seconds."""
    out = [b""]
    for part in re.split(r"(<[^<>\s]+>)", text):
        m = re.fullmatch(r"<(.*)>", part)
        name = m.group(1) if m else None
        if name is None:
            out[-1] += part.encode()
        elif name in NAMES:
            out[-1] += NAMES[name].encode()
        elif re.fullmatch(r"C-[a-z\[\]\\^]", name):
            out[-1] += bytes([ord(name[2].upper()) & 0x1f])
        elif re.fullmatch(r"M-.", name):
            out[-1] += b"\033" + name[2].encode()
        elif re.fullmatch(r"x[0-9a-f]{2}", name):
            out[-1] += bytes([int(name[1:], 16)])
        elif name == "pause":  # a person's
            out += [0.5, b""]
        elif re.fullmatch(r"\d+x\d+", name):
            out += [tuple(int(n) for n in name.split("x")), b""]
        else:
            raise ValueError("no key: " + part)
    return out


class Terminal:
    def __init__(self, argv, env, cwd, rows=8, cols=40):
        self.log = bytearray()
        self.ended = None
        self.rows, self.cols = rows, cols
        self.first = (rows, cols)
        master, slave = pty.openpty()
        self.fd, self.slave = master, slave
        fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.close(master)
                os.setsid()
                fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
                for fd in (0, 1, 2):
                    os.dup2(slave, fd)
                os.closerange(3, 64)
                os.chdir(cwd)
                os.execve(argv[0], argv, env)
            finally:
                os._exit(127)

    def status(self):
        """None while it lives."""
        if self.ended is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.ended = status if pid else None
        return self.ended

    def alive(self):
        return self.status() is None

    def close(self):
        if self.alive():
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)
        os.close(self.slave)

    def resize(self, rows, cols):
        self.rows, self.cols = rows, cols
        self.log += b"\033[8;%d;%dt" % (rows, cols)  # the tool's mark
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

    def answer(self, data):
        """The terminal's part: where the cursor is."""
        if b"\033[6n" in data:
            row, col = self.screen()[1]
            os.write(self.fd, b"\033[%d;%dR" % (row + 1, col + 1))

    def pump(self, timeout):
        if not select.select([self.fd], [], [], timeout)[0]:
            return False
        data = os.read(self.fd, 65536)
        self.log += data
        self.answer(data)
        return True

    def idle(self):
        """The shell waits for keys: it has the terminal, sleeps, and has read all."""
        try:
            with open("/proc/%d/stat" % self.pid) as f:
                state = f.read().rsplit(")", 1)[1].split()[0]
            front = struct.unpack("i", fcntl.ioctl(self.fd, termios.TIOCGPGRP, b"\0" * 4))[0]
            left = struct.unpack("i", fcntl.ioctl(self.slave, termios.FIONREAD, b"\0" * 4))[0]
        except OSError:
            return False
        return state == "S" and front == self.pid and left == 0 and self.polls()

    def polls(self):
        """It sleeps in poll() or ppoll(), and not in wait4(): as far as this can be known here."""
        if os.uname().machine != "x86_64":
            return True
        try:
            with open("/proc/%d/syscall" % self.pid) as f:
                return f.read().split()[0] in ("7", "271")
        except OSError:
            return True

    def settle(self, quiet=0.08, limit=10):
        """Until the shell waits for keys, and nothing has come for a while: longer than it waits for the rest of a key (50 ms)."""
        end = time.monotonic() + limit * PATIENCE
        since = time.monotonic()
        while time.monotonic() < end:
            if self.pump(0.02) or not self.idle():
                since = time.monotonic()
            elif time.monotonic() - since > quiet * PATIENCE:
                return True
        return False

    def type(self, text):
        for piece in keys(text):
            if isinstance(piece, tuple):
                self.settle()
                self.resize(*piece)
                self.settle()
            if isinstance(piece, float):
                time.sleep(piece)
                self.pump(0)
            while isinstance(piece, bytes) and piece:
                piece = piece[os.write(self.fd, piece[:1000]):]
                self.pump(0)

    def screen(self, styles=False):
        """Its rows, without blanks at the ends, and (row, column) of the cursor."""
        out = subprocess.run([BUILD + "/tests/tool/screen", str(self.first[0]), str(self.first[1])] + ["styles"] * styles,
                             input=bytes(self.log), stdout=subprocess.PIPE, check=True).stdout.decode("utf-8", "replace")
        lines = out.split("\n")[:-1]
        return lines[:-1], tuple(int(n) for n in lines[-1].split()[1:])
