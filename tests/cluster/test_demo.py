#!/usr/bin/env python3
"""The first things a newcomer does: make demo, with and without a terminal; make install."""

import glob
import os
import shutil
import subprocess
import tempfile

from mishtest import *


def leftovers():
    return glob.glob("/run/mish-cluster-demo*")


def tour_without_a_terminal(c):
    r = subprocess.run([os.path.join(HERE, "demo")], stdin=subprocess.DEVNULL, text=True,
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
    equal("status: " + r.stdout, r.returncode, 0)
    for line in ("hello there from alpha", "hello there from beta", "hello there from gamma",
                 "HELLO THERE FROM BETA", "sleep 100  (alpha)", "(staying on gamma)", "ssh ended with status 0"):
        true("%s in the transcript:\n%s" % (line, r.stdout), line in r.stdout)
    true("text that one can read: %r" % r.stdout, "\x1b" not in r.stdout and "]133" not in r.stdout and "\u23ce" not in r.stdout)
    equal("left behind", leftovers(), [])


def demo_at_a_terminal(c):
    with Session(c, command=[os.path.join(HERE, "demo")], prompt=False) as s:
        s.expect("smigrate beta", 30)
        s.expect(r"mia@alpha:\S*> ", 30)
        s.line("smigrate beta")
        s.expect(r"mia@beta:\S*> ")
        s.line("exit 5")
        s.finish(20)
    equal("left behind", leftovers(), [])


def demo_interrupted(c):
    with Session(c, command=[os.path.join(HERE, "demo")], prompt=False) as s:
        s.expect(r"mia@alpha:\S*> ", 30)
        os.kill(s.pid, signal.SIGTERM)
        s.line("exit")
        s.finish(20)
    wait_until("nothing is left", lambda: not leftovers())


def an_installed_prefix_works(c):
    tmp = tempfile.mkdtemp()
    env = dict(os.environ, MAKEFLAGS="", MFLAGS="")
    try:
        r = subprocess.run(["make", "-C", BUILD, "install", "DESTDIR=" + tmp, "prefix=/opt/mish"],
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env)
        equal("make install: " + r.stdout[-500:], r.returncode, 0)
        for name in ("bin/mish", "bin/mishctl", "sbin/mishd", "libexec/mish/mish-stub",
                     "libexec/mish/mish-move.so", "share/man/man1/mish.1"):
            true(name, os.path.exists(tmp + "/opt/mish/" + name))
        other = Cluster(2, "i")
        other.options = ["--install", tmp + "/opt/mish"]
        with other, Session(other) as s:
            s.move("beta")
            s.move("home")
            s.line("exit 4")
            equal("exit status", s.finish(), 4)
        equal("cluster left behind", os.path.exists(other.dir), False)
    finally:
        shutil.rmtree(tmp)


if __name__ == "__main__":
    main([tour_without_a_terminal, demo_at_a_terminal, demo_interrupted,
          an_installed_prefix_works], nodes=1, tag="d")
