#!/usr/bin/env python3
"""Jobs that stay behind when the shell moves: set -o stay."""

import contextlib
import os
import re
import time

from mishtest import *
from test_placed import DIALOGUES, Placed


def said(s, command, node="alpha", timeout=20.0):
    text = s.run(command, node, timeout)[0]
    return text if isinstance(text, str) else bytes(text).decode(errors="replace")


def a_job_stays(c):
    """It is listed, hears signals, is waited for, and its end is told once; its pid is the same all along."""
    with Session(c) as s:
        s.run("set -o stay")
        s.line("sh -c 'sleep 9; exit 5' & sleep 1003 &")
        s.expect(r"\[2\] \d+")
        pid = said(s, "echo $!").split()[-1]
        s.move("beta")
        listed = said(s, "jobs", "beta")
        true("both are listed, with their node: %r" % listed,
             re.search(r"\[1\] - Running .*\(alpha\)", listed) and re.search(r"\[2\] \+ Running .*sleep 1003.*\(alpha\)", listed))
        true("wait", "status 5" in said(s, "wait %1; echo status $?", "beta", 30))
        true("told once: %r" % s.log[-400:], len(re.findall(rb"\[1\] . Done\(5\)", bytes(s.log))) <= 1)
        true("the pid", pid in said(s, "jobs -p", "beta"))
        s.run("kill -STOP %2", "beta")
        time.sleep(0.5)
        true("stopped", "Stopped" in said(s, "jobs", "beta"))
        s.run("bg %2", "beta")
        time.sleep(0.5)
        true("it runs", "Running" in said(s, "jobs", "beta"))
        s.move("gamma", "beta")
        true("from another node, too", "(alpha)" in said(s, "jobs", "gamma"))
        s.move("home", "gamma")
        at_home = said(s, "jobs -l", "alpha")
        true("at home it is a job like any: %r" % at_home, pid in at_home and "alpha)" not in at_home)
        s.line("fg %2")
        s.expect("sleep 1003\r\n")
        in_front(c, "^[s]leep 1003")
        s.send("\x03")
        s.prompt("alpha")
        true("it has ended", "[2]" not in said(s, "jobs", "alpha"))
        s.line("exit")
        s.finish()


def in_front(c, pattern):
    """What is typed before the terminal is the job's is for the shell."""
    wait_until("it has the terminal", lambda: "+" in c.root("alpha", "ps -o stat= -p $(pgrep -o -f '%s')" % pattern), 20)


def fg_from_elsewhere(c):
    """It gets the terminal at home, with its keys, modes and size, and gives it back when it stops or ends."""
    with Session(c) as s:
        s.run("set -o stay")
        s.line("cat")
        time.sleep(0.5)
        s.send("\x1a")
        s.prompt("alpha")
        s.line("sh -c 'trap \"stty size\" WINCH; while :; do sleep 0.1; done' &")
        s.expect(r"\[2\] \d+")
        s.move("beta")
        s.line("fg %1")
        s.expect("cat\r\n")
        in_front(c, "^[c]at")
        s.send("hello\r")
        s.expect("hello\r\nhello\r\n")
        s.send("\x1a")
        s.expect(r"\[1\] \+ Stopped.*cat  \(alpha\)\r\n")
        s.prompt("beta")
        true("it stands as before", "Stopped" in said(s, "echo status $?; jobs %1", "beta"))
        s.line("fg %2")
        in_front(c, "^[s]h -c trap")
        s.resize(33, 77)
        s.expect("33 77\r\n")
        s.send("\x03")
        s.prompt("beta")
        equal("the status, and the size there", said(s, "echo $?; stty size", "beta").split(), ["130", "33", "77"])
        s.line("fg; echo status $?")
        s.expect("cat\r\n")
        in_front(c, "^[c]at")
        s.send("\x04")
        s.expect("status 0\r\n")
        s.prompt("beta")
        true("none is left", said(s, "jobs", "beta").strip() == "")
        s.line("exit")
        s.finish()


