#!/usr/bin/env python3
"""A command that is predicted to end sooner elsewhere: the shell goes there first (set -o premove), or the command alone."""

import re
import time

from mishtest import *
from test_sharing import CONF, Load, all_known

WORK = "burn 300; uname -n"


def ready(c):
    c.install("burn")
    all_known(c)
    wait_until("it is quiet", lambda: max(n["queue"] or 0 for n in c.node_rows("alpha").values()) < 0.2, 40)


def loaded(c, node="alpha"):
    return wait_until("%s is known to be loaded" % node, lambda: (c.node_rows("alpha")[node]["queue"] or 0) > 8, 30)


def goes(s, line, pattern, before=""):
    """Types a line that goes elsewhere, until it does: a mishd that is too late is not waited for, and then it runs here, whole."""
    for _ in range(8):
        begin = len(s.log)
        s.line(line)
        s.send(before)
        at = s.expect(r"(?:%s)|\[alpha\]> " % pattern, 60)
        if at.group(1) is not None:
            return begin, at
        s.settle()
    raise Failure("it stays: %r" % bytes(s.log[-500:]))


def learn(s, command, n=3, node="alpha"):
    for _ in range(n):
        s.line(command)
        s.prompt(node, 30)


def printed(s, command):
    """The last line that it printed, here."""
    s.line(command)
    at = s.expect(r"\n(\w+)\r\n[^\n]*\[alpha\]> ", 60)
    return at.group(1).decode()


def text_of(s, begin):
    return bytes(s.log[begin:]).replace(b"\r", b"").decode(errors="replace")


def it_moves_first(c):
    """With what is typed ahead, the record, the history and $?; one line tells; back it goes when that is better."""
    ready(c)
    with Session(c) as s:
        s.run("set -o premove; set -o placenotice; set +o migratenotice")
        learn(s, WORK)
        with Load(c, "alpha", 12):
            loaded(c)
            begin = len(s.log)
            s.line("(exit 7); burn 300; uname -n")  # of no kind that is known
            s.prompt("alpha", 40)
            true("what is not known stays: %r" % text_of(s, begin), "\nalpha\n" in text_of(s, begin))
            begin, at = goes(s, WORK, r"mish: burn ; uname -n: on (beta|gamma), (\d\.\d) s instead of (\d+(?:\.\d)?) s\r\n", "echo ty''ped $?\r")
            node = at.group(1).decode()
            true("as the figures are: %r" % at.group(0), 0.3 < float(at.group(3)) > 2 * float(at.group(2)))
            s.expect(r"%s\r\n" % node, 20)
            s.expect(r"\ntyped 0\r\n", 20)
            s.prompt(node)
            equal("told once", text_of(s, begin).count("mish: "), 1)
            out = s.run("history -u burn", node)[0]
            true("recorded where it ran: %r" % out, re.search(r"%s +burn ; uname -n" % node, out))
            begin = len(s.log)
            s.line("history 4")
            s.expect(r"\thistory 4\r\n")
            s.prompt(node)
            equal("in the history, once: %r" % text_of(s, begin), len(re.findall(r"\d\t%s\n" % re.escape(WORK), text_of(s, begin))), 1)
            s.run("set +o premove", node)
        s.line("exit")
        s.finish()


def what_keeps_it_here(c):
    """Not for what is only here, nor what is short, nor when it may not; and nothing is said."""
    ready(c)
    with Session(c) as s:
        s.run("set -o premove; f() { burn 300; }; mkdir -p /tmp/q; here=/tmp/q/x; : >/tmp/q/x; cp /usr/bin/true /tmp/q/tool")
        stay = ["f; uname -n", "burn 300 /tmp/q/x; uname -n", "burn 300 $here; uname -n", "burn 300 $(echo 1); uname -n", "burn 300 >/tmp/q/y; uname -n",
                "cd .; burn 300; uname -n", "burn 300; /tmp/q/tool; uname -n", "true 300; uname -n"]
        for command in stay:
            learn(s, command, 2)
        learn(s, WORK)
        s.run("cd /tmp")
        learn(s, WORK, 1)
        s.run("cd")
        with Load(c, "alpha", 12):
            loaded(c)
            goes(s, WORK, r"mish: burn ; uname -n: on (beta|gamma), .*\[(?:beta|gamma)\]> ")  # what is known, and may go
            s.move("home")
            said = len(s.log)
            for command in stay:
                equal(command, printed(s, command), "alpha")
            s.run("cd /tmp")
            equal("a directory of this node only", printed(s, WORK), "alpha")
            s.run("cd; set +o automigrate")
            equal("by the user's wish", printed(s, WORK), "alpha")
            s.settle()
            true("nothing was said", b"mish: " not in s.log[said:])
        s.line("exit")
        s.finish()


def lines_of_all_kinds(c):
    """What is printed there and read here is the same; of several lines the rest stays with them, with its aliases."""
    ready(c)
    lines = ["burn 300; echo +(a|b) 'x  y' \"$HOME\" $((1+2)) {1..3} ~ ; uname -n", "for i in 1 2; do burn 200; done | cat; uname -n", "al; uname -n", "burn 300 && ! false || echo no; uname -n"]
    with Session(c) as s:
        s.run("shopt -s extglob; alias al='burn 300; echo of an alias'; set -o premove; set +o placenotice")
        for line in lines:
            learn(s, line, 3)
        here = [s.run(line)[0] for line in lines]
        with Load(c, "alpha", 12):
            loaded(c)
            for line, was in zip(lines, here):
                begin, at = goes(s, line, r"(beta|gamma)\r\n.*\[(?:beta|gamma)\]> ")
                node = at.group(1).decode()
                out = re.sub(r"\x1b[^a-zA-Z]*[a-zA-Z]", "", text_of(s, begin))
                true("%s: %r, %r" % (line, was, out), was.replace("\r", "").replace("alpha", node) in out)
                s.move("home")
            begin = len(s.log)
            s.send("\x1b[200~%s\ral\recho the end\x1b[201~\r" % WORK)
            s.expect(r"\nalpha\r\n.*of an alias\r\n.*the end\r\n", 40)
            s.prompt()
        s.line("exit")
        s.finish()


