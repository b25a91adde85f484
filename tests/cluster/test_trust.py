#!/usr/bin/env python3
"""Nodes that are not trusted: what they want is asked at the terminal one sits at, and lies get nothing."""

import os
import shutil
import time

from mishtest import *

LINE = "mish: beta is not in ~/.config/mish/nodes: before it comes home or goes on, this terminal asks\r\n"


def only_gamma(c):
    """No site's list, and a user's with one node."""
    for node in ("alpha", "beta", "gamma"):
        c.root(node, "pkill -x mishd || :")
    c.write(".config/mish/nodes", "# those that I know\ngamma  # and no other\n")


def asked(s, answer):
    s.expect(r"mish: beta comes home\? its \(state\), state you \(left\) with, or no:")
    s.send(answer)


def it_is_told_and_asked(c):
    only_gamma(c)
    for answer, node, mark in (("no\r", "beta", "there"), ("\x03", "beta", "there"), ("state\r", "alpha", "there"),
                               ("left\r", "alpha", "here")):
        with Session(c) as s:
            s.run("mark=here")
            s.line("smigrate beta")
            s.expect(LINE)
            s.prompt("beta")
            s.run("mark=there", "beta")
            s.line("smigrate home; echo R''AN; hostname")
            asked(s, answer)
            s.prompt(node)
            s.settle(0.5)
            s.mark = len(s.log)
            out = s.run("echo $mark $(hostname)", node)[0]
            equal(repr(answer), out, "%s %s\n" % (mark, node))
            true("the rest of the line does not run at home: %r" % s.log[-500:],
                 b"RAN\r\nalpha" not in s.log)
    # one that is trusted comes home as ever, with the rest of its line
    with Session(c) as s:
        s.line("smigrate gamma")
        s.prompt("gamma")
        true("not told", b"is not in" not in s.log)
        s.line("smigrate home; echo R''AN")
        s.expect("\nRAN\r\n")
        s.prompt("alpha")


def onward_is_asked_too(c):
    only_gamma(c)
    with Session(c) as s:
        s.run("mark=kept")
        s.move("beta")
        for answer, node in (("left\rstate\rno\r", "beta"), ("y\r", "gamma")):  # words of another question are none
            s.line("smigrate gamma")
            s.expect(r"mish: beta goes on to gamma, as you\? yes or no:")
            s.send(answer)
            s.prompt(node)
        equal("state", s.run("echo $mark $(hostname)", "gamma")[0], "kept gamma\n")
        s.move("home")


def asks_all_the_same(s):
    """no and state were typed before the question."""
    s.expect(r"its \(state\)")
    s.settle(0.5)
    true("it waits: %r" % s.log[-300:], b"[alpha]>" not in s.log[s.mark:])
    s.send("state\r")
    s.prompt("alpha")
    s.settle(0.5)
    true("they are on the line, and have not run: %r" % s.log[-300:], s.log.endswith(b"no state ") and b"not found" not in s.log)


def keys_typed_ahead_are_no_answer(c):
    only_gamma(c)
    with Session(c) as s:
        s.run("mark=kept")
        s.move("beta")
        s.send("smigrate home\rno\rstate\r")
        asks_all_the_same(s)


def nor_are_keys_that_come_while_the_state_does(c):
    """The link leaves them in the terminal; on an alternate screen the guardian does not ask it for its cursor, either."""
    only_gamma(c)
    with Session(c) as s:
        s.run("mark=kept")
        s.move("beta")
        s.run("big=$(head -c 60000000 /dev/zero | tr '\\0' a); printf '\\033[?1049h'", "beta")
        s.send("smigrate home\r")
        time.sleep(0.15)
        s.send("no\rstate\r")
        asks_all_the_same(s)


def with_part(c, part, run):
    """A session on beta, whose peer plays this part; what it heard."""
    only_gamma(c)
    c.write("part", part)
    c.write("heard", "")
    peer = c.own_installation("beta") + "/libexec/mish/mish-peer"
    os.rename(peer, peer + ".off")
    try:
        shutil.copy2(os.path.join(os.path.dirname(os.path.abspath(__file__)), "hostile_peer.py"), peer)
        os.chmod(peer, 0o755)
        with Session(c) as s:
            s.run("mark=kept")
            s.line("smigrate beta")
            s.expect(LINE)
            s.expect("at the prompt")
            run(s)
    finally:
        os.rename(peer + ".off", peer)
    with open(c.home + "/heard") as f:
        return f.read()


def a_list_that_others_can_write_is_none(c):
    for mode, owner, trusted in ((0o600, 20077, True), (0o666, 20077, False), (0o620, 20077, False), (0o644, 30001, False),
                                 (0o644, 0, True)):
        only_gamma(c)
        os.chown(c.write(".config/mish/nodes", "beta\n", mode), owner, 20077)
        with Session(c) as s:
            s.line("smigrate beta")
            s.prompt("beta")
            equal("%o of %d: trusted" % (mode, owner), LINE.encode() not in s.log, trusted)