@contextlib.contextmanager
def at_beta_in_front(c):
    """A shell at beta, and a job of its at alpha has the terminal."""
    with Session(c) as s:
        s.run("set -o stay")
        s.line("sleep 1006 &")
        s.expect(r"\[1\] \d+")
        s.move("beta")
        bring_to_front(c, s)
        yield s
        s.line("exit")
        s.finish()


def bring_to_front(c, s):
    s.line("fg")
    s.expect("sleep 1006\r\n")
    in_front(c, "^[s]leep 1006")


def a_cut_takes_the_terminal_back(c):
    """The job goes on, and the shell hears of it once it is there again."""
    with at_beta_in_front(c) as s:
        c.root("alpha", "pkill -KILL -x mish-link")
        time.sleep(3)
        s.send("\x03")
        s.prompt("beta", 30)
        true("^C has come to it", said(s, "echo status $?; jobs", "beta").strip().endswith("status 130"))
    with at_beta_in_front(c) as s:
        c.root("beta", "pkill -KILL -x mish-peer; pkill -KILL -u 20077 -x mish")
        s.prompt("alpha", 40)
        true("recovered at home it is a job like any", "Running" in said(s, "jobs", "alpha"))
        bring_to_front(c, s)
        s.send("\x03")
        s.prompt("alpha")


def what_it_writes_is_shown(c):
    """As on a terminal that is not raw, between what the shell writes."""
    with Session(c) as s:
        s.run("set -o stay")
        s.line("sh -c 'sleep 4; echo one; echo two; sleep 1; echo three' &")
        s.expect(r"\[1\] \d+")
        s.move("beta")
        s.expect("one\r\ntwo\r\n", 30)
        s.expect("three\r\n", 30)
        time.sleep(0.5)
        s.run("true", "beta")
        equal("its end is told at a prompt, once", len(re.findall(rb"\[1\] \+ Done .*\(alpha\)", bytes(s.log))), 1)
        s.line("exit")
        s.finish()


def what_happens_on_the_way(c):
    """A cut, a lost node, a terminal that goes."""
    left = lambda: c.root("alpha", "pgrep -f [s]leep.1004 || echo none").split()
    with Session(c) as s:
        s.run("set -o stay")
        s.line("sleep 1004 & sh -c 'sleep 8; exit 6' &")
        s.expect(r"\[2\] \d+")
        s.move("beta")
        c.tool("cut", "beta")
        time.sleep(10)  # it ends meanwhile
        c.tool("join", "beta")
        true("what it missed it hears", "status 6" in said(s, "wait %2; echo status $?", "beta", 40))
        c.root("beta", "pkill -KILL -x mish-peer; pkill -KILL -u 20077 -x mish")
        s.prompt("alpha", 40)
        true("recovered at home, it is still there", "Running" in said(s, "jobs", "alpha"))
        s.move("beta")
        s.kill()
    wait_until("the terminal has gone, and the job with it", lambda: left() == ["none"], 30)
    with Session(c) as s:
        s.run("set -o stay")
        s.line("sleep 1004 & disown -h %1")
        s.move("beta")
        s.kill()
    time.sleep(3)
    true("but for one that was disowned", left() != ["none"])
    c.root("alpha", "pkill -f [s]leep.1004")


NO_MOVE = ("in the background", "output in the background")  # they look at what is there when


def leaving(steps):
    """The steps up to where the shell can leave a job, and the others; None: it never has one at its prompt."""
    for i, step in enumerate(steps[:-1]):
        if step == "\x1a" or (i == 0 and step.endswith("&\r")):
            return steps[:i + 2], steps[i + 2:]
    return None


