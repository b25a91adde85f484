#!/usr/bin/env python3
"""mish is upgraded, or downgraded, under sessions that run: each row of the matrix says what is
replaced (at the origin, on the node where the shell is, on both), how (the file renamed over, or
removed and made anew) and what is done then. The state is whole, the session goes on and ends at
home. The other version has another protocol number, another build and another state's format."""

import itertools
import os
import sys
import time

from mishtest import Cluster, Session, equal, table, wait_until

FACTS = "x=kept; f() { echo f; }; alias l='echo l'"
ASK = "echo $x; f; l; umask"
ANSWER = "kept\nf\nl\n0027\n"


def moves(c, s):
    s.move("beta")
    return "beta"


def moves_on(c, s):
    s.move("gamma")
    return "gamma"


def comes_home(c, s):
    s.move("home")
    return "alpha"


def link_killed(c, s):
    c.root("alpha", "pkill -9 -x mish-link")
    time.sleep(0.3)
    return "beta"


def peer_killed(c, s):
    c.root("beta", "pkill -9 -x mish-peer")
    s.expect("your session continues on alpha")
    s.prompt("alpha")
    return "alpha"


def cut(c, s):
    c.tool("cut", "beta")
    try:
        s.expect("your session continues on alpha", 30)
        s.prompt("alpha")
    finally:
        c.tool("join", "beta")
    return "alpha"


def drained(c, s):
    wait_until("beta has heard of the others",
               lambda: all(n["state"] == "up" for n in c.node_rows("beta").values()), 20)
    c.root("beta", "mishctl drain")
    try:
        m = s.expect(r"\[(alpha|gamma)\]> ")
        node = m.group(1).decode()
    finally:
        c.root("beta", "mishctl undrain")
    return node


ACTIONS = {v.__name__: v for v in (moves, moves_on, comes_home, link_killed, peer_killed, cut, drained)}
WHERE = {"origin": ("alpha",), "node": ("beta",), "both": ("alpha", "beta", "gamma")}


def run(c, cell):
    action, where, frm, to, way = cell.split("/")
    for node in ("alpha", "beta", "gamma"):
        c.install_version(node, frm, "rename")
    with Session(c) as s:
        s.run("set -o automigrate; umask 027; " + FACTS)
        if action != "moves":
            s.move("beta")
            equal("there", s.run(ASK, "beta")[0], ANSWER)
        for node in WHERE[where]:
            c.install_version(node, to, way)
        node = ACTIONS[action](c, s)
        equal("state", s.run(ASK, node)[0], ANSWER)
        if node != "alpha":  # both of what is old and what is new can bring it home
            s.move("home")
            equal("state at home", s.run(ASK)[0], ANSWER)
        s.move("gamma")  # and it goes on moving
        equal("state after", s.run(ASK, "gamma")[0], ANSWER)
        s.line("exit 7")
        equal("status", s.finish(), 7)
    return "ok"


def main():
    if os.geteuid() != 0:
        print("skip: needs root for namespaces")
        sys.exit(77)
    cells = ["/".join(v) for v in itertools.product(
        ACTIONS, WHERE, (("this/next/rename"), ("next/this/delete"), ("this/next/delete"), ("next/this/rename")))]
    if len(sys.argv) > 1:
        cells = [v for v in cells if any(v.startswith(w) for w in sys.argv[1:])]
    elif not os.environ.get("MISH_TEST_FULL"):  # another fourth every day; each way at each place
        day = int(time.time() // 86400)
        cells = [v for i, v in enumerate(cells) if (i + i // 4 + i // 12 + day) % 4 == 0]
    results = table(cells, 2, lambda n: Cluster(3, "u%d" % n, "policy none"), run)
    sys.exit(1 if "FAIL" in results.values() else 0)


if __name__ == "__main__":
    main()