def what_it_says_steers_no_terminal(c):
    """Why it refuses, to a question and to a move, from home and from another node; and its warnings."""
    only_gamma(c)
    peer = c.own_installation("beta") + "/libexec/mish/mish-peer"
    os.rename(peer, peer + ".off")
    try:
        shutil.copy2(os.path.join(os.path.dirname(os.path.abspath(__file__)), "hostile_peer.py"), peer)
        os.chmod(peer, 0o755)
        c.write("part", "ABORT STATUS=1 WHY=no\x1b]0;title\x07\u009b2J\n")
        with Session(c) as s:
            for node in ("alpha", "gamma"):
                if node == "gamma":
                    s.move("gamma")
                s.line("smigrate -n beta")
                s.expect(r"would not: beta: no\?\]0;title\?\?\?2J\r\n")
                s.prompt(node)
                s.line("smigrate beta")
                s.expect(r"mish: smigrate: beta: no\?\]0;title\?\?\?2J \(staying on %s\)\r\n" % node)
                s.prompt(node)
            s.move("home")
            c.write("part", START.replace("NODE=beta", "NODE=beta WARNINGS=w\x1b]0;title\x07\u009b2J"))
            s.line("smigrate beta")
            s.expect(r"mish: beta: w\?\]0;title\?\?\?2J\r\n")
            s.expect("at the prompt")
            true("clean: %r" % s.log[-400:], b"\x1b]0;title" not in s.log and b"\xc2\x9b" not in s.log)
    finally:
        os.rename(peer + ".off", peer)


START = "READY VERSION=2 NODE=beta\nheard COMMIT\nDATA at\\x20the\\x20prompt\n"
OFFER = ("OFFER ERRAND=1 SESSION=$SESSION ORIGIN=$ORIGIN PEER_NODE=beta NODE=%s KEY=$KEY EPOCH=$EPOCH STATE=$STATE "
         "FLAGS=%d\n")


def lies_get_nothing(c):
    """Each unasked, a moment after the move: the shell stays there, nobody logs in anywhere."""
    offers = [("home", 0), ("home", 16), ("alpha", 0), ("gamma", 0), ("gamma", 16), ("gamma_beta", 16),
              ("-oProxyCommand=touch", 0)]
    for wish, flags in offers:
        def run(s):
            s.settle(1.0)
            true("nothing is asked: %r" % s.log[-300:], b"comes home" not in s.log[s.mark:])
            equal("nobody went to gamma", [p for p in c.connections("alpha") if "10.77.0.3:" in p[1]], [])
            s.send("\x1d\x1d\x1d")
            s.expect("or quit")
            s.send("recover\r")
            s.expect(r"Here: its \(state\), state you \(left\) with, or quit:")
            s.send("left\r")
            s.prompt("alpha")
            equal("what one left with", s.run("echo $mark")[0], "kept\n")
        heard = with_part(c, START + "FROZEN DELIVERED=0\n" + OFFER % (wish, flags), run)
        true("refused: %s: %r" % (wish, heard), "RESUME" in heard and "RELEASE" not in heard)


def one_that_says_its_shell_was_killed(c):
    def run(s):
        s.expect(r"mish: beta is lost. Here: its \(state\), state you \(left\) with, or quit:")
        true("clean: %r" % s.log[-400:], b"\x1b]0;killed" not in s.log)
        true("and no answer of its own: %r" % s.log[-400:], b"alpha" not in s.log[s.mark:])
        s.send("left\r")
        s.prompt("alpha")
        equal("what one left with", s.run("echo $mark; fc -ln 1 | grep -c '[e]vil'")[0], "kept\n0\n")
    with_part(c, START + "CHECKPOINT EPOCH=1 SEQ=1 FLAGS=2048 COMMAND=evil STATE=evil\n"
              "EXIT FLAGS=64 STATUS=137 WHY=\x1b]0;killed\x07\n", run)


def one_that_offers_and_then_says_it_was_killed(c):
    """The question about the offer has no other answer than the user's; and nobody writes over it."""
    def run(s):
        s.settle(1.0)
        s.send("k")  # a key, and only then it offers
        s.expect(r"Here: its \(state\), state you \(left\) with, or quit:", 20)
        s.settle(1.0)
        true("no shell here: %r" % s.log[-300:], b"[alpha]>" not in s.log[s.mark:])
        true("what it wrote meanwhile is not on the screen: %r" % s.log[-300:], b"[Y/n]" not in s.log)
        s.send("left\r")
        s.prompt("alpha")
        equal("what one left with", s.run("echo $mark")[0], "kept\n")
    with_part(c, START + "heard DATA\nFROZEN DELIVERED=0\n" + OFFER % ("home", 0) +
              "wait 0.5\nDATA Do\\x20you\\x20want\\x20to\\x20continue?\\x20[Y/n]\nwait 1\nEXIT FLAGS=64 STATUS=137 WHY=killed\n", run)


def one_that_freezes_and_is_silent(c):
    def run(s):
        s.send("x")
        s.expect("mish: beta: no answer for 3 s", 10)
        s.send("\x1d")
        s.expect("or quit")
        s.send("recover\r")
        s.expect("Here: its")
        s.send("left\r")
        s.prompt("alpha")
        equal("what one left with", s.run("echo $mark")[0], "kept\n")
    with_part(c, START + "FROZEN DELIVERED=0\n", run)


if __name__ == "__main__":
    main([it_is_told_and_asked, a_list_that_others_can_write_is_none, what_it_says_steers_no_terminal, onward_is_asked_too, keys_typed_ahead_are_no_answer,
          nor_are_keys_that_come_while_the_state_does, lies_get_nothing,
          one_that_says_its_shell_was_killed, one_that_offers_and_then_says_it_was_killed,
          one_that_freezes_and_is_silent], tag="y")