def job_control_is_the_same(c):
    """Of the dialogues of test_placed those that leave a job at a prompt, with a move there: from home, from one node to another, and home from one."""
    ways = (((), "beta", "home"), (("smigrate beta\r", 0.5), "gamma", "home"), (("smigrate beta\r", 0.5), "home", None))
    for i, (before, to, after) in enumerate(ways):
        if os.environ.get("MISH_TEST_FULL") or (i + int(time.time() // 86400)) % len(ways) == 0:
            same_with_a_move(c, before, to, after)


def same_with_a_move(c, before, to, after):
    wrong, n = [], 0
    with Placed(c, "") as here, Placed(c, "") as away:
        away.see("set -o stay\r")
        turns = [d for i, d in enumerate(DIALOGUES) if os.environ.get("MISH_TEST_FULL") or (i + int(time.time() // 86400)) % 4 == 0]
        for name, steps in turns:
            parts = leaving(steps)
            if parts is None or name in NO_MOVE:
                continue
            n += 1
            a = here.see(*steps)
            if before:
                away.see(*before)
            b = away.see(*parts[0], "smigrate %s\r" % to, 0.5, *parts[1])
            # what is told at the next prompt is as good
            a, b = (sorted({re.sub("^.*[$] ", "", l).replace("@ ", "").replace("  (alpha)", "").replace("@beta ", "") for l in x if "smigrate" not in l and not l.endswith(" $")}) for x in (a, b))
            if a != b:
                wrong.append("%s\n here: %r\n away: %r" % (name, a, b))
            away.see("kill -9 %1 %2 2>/dev/null; wait\r", *(["smigrate %s\r" % after] if after else []), 0.5)
    true("%d dialogues with a move to %s, of which differ:\n%s" % (n, to, "\n".join(wrong)), n > 0 and not wrong)


def jobs_stay_anywhere(c):
    """Of two nodes at once: listed, heard, waited for, stopped, brought to the front from each, and at home as placed jobs."""
    with Session(c) as s:
        s.run("set -o stay")
        s.line("sleep 1001 &")
        s.expect(r"\[1\] \d+")
        s.move("beta")
        s.line("sh -c 'sleep 6; echo from job; exit 5' & sleep 1002 | cat & sh -c 'trap \"exit 7\" TERM; while :; do sleep 0.1; done' &")
        s.expect(r"\[4\] \d+")
        s.move("gamma", "beta")
        out = said(s, "kill $!; wait $!; echo status $?", "gamma", 60)
        true("by the number that it had: %r" % out, "status 7" in out)
        s.line("sh -c 'trap \"stty size\" WINCH; while :; do sleep 0.1; done' &")
        s.expect(r"\[4\] \d+")
        s.expect("from job\r\n", 20)
        s.move("delta", "gamma")
        said(s, "true", "delta")
        equal("its end is told, once", len(re.findall(rb"\[2\] . Done\(5\) +@beta", bytes(s.log))), 1)
        listed = said(s, "jobs", "delta")
        true("listed: %r" % listed, re.search(r"\[1\]   Running .*sleep 1001  \(alpha\)\r?\n\[3\] . Running .*@beta sleep 1002 \| cat\r?\n\[4\] . Running .*@gamma sh -c", listed))
        s.line("fg %4")
        wait_until("it has the terminal", lambda: "+" in c.root("gamma", "ps -o stat= -p $(pgrep -o -f '^[s]h -c trap')"), 20)
        s.resize(33, 77)
        s.expect("33 77\r\n")
        s.send("\x1a")
        s.prompt("delta")
        true("it stands", re.search(r"\[4\] \+ Stopped", said(s, "jobs", "delta")))
        s.move("home", "delta")
        listed = said(s, "jobs", "alpha")
        true("at home: %r" % listed, re.search(r"Running .*sleep 1001\r?\n\[3\] . Running .*@beta sleep.*\n\[4\] \+ Stopped .*@gamma", listed))
        s.run("kill %3; kill -9 %4; kill %1", "alpha")
        wait_until("none is left", lambda: said(s, "wait; jobs").strip() == "", 20)
        for node in ("beta", "gamma"):
            wait_until("nothing is left of it on " + node, lambda: c.root(node, "pgrep -u 20077 -f 'sleep 100[0-9]|^mish-peer --keep' || echo none") == "none\n", 20)
        s.line("exit")
        s.finish()


def front_there(c, node, pattern):
    wait_until("%s has the terminal" % pattern, lambda: "+" in c.root(node, "ps -o stat= -p $(pgrep -o -f '%s')" % pattern), 20)


def they_share_a_terminal(c):
    """One that has stopped, or is raw, or reads, or writes without end, is no matter of the others'."""
    with Session(c) as s:
        s.run("set -o stay")
        s.move("beta")
        s.line("cat")
        time.sleep(0.5)
        s.send("\x1a")
        s.prompt("beta")
        s.line("sh -c 'sleep 2; seq 200000; exit 6' & sh -c 'stty raw -echo; exec sleep 1008' & sh -c 'read x; stty size; read x' &")
        s.expect(r"\[4\] \d+")
        s.move("home", "beta")
        s.line("wait %2; echo sta''tus $?")
        s.expect(r"\r\n200000\r\n(?s:.*)status 6", 60)
        s.prompt("alpha")
        s.line("fg %3")
        front_there(c, "beta", "^[s]leep 1008")
        s.send("for nobody\r")
        time.sleep(0.5)
        c.root("beta", "pkill -KILL -f '^[s]leep 1008'")
        s.prompt("alpha")
        s.line("fg %1")
        front_there(c, "beta", "^[c]at")
        s.send("mine\r")
        s.expect("mine\r\nmine\r\n")
        true("what was typed for another is not read", b"nobody\r\nfor nobody" not in bytes(s.log))
        s.send("\x1a")
        s.prompt("alpha")
        s.resize(31, 71)
        s.line("fg %4")
        time.sleep(1)
        s.send("\r")
        s.expect("31 71\r\n")
        s.send("\r")
        s.prompt("alpha")
        s.resize(24, 100)
        s.run("kill -9 %1; wait")
        s.move("beta")
        s.line("cat")
        time.sleep(0.5)
        s.send("\x1a")
        s.prompt("beta")
        s.line("python3 -c 'import time; time.sleep(2); exec(\"while 1: print(end=str(), flush=True) or print(0, end=str(), flush=True); time.sleep(0.001)\")' &")
        s.expect(r"\[\d\] \d+\r")
        s.line("smigrate gamma; fg %cat")
        front_there(c, "beta", "^[c]at")
        time.sleep(3)
        s.send("\x1a")
        s.expect(r"\[\d\] . Stopped", 10)
        s.line("kill -9 %py %cat; wait; clear; echo o''ver")
        s.expect("over\r\n")
        s.prompt("gamma")
        s.line("exit")
        s.finish()


def what_stands_behind_the_move(c):
    """On the same line: it is not lost."""
    with Session(c) as s:
        s.run("set -o stay")
        for behind, status in (("kill %1; wait %1", 143), ("kill $!; wait $!", 143), ("fg", 130)):
            s.move("beta")
            s.line("sleep 1009 &")
            s.expect(r"\[1\] \d+")
            s.line("smigrate gamma; %s; echo sta''tus $?" % behind)
            if behind == "fg":
                front_there(c, "beta", "^[s]leep 1009")
                s.send("\x03")
                s.prompt("gamma")
                s.line("echo sta''tus $?")
            s.expect("status %d\r\n" % status, 20)
            s.prompt("gamma")
            s.move("home", "gamma")
        s.line("exit")
        s.finish()


def nobody_logs_in_again(c):
    """The connection that the session had is there for those who stand for its jobs."""
    keys = os.path.join(c.home, ".ssh/authorized_keys")
    with Session(c) as s:
        s.run("set -o stay")
        s.move("beta")
        s.line("sh -c 'sleep 4; exit 6' & sh -c 'sleep 5; exit 7' &")
        s.expect(r"\[2\] \d+")
        os.rename(keys, keys + ".away")
        try:
            s.move("home", "beta")
            true("both are heard", re.search(r"(?s)status 6\b.*status 7\b", said(s, "wait %1; echo status $?; wait %2; echo status $?", "alpha", 30)))
        finally:
            os.rename(keys + ".away", keys)
        s.line("exit")
        s.finish()


def what_happens_to_those(c):
    """A cut, somebody who is killed, the node itself, the end of the session."""
    there = lambda: c.root("beta", "pgrep -u 20077 -f '[s]leep 1007' || echo none") != "none\n"
    with Session(c) as s:
        s.run("set -o stay")
        s.move("beta")
        s.line("sleep 1007 & sh -c 'sleep 8; exit 6' &")
        s.expect(r"\[2\] \d+")
        s.move("gamma", "beta")
        c.tool("cut", "beta")
        time.sleep(10)
        c.tool("join", "beta")
        true("what it missed it hears", "status 6" in said(s, "wait %2; echo status $?", "gamma", 60))
        true("the other one runs", "Running" in said(s, "jobs", "gamma") and there())
        c.root("gamma", "pkill -KILL -x mish-peer; pkill -KILL -u 20077 -x mish")
        s.prompt("alpha", 40)
        true("recovered at home, it is a job like any", "@beta sleep 1007" in said(s, "jobs", "alpha"))
        s.line("fg")
        s.expect("sleep 1007\r\n")
        wait_until("it has the terminal", lambda: "+" in c.root("beta", "ps -o stat= -p $(pgrep -o -f '^[s]leep 1007')"), 20)
        s.send("\x03")
        s.prompt("alpha")
        s.move("beta")
        s.line("sleep 1007 &")
        s.move("home", "beta")
        time.sleep(2)  # they have met
        c.root("beta", "pkill -KILL -f '[m]ish-peer --keep'")
        true("who kept it is gone: told", "status 129" in said(s, "wait %1; echo status $?", "alpha", 30))
        c.root("beta", "pkill -KILL -f '[s]leep 1007' || :")
        s.move("beta")
        s.line("sleep 1007 &")
        s.move("gamma", "beta")
        s.kill()
    wait_until("the terminal has gone, and the job with it", lambda: not there(), 30)
    with Session(c) as s:
        s.run("set -o stay")
        s.move("beta")
        s.line("sleep 1007 & disown -h %1")
        s.move("home", "beta")
        s.line("exit")
        s.finish()
    time.sleep(2)
    true("but for one that was disowned", there())
    c.root("beta", "pkill -f '[s]leep 1007'")


def of_the_day(rows):
    return rows if os.environ.get("MISH_TEST_FULL") else [rows[int(time.time() // 86400) % len(rows)]]


def is_there(s):
    """The session on gamma, which shows first what was there before."""
    s.line("echo he''re")
    s.expect("\nhere\r\n", 30)
    s.prompt("gamma")


def detached(c, s):
    """Jobs of three nodes, one of which ends and one writes while nobody is there; the shell is on gamma, and its terminal goes."""
    s.run("set -o stay")
    s.line("sleep 1011 & sh -c 'sleep 7; exit 4' &")
    s.expect(r"\[2\] \d+")
    s.move("beta")
    s.line("sh -c 'sleep 6; exit 5' & sh -c 'sleep 5; seq 300000; sleep 1013' & cat")
    s.expect(r"\[4\] \d+")
    front_there(c, "beta", "^[c]at$")
    s.send("\x1a")
    s.expect(r"\[5\] \+ Stopped")
    s.line("sleep 1012 &")
    s.move("gamma", "beta")
    s.run("set -o persist; mark=kept", "gamma")
    s.run("sleep 1", "gamma")
    s.kill()
    wait_until("what nobody sees does not stop who writes it", lambda: c.root("beta", "pgrep -f '^sleep 1013' || echo none") != "none\n", 40)
    time.sleep(2)


def found(c, s, node):
    """What was left is listed, says how it has ended, and takes the terminal, keys and signals."""
    wait_until("all are listed: %r" % said(s, "jobs", node, 30), lambda: re.search(LISTED, said(s, "jobs", node, 30)), 20)
    ends = dict(re.findall(r"(\d)=(\d+)", said(s, "wait %2; echo 2=$?; wait %3; echo 3=$?", node, 60)))
    for n, status in ("2", "4"), ("3", "5"):
        told = ends[n] == status or (ends[n] == "127" and b"Done(%s)" % status.encode() in s.log)  # if it was told before
        true("how [%s] ended: %r" % (n, s.log[-800:]), told)
    s.line("fg %5")
    front_there(c, "beta", "^[c]at$")
    s.send("hello\r")
    s.expect("hello\r\nhello\r\n")
    s.send("\x1a")
    s.expect(r"\[5\] \+ Stopped")
    s.prompt(node)
    s.run("kill %1 %4 %6; kill -9 %5", node)
    wait_until("none is left", lambda: said(s, "wait; jobs", node).strip() == "", 20)
    for where in ("alpha", "beta"):
        wait_until("nothing is left of it on " + where, lambda: c.root(where, "pgrep -u 20077 -l -f 'sleep 101[0-9]|[-]-keep' || echo none") == "none\n", 20)


LISTED = r"\[1\]   Running .*@alpha sleep 1011\r?\n(.*\n)*\[4\] . Running .*@beta sh -c.*\n\[5\] . Stopped .*@beta cat\r?\n\[6\] . Running .*@beta sleep 1012"


@contextlib.contextmanager
def nobody_gets_in(c, node):
    """Not by ssh to the node that one is on: its daemon takes no more connections."""
    if node != "alpha":
        yield
        return
    c.root(node, "pkill -STOP -o -x sshd")
    try:
        yield
    finally:
        c.root(node, "pkill -CONT -o -x sshd")


def attach_finds_them(c):
    """From another node than the first, from that itself, and when the shell is lost."""
    for node, lost in of_the_day((("delta", False), ("alpha", False), ("delta", True))):
        with Session(c) as s:
            detached(c, s)
        if lost:
            c.root("gamma", "pkill -KILL -x mish-peer; pkill -KILL -u 20077 -x mish")
        with Session(c, node) as s, nobody_gets_in(c, node):
            s.line("mish --attach")
            if lost:
                s.expect("your session continues on delta")
                s.prompt("delta", 30)
            else:
                is_there(s)
            found(c, s, "delta" if lost else "gamma")
            s.line("exit")
            s.prompt(node)


def both_run(s, node):
    wait_until("both are listed", lambda: re.search(r"\[1\] . Running .*@alpha sleep 1014\r?\n\[2\] . Running .*@beta sleep 1015", said(s, "jobs", node, 30)), 10)


def attach_takes_them(c):
    """From a terminal that is there, whose node keeps what was left on it; and by way of another home, which is left again; and from there, on the same node."""
    with Session(c) as s, Session(c, "delta") as t:
        s.run("set -o stay")
        s.line("sleep 1014 &")
        s.expect(r"\[1\] \d+")
        s.move("beta")
        s.line("sleep 1015 &")
        s.expect(r"\[2\] \d+")
        s.move("gamma", "beta")
        s.run("set -o persist; mark=kept", "gamma")
        s.run("sleep 1", "gamma")
        t.line("mish --attach")
        s.expect("another terminal has the session now\r\n")
        s.expect("a job of it runs here: this terminal waits for its end, and may be closed\r\n")
        is_there(t)
        both_run(t, "gamma")
        t.run("kill -STOP %2; kill -CONT %2; kill -STOP %1; bg %1", "gamma")
        t.line("smigrate home")
        t.prompt("delta")
        both_run(t, "delta")
        t.move("gamma", "delta")
        t.run("set -o persist", "gamma")
        t.run("sleep 1", "gamma")
        t.kill()
        time.sleep(2)
        with Session(c, "delta") as u:
            u.line("mish --attach")
            is_there(u)
            both_run(u, "gamma")
            u.run("kill $!; kill %1", "gamma")  # by the number that it had at first
            wait_until("none is left", lambda: said(u, "wait; jobs", "gamma").strip() == "", 20)
            u.line("exit")
            u.prompt("delta")
        s.finish()
    for where in ("alpha", "beta", "delta"):
        wait_until("nothing is left of it on " + where, lambda: c.root(where, "pgrep -u 20077 -l -f 'sleep 101[0-9]|[-]-keep' || echo none") == "none\n", 20)


def gone(c, where, pattern):
    wait_until("nothing is left on %s: %s" % (where, c.root(where, "pgrep -u 20077 -l -f '%s|[-]-keep' || :" % pattern)),
               lambda: c.root(where, "pgrep -u 20077 -l -f '%s|[-]-keep' || echo none" % pattern) == "none\n", 20)


def goes(s):
    """The terminal of a session on gamma, which persists."""
    s.run("set -o persist", "gamma")
    s.run("sleep 1", "gamma")
    s.kill()
    time.sleep(1)


def comes(c, node):
    s = Session(c, node)
    s.line("mish --attach")
    is_there(s)
    return s


def what_one_does_behind_an_attach(c):
    """With a job that is kept where there is no terminal; with a pipeline whose first has ended; one that was disowned; one that goes on, and one that had the terminal."""
    s = Session(c)
    s.run("set -o stay")
    s.line("sleep 1021 & sleep 2 | sleep 1022 & sleep 1023 & cat")
    s.expect(r"\[3\] \d+")
    front_there(c, "alpha", "^[c]at$")
    s.send("\x1a")
    s.expect(r"\[4\] \+ Stopped")
    s.prompt()
    s.move("beta")
    s.line("sleep 1024 & sleep 1025 &")
    s.expect(r"\[6\] \d+")
    s.move("gamma", "beta")
    s.run("disown -h %3; disown -h %6; sleep 2", "gamma")
    s.line("fg %5")  # it has the terminal when that goes
    front_there(c, "beta", "^[s]leep 1024")
    s.send("\x1a")
    s.prompt("gamma")
    s.run("set -o persist; bg %5; sleep 1", "gamma")
    s.line("fg %5")
    front_there(c, "beta", "^[s]leep 1024")
    s.kill()
    time.sleep(1)
    c.root("alpha", "pkill -CONT -x cat")
    s = Session(c, "delta")
    s.line("mish --attach")
    is_there(s)
    wait_until("all are there: %r" % said(s, "jobs", "gamma"), lambda: len(re.findall(r"(?m)^\[\d\]", said(s, "jobs", "gamma"))) == 6, 20)
    for n in (1, 2):
        s.line("fg %%%d" % n)
        s.expect("sleep 10")
        time.sleep(1)
        s.send("\x1a")
        s.expect(r"\[%d\] . Stopped" % n)
        s.prompt("gamma")
        s.line("fg %%%d" % n)
        s.expect("sleep 10")
        time.sleep(1)
        s.send("\x03")
        s.prompt("gamma")
    true("what ^C has ended: %r" % said(s, "jobs", "gamma"), not re.search(r"\[[12]\]", said(s, "jobs", "gamma")))
    s.run("kill -9 %5 %4; set +o persist", "gamma")
    s.run("sleep 2", "gamma")
    s.kill()
    time.sleep(3)
    equal("the disowned are there", [c.root(n, "pgrep -u 20077 -f '^sleep 102' | wc -l").strip() for n in ("alpha", "beta")], ["1", "1"])
    for where in ("alpha", "beta"):
        c.root(where, "pkill -KILL -f '^sleep 102'")
        gone(c, where, "^sleep 102")


def two_at_once(c):
    """The one that has the session has its jobs."""
    for delay in of_the_day((0, 0.1, 0.4)):
        with Session(c) as s:
            s.run("set -o stay")
            s.line("sleep 1031 &")
            s.expect(r"\[1\] \d+")
            s.move("beta")
            s.line("sleep 1032 &")
            s.expect(r"\[2\] \d+")
            s.move("gamma", "beta")
            goes(s)
        with Session(c, "delta") as t, Session(c, "beta") as u:
            t.line("mish --attach")
            time.sleep(delay)
            u.line("mish --attach")
            time.sleep(3)
            holder = None
            for x in (t, u):
                x.line("echo he''re $MISH_NODE")
                x.settle(0.7)
                holder = x if b"here gamma" in x.log else holder
            true("one has it: %r %r" % (t.log[-600:], u.log[-600:]), holder is not None)
            is_there(holder)
            wait_until("with its jobs, %r s: %r" % (delay, said(holder, "jobs", "gamma")), lambda: len(re.findall("Running", said(holder, "jobs", "gamma"))) == 2, 20)
            holder.run("kill %1 %2; wait", "gamma")
            holder.line("exit")
            holder.settle()
        for where in ("alpha", "beta"):
            gone(c, where, "^sleep 103")


def stopped_ones_end_with_the_session(c):
    """As here, where the kernel sees to it; and a signal that nothing can catch ends a job that is kept on the terminal's own node."""
    with Session(c) as s:
        s.run("set -o stay")
        s.move("beta")
        s.line("cat")
        front_there(c, "beta", "^[c]at$")
        s.send("\x1a")
        s.prompt("beta")
        s.move("gamma", "beta")
        s.line("exit")
        s.settle()
        s.line("exit")
        s.finish()
    gone(c, "beta", "^cat$")
    with Session(c, "delta") as s:
        s.run("set -o stay", "delta")
        s.line("sleep 1041 & sleep 1042 & sleep 1043 &")
        s.expect(r"\[3\] \d+")
        wait_until("it is there", lambda: c.root("delta", "pgrep -f '^sleep 1043'") != "")
        s.run("kill -STOP %3", "delta")
        s.line("smigrate gamma")
        s.prompt("gamma")
        goes(s)
    c.root("delta", "pkill -KILL -f '^sleep 1043'")
    with comes(c, "delta") as s:
        wait_until("one that had stopped, and was killed: %r" % said(s, "jobs", "gamma"), lambda: "1043" not in said(s, "jobs", "gamma"), 20)
        true("is told as that: %r" % s.log[-900:], re.search(rb"\[3\] . (Killed|Done)[^\n]*1043", s.log))
        s.run("kill -9 %1; kill -STOP %2; sleep 1", "gamma")
        true("it has stopped: %r" % said(s, "jobs", "gamma"), "T" in c.root("delta", "ps -o stat= -p $(pgrep -f '^sleep 1042')"))
        s.run("kill -9 %2", "gamma")
        gone(c, "delta", "^sleep 104")
        s.line("exit")
        s.prompt("delta")


def without_it_nothing_moves(c):
    with Session(c) as s:
        s.line("sleep 1005 &")
        s.expect(r"\[1\] \d+")
        s.line("smigrate beta")
        s.expect(r"these jobs cannot come along: \[1\] sleep 1005")
        s.run("kill %1")
        s.run("set -o stay")
        s.move("beta")
        s.run("for i in {1..257}; do sleep 1005 & done 2>/dev/null", "beta", 60)
        s.line("smigrate gamma")
        s.expect(r"the jobs cannot stay: they are more than 256 processes; end some, or stay \(staying on beta\)")
        equal("they are the shell's own still", said(s, "jobs | wc -l; kill -9 $(jobs -p); wait; jobs | wc -l", "beta", 60).split()[0], "257")
        s.run("set +o stay", "beta")
        s.line("sleep 1005 &")
        s.expect(r"\[1\] \d+")
        s.line("smigrate gamma")
        s.expect(r"these jobs cannot come along: \[1\] sleep 1005")
        s.run("kill %1", "beta")
        s.line("exit")
        s.finish()


if __name__ == "__main__":
    main([a_job_stays, fg_from_elsewhere, a_cut_takes_the_terminal_back, what_it_writes_is_shown, what_happens_on_the_way, job_control_is_the_same, jobs_stay_anywhere, they_share_a_terminal, what_stands_behind_the_move, nobody_logs_in_again, what_happens_to_those, attach_finds_them, attach_takes_them, what_one_does_behind_an_attach, two_at_once, stopped_ones_end_with_the_session, without_it_nothing_moves], nodes=4)
