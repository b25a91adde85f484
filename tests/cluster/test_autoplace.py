#!/usr/bin/env python3
"""Commands that go to another node by themselves: set -o autoplace."""

import re
import time

from mishtest import *
from test_sharing import CONF, Load, all_known
from sshsite import file


def loaded(c):
    """… as the daemons see it."""
    return wait_until("alpha is known to be loaded", lambda: (c.node_rows("alpha")["alpha"]["load"] or 0) > 2, 30)


def printed(s, command):
    out = s.run(command, "alpha", 30)[0]
    return (out if isinstance(out, str) else bytes(out).decode(errors="replace")).replace("\r", "")


def tasks_go_where_it_is_better(c):
    all_known(c)
    with Session(c) as s:
        s.run("set +o automigrate; set -o autoplace; place uname 'long*'; keep longest; longest() { uname -n; }")
        equal("it is well here", printed(s, "uname -n"), "alpha\n")
        with Load(c, "alpha", 6):
            loaded(c)
            out = printed(s, "uname -n")
            true("it is better there, and told: %r" % out, re.fullmatch(r"@(beta|gamma) uname -n\n\1\n", out))
            out = printed(s, "cd /tmp && uname -n | cat; X=1 uname -n >out; cat out; rm out")
            true("not in a pipeline; with assignments and redirections: %r" % out, re.fullmatch(r"alpha\n@(beta|gamma) X=1 uname -n 1>out\n\1\n", out))
            equal("nor what the line itself defines", printed(s, "long() { uname -s; }; long"), "Linux\n")
            s.run("long() { uname -s; }")
            equal("no function, nothing that is kept, nor what is not named", printed(s, "longest; long; sh -c 'uname -n'"), "alpha\nLinux\nalpha\n")
            s.line("uname -n &")
            s.expect(r"\[1\] \d+  @(beta|gamma) uname -n")
            s.run("wait")
            s.run("set +o placenotice")
            out = printed(s, "uname -n")
            true("not told: %r" % out, re.fullmatch(r"(beta|gamma)\n", out))
            s.run("keep un*")
            equal("what is said last counts", printed(s, "uname -n"), "alpha\n")
            s.run("keep -d un*")
            s.run("set +o autoplace")
            equal("only when it is wanted", printed(s, "uname -n"), "alpha\n")
        equal("the lists", printed(s, "place; keep"), "place uname\nplace 'long*'\nkeep longest\n")
        s.move("beta")
        out = s.run("place; keep", "beta")[0]
        true("they travel: %r" % out, b"longest" in bytes(out) if not isinstance(out, str) else "longest" in out)
        s.line("exit")
        s.finish()


def home_is_a_node_like_any(c):
    """For a command; for the shell it is `home'."""
    all_known(c, "beta")
    with Session(c) as s:
        s.move("beta")
        c.root("gamma", "mishctl drain")
        try:
            wait_until("beta has heard that gamma drains", lambda: c.node_rows("beta")["gamma"]["state"] == "draining", 20)
            out = [s.run(x, "beta", 30)[0] for x in ("@ uname -n", "@home uname -n", "set -o autoplace; place uname; set +o placenotice")]
            equal("the best node is home", out[:2], ["alpha\n", "alpha\n"])
            with Load(c, "beta", 6):
                wait_until("beta is known to be loaded", lambda: (c.node_rows("beta")["beta"]["load"] or 0) > 2, 30)
                equal("by itself, too", s.run("uname -n", "beta", 30)[0], "alpha\n")
        finally:
            c.root("gamma", "mishctl undrain")
        s.line("exit")
        s.finish()


def what_no_node_takes_runs_here(c):
    c.root("alpha", "pkill mish-mux")  # connections that are kept
    with file(c, ".ssh/config", "Host beta gamma\nPort 1\n"), Session(c) as s, Load(c, "alpha", 6):
        s.run("set -o autoplace; place sh")
        loaded(c)
        x = printed(s, "x=5; sh -c 'uname -n; echo '$x'; exit 3'; echo status $?")
        true("it is told, and runs: %r" % x, re.search(r"^mish: @.*\(running here\)\nalpha\n5\nstatus 3\n", x, re.M))
        s.line("sh -c 'sleep 1; exit 4' & wait $!; echo status $?")
        s.expect("status 4\r\n", 30)
        s.line("sh -c 'read x; echo got $x'")
        time.sleep(1)
        s.send("word\r")
        s.expect("got word\r\n")
        s.line("sh -c 'sleep 100'")
        time.sleep(1.5)
        s.send("\x1a")
        s.expect("Stopped")
        s.run("kill %1")
        s.line("exit")
        s.finish()


def without_a_daemon_nothing_waits(c):
    with Session(c) as s:
        s.run("set -o autoplace; place true uname")
        c.root("alpha", "pkill -STOP -x mishd")
        start = time.monotonic()
        s.run("true; uname -n; true")
        true("one that hangs is not waited for", time.monotonic() - start < 1 * PATIENCE)
        c.root("alpha", "pkill -KILL -x mishd")
        start = time.monotonic()
        equal("it runs here", printed(s, "uname -n"), "alpha\n")
        true("at once", time.monotonic() - start < 1 * PATIENCE)
        s.line("exit")
        s.finish()


if __name__ == "__main__":
    main([tasks_go_where_it_is_better, home_is_a_node_like_any, what_no_node_takes_runs_here, without_a_daemon_nothing_waits], tag="p", mishd=CONF)