def what_cannot_move_is_placed(c):
    """In the background; beside a job that keeps the shell."""
    ready(c)
    with Session(c) as s:
        s.run("set -o premove")
        learn(s, "burn 400", 3)
        with Load(c, "alpha", 12):
            loaded(c)
            s.line("sleep 100 &")
            s.expect(r"\[\d\] \d+")
            s.prompt()
            at = goes(s, "burn 400", r"mish: burn: on (beta|gamma), ")[1].group(1)
            node = at.decode()
            s.prompt("alpha", 30)
            out = s.run("history -u burn")[0]
            true("it ran there: %r" % out, re.search(r"%s +burn *\n" % node, out.replace("\r", "")))
            for _ in range(8):
                s.line("burn 400 &")
                at = s.expect(r"mish: burn: on (beta|gamma), [^\n]*\n\[\d\] \d+\r\n|\n\[\d\] \d+\r\n", 20).group(1)
                s.run("wait %%")
                if at is not None:
                    break
            true("in the background", at is not None)
            s.run("keep burn")
            begin = len(s.log)
            s.line("burn 400")
            s.prompt("alpha", 40)
            true("unless it is to be kept: %r" % text_of(s, begin), "mish: " not in text_of(s, begin))
            s.run("keep -d burn; kill %%; wait")
        s.line("exit")
        s.finish()


def it_is_explained(c):
    ready(c)
    with Session(c) as s:
        s.run("set -o premove")
        learn(s, "burn 300", 4)
        out = s.run("smigrate -n burn 300")[0]
        true("figures: %r" % out, re.search(r"burn 300: as \d+ of its kind: 0\.\d\d s CPU \(four of five: .* to .*\), \d+ MiB", out))
        true("each node: %r" % out, re.search(r"\n  alpha +0\.\d\d s +\d\.\d\d +here\n", out.replace("\r", "")) and re.search(r"\n  beta +0\.\d\d s", out))
        with Load(c, "alpha", 12):
            loaded(c)
            out = s.run("smigrate -n burn 300")[0]
            true("where it would go: %r" % out, len(re.findall(r"\n\* (?:beta|gamma) ", out)) == 1)
            s.settle()
            why = c.as_user("alpha", "mishctl why " + s.run("echo $MISH_SESSION")[0].strip())
            true("mishctl why: " + why, re.search(r"next: a command of 0\.\d\d s CPU; here in \d+\.\d\d s", why))
        out, status = s.run("smigrate -n nothing of this")[:2]
        true("unknown: %r" % out, "nothing is known yet" in out)
        s.line("exit")
        s.finish()


def nothing_waits_for_a_daemon(c):
    """Stopped: the command, which would go elsewhere, begins here, soon."""
    ready(c)
    with Session(c) as s:
        s.run("set -o premove")
        learn(s, "burn 600", 6)
        with Load(c, "alpha", 12):
            loaded(c)
            goes(s, "burn 600", r"mish: burn: on (beta|gamma), .*\[(?:beta|gamma)\]> ")  # it would go
            s.move("home")
            c.root("alpha", "pkill -STOP -x mishd")
            try:
                begin = len(s.log)
                s.line("burn 600")
                wait_until("it has begun", lambda: c.root("alpha", "pgrep -x burn || :"), 5)
                s.prompt("alpha", 60)
                true("here, and nothing is said: %r" % text_of(s, begin), "mish: " not in text_of(s, begin))
            finally:
                c.root("alpha", "pkill -CONT -x mishd")
        s.line("exit")
        s.finish()


def a_move_that_fails_runs_here(c):
    """No way to any node: the command runs here after all, once, and the shell stays."""
    ready(c)
    with Session(c) as s:
        s.run("set -o premove")
        learn(s, WORK)
        for node in ("beta", "gamma"):
            c.root(node, "pkill -x sshd; :")
        with Load(c, "alpha", 12):
            loaded(c)
            for _ in range(8):  # as goes()
                begin = len(s.log)
                s.line(WORK)
                s.prompt("alpha", 60)
                s.settle()
                out = text_of(s, begin)
                if "mish: burn" in out:
                    break
            equal("once: %r" % out, out.count("\nalpha\n"), 1)
            true("told why: %r" % out, re.search(r"mish: smigrate: .*staying on alpha\)", out))
            equal("the next one, too", s.run("echo all right $?")[0], "all right 0\n")
        s.line("exit")
        s.finish()


if __name__ == "__main__":
    main([it_moves_first, what_keeps_it_here, lines_of_all_kinds, what_cannot_move_is_placed, it_is_explained, nothing_waits_for_a_daemon, a_move_that_fails_runs_here], tag="pm",
         mishd=CONF + "\noffload_constant 1000\ngain 0.3\nsmoothing 1\nshared /home /opt/mish")
