#!/usr/bin/env python3
"""A link that is started early (smigrate --warm)."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from mishtest import *


def links(c, node="alpha"):
    return c.root(node, "pgrep -u mia -x mish-link || :").split()


def peers(c, node):
    return len(c.root(node, "pgrep -u mia -x mish-peer || :").split())


def a_move_takes_the_link_that_is_there(c):
    with Session(c) as s:
        equal("warm", s.run("smigrate --warm beta")[0:2], ("", 0))
        before = links(c)
        equal("one link", len(before), 1)
        equal("one peer", peers(c, "beta"), 1)
        s.run("mark=kept")
        s.move("beta")
        equal("the same link", links(c), before)
        equal("the same peer", peers(c, "beta"), 1)
        equal("state", s.run("echo $mark", "beta")[0], "kept\n")
        s.move("alpha", "home")
        equal("none left", links(c), [])


def away_it_is_the_guardians(c):
    with Session(c) as s:
        s.move("beta")
        equal("warm", s.run("smigrate --warm gamma", "beta")[0:2], ("", 0))
        before = links(c)
        equal("two links", len(before), 2)
        s.move("gamma")
        equal("one of them", set(links(c)) < set(before), True)
        s.move("alpha", "home")
        equal("none left", links(c), [])


def another_node_is_chosen(c):
    with Session(c) as s:
        s.run("smigrate --warm beta")
        s.move("gamma")
        s.move("beta")
        s.move("alpha", "home")
        equal("none left", links(c), [])


def it_dies_before_it_is_needed(c):
    with Session(c) as s:
        s.run("smigrate --warm beta")
        c.root("alpha", "pkill -9 -x mish-link")
        s.move("beta")
        s.move("alpha", "home")
        s.run("smigrate --warm beta")
        c.root("beta", "pkill -9 -x mish-peer")
        s.move("beta")
        s.move("alpha", "home")
        s.run("smigrate --warm beta")
        c.tool("cut", "beta")
        s.line("smigrate beta")
        s.expect(r"mish: smigrate: beta: .*\(staying on alpha\)\r\n", 60)
        s.prompt("alpha")
        c.tool("join", "beta")


def its_connection_was_reset(c):
    """The node has rebooted: nobody told us, and the move finds out."""
    with Session(c) as s:
        s.run("smigrate --warm gamma")
        c.tool("kill", "gamma")
        c.tool("boot", "gamma")
        s.move("gamma")
        s.move("alpha", "home")


def it_cannot_be_had(c):
    with Session(c) as s:
        out, status = s.run("smigrate --warm nowhere")[0:2]
        equal("status", status, 1)
        equal("one line", out.count("\n"), 1)
        if "mish: smigrate: nowhere: " not in out or not out.endswith("(staying on alpha)\n"):
            raise Failure("unclear: " + out)
        s.move("beta")
        out, status = s.run("smigrate --warm nowhere", "beta")[0:2]
        equal("status", status, 1)
        if "mish: smigrate: nowhere: " not in out or not out.endswith("(staying on beta)\n"):
            raise Failure("unclear: " + out)
        s.move("alpha", "home")


def the_shell_ends(c):
    with Session(c) as s:
        before = peers(c, "beta")  # of the cut above, which its node has not noticed yet
        s.run("smigrate --warm beta")
        s.line("(sleep 3 &) ; exit")
        wait_until("no link", lambda: links(c) == [])
        wait_until("no peer", lambda: peers(c, "beta") <= before)


if __name__ == "__main__":
    main([a_move_takes_the_link_that_is_there, away_it_is_the_guardians, another_node_is_chosen,
          it_dies_before_it_is_needed, its_connection_was_reset, it_cannot_be_had,
          the_shell_ends], tag="w")
