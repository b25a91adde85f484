#!/usr/bin/env python3
"""The tour that `make demo` takes without a terminal: types at a pty, prints what it shows."""

import os
import re
import sys

import mishtest

STEPS = [
    ("cd /usr/share; x='hello there'; f() { echo \"$x from $(hostname)\"; }", "alpha"),
    ("f", "alpha"),
    ("smigrate beta", "beta"),
    ("f; pwd", "beta"),
    ("smigrate -v gamma", "gamma"),
    ("f; mish --status", "gamma"),
    ("smigrate nowhere", "gamma"),
    ("smigrate home", "alpha"),
    ("f; mishctl sessions", "alpha"),
    ("@gamma f; @beta { f; } | tr a-z A-Z", "alpha"),
    ("set -o stay; sleep 100 &", "alpha"),
    ("smigrate beta", "beta"),
    ("jobs; kill %1; wait", "beta"),
]


def main():
    cluster = mishtest.Cluster.__new__(mishtest.Cluster)
    cluster.prefix = sys.argv[1]
    with mishtest.Session(cluster, prompt=False, cols=100) as s:
        s.expect(r"mia@alpha:\S*> ")
        for command, node in STEPS:
            s.line(command)
            s.expect(r"mia@%s:\S*> " % node)
        s.line("exit")
        status = s.finish()
        text = s.log.decode(errors="replace")
        text = re.sub(r"\x1b\][^\x07\x1b]*(\x07|\x1b\\)|\x1b\[[0-9;?]*[a-zA-Z]|\x1b[()].|\x1b[=>78]| ?\x08|[\x0e\x0f]", "", text)
        text = re.sub("\u23ce? {20,}\r", "", text).replace("\r", "")  # the mark of output without a newline, which was none
        print("\n".join(l for l in text.splitlines() if not l.startswith("Last login")))
        print("ssh ended with status %d" % status)
    return status


sys.exit(main())
