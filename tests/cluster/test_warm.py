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


def it_dies_with_the_order(c):
    """It is alive when the move takes it, and then not."""
    for at in "alpha", "beta":
        with Session(c) as s:
            if at == "beta":
                s.move("beta")
            before = set(links(c))
            s.run("smigrate --warm gamma", at)
            (warm,) = set(links(c)) - before
            c.root("alpha", "kill -STOP " + warm)
            s.line("smigrate gamma")
            s.settle(0.5)
            c.root("alpha", "kill -9 " + warm)
            s.prompt("gamma")
            s.move("alpha", "home")


def its_peer_dies_with_the_order(c):
    """The order is on its way before the link can hear that nobody is there for it."""
    for at in "alpha", "beta":
        with Session(c) as s:
            if at == "beta":
                s.move("beta")
            s.run("smigrate --warm gamma", at)
            c.root("gamma", "pkill -STOP -u mia sshd; pkill -9 -u mia -x mish-peer")
            s.line("smigrate gamma")
            s.settle(0.5)
            c.root("gamma", "pkill -CONT -u mia sshd")
            s.prompt("gamma")
            s.move("alpha", "home")


def it_is_refused_after_all(c):
    """What the link said when it was started is not the answer to the move."""
    with Session(c) as s:
        s.move("beta")
        s.run("smigrate --warm gamma", "beta")
        c.tool("exec", "gamma", "mishctl", "drain")
        try:
            out, status = s.run("smigrate gamma", "beta")
        finally:
            c.tool("exec", "gamma", "mishctl", "undrain")
        equal("status", status, 1)
        if "draining" not in out or not out.endswith("(staying on beta)\n"):
            raise Failure("unclear: " + out)
        s.move("gamma")
        s.move("alpha", "home")


def asked_twice_and_otherwise(c):
    with Session(c) as s:
        for at in "alpha", "beta":
            if at == "beta":
                s.move("beta")
            s.run("smigrate --warm gamma", at)
            before = links(c)
            equal("asked", s.run("smigrate -n gamma", at)[1], 0)
            equal("the same", links(c), before)
            equal("again", s.run("smigrate --warm gamma", at)[0:2], ("", 0))
            wait_until("as many", lambda: len(links(c)) == len(before))
        s.move("gamma")
        s.move("alpha", "home")
        equal("the nodes there are", s.run("smigrate --warm")[0:2], ("", 0))
        before = links(c)
        s.line("smigrate")
        s.prompt("beta")
        equal("taken", links(c), before)
        s.move("alpha", "home")


def a_subshell_has_its_socket(c):
    with Session(c) as s:
        s.run("smigrate --warm beta")
        s.run("( (:; sleep 20; :) & )")
        s.run("smigrate --warm gamma")
        wait_until("the first ended", lambda: len(links(c)) == 1)


def its_pid_is_anothers(c):
    """The shell has reaped it: who has its number now is not touched."""
    with Session(c) as s:
        s.run("smigrate --warm beta")
        pid = int(links(c)[0])
        s.run("kill -9 %d; sleep 0.1" % pid)
        c.root("alpha", "echo %d > /proc/sys/kernel/ns_last_pid; setpriv --reuid 20077 "
               "--clear-groups sleep 60 > /dev/null 2>&1 &" % (pid - 1))
        comm = "cat /proc/%d/comm" % pid
        wait_until("its number is taken", lambda: c.root("alpha", comm) == "sleep\n")
        s.move("beta")
        s.move("alpha", "home")
        equal("alive", c.root("alpha", comm), "sleep\n")
        c.root("alpha", "kill %d" % pid)


def the_terminal_is_another_type(c):
    with Session(c) as s:
        s.run("smigrate --warm beta")
        s.run("TERM=vt100")
        s.resize(30, 90)
        s.move("beta")
        # the variable travels; that of the process is the peer's
        out = s.run("tr '\\0' '\\n' < /proc/$$/environ | grep TERM=; stty size", "beta")[0]
        equal("type and size", out, "TERM=vt100\n30 90\n")
        s.move("alpha", "home")


def it_is_no_job(c):
    with Session(c) as s:
        s.run("smigrate --warm beta")
        equal("no job", s.run("wait; jobs; echo \"<$!>\"")[0:2], ("<>\n", 0))
        c.root("alpha", "pkill -9 -x mish-link")
        equal("its end", s.run("sleep 0.2; wait; jobs")[0:2], ("", 0))
        equal("no zombie", c.root("alpha", "ps -u mia -o stat= | grep Z"), "")
        s.run("smigrate --warm beta")
        s.line("exec sleep 5")
        wait_until("no link", lambda: links(c) == [])


def the_shells_group_is_another(c):
    """set +m gives the terminal back to who started the shell; the link goes along."""
    with Session(c) as s:
        s.line("sh -c 'mish; :'")
        s.expect("mia@alpha:.*> ")
        s.line(PLAIN)
        s.prompt()
        s.run("smigrate --warm beta")
        s.run("set +m")
        s.move("beta")
        equal("typed", s.run("echo it", "beta")[0], "it\n")
        s.move("alpha", "home")


def interrupted(c):
    with Session(c) as s:
        c.tool("cut", "beta")
        for flag in "--warm", "-n":
            start = time.monotonic()
            s.line("smigrate %s beta" % flag)
            s.settle()
            s.send("\x03")
            s.expect(r"beta: interrupted")
            s.prompt()
            true("at once", time.monotonic() - start < 5 * PATIENCE)
            equal("status", s.run("echo $?")[0], "130\n")
        c.tool("join", "beta")
        equal("none left", links(c), [])


def a_password_is_not_shown(c):
    keys = os.path.join(c.home, ".ssh/authorized_keys")
    config = "%s/nodes/beta/ssh/sshd_config" % c.dir
    change = ("sed -i 's/PasswordAuthentication %s/PasswordAuthentication %s/' " + config +
              "; kill -HUP $(cat /run/sshd.pid)")
    with Session(c) as s:
        c.root("beta", change % ("no", "yes"))
        os.rename(keys, keys + ".off")
        try:
            wait_until("sshd is back", lambda: "password" in c.as_user(
                "alpha", "ssh -v -o BatchMode=yes beta true 2>&1"))
            s.line("smigrate --warm beta")
            s.expect("beta's password: ")
            s.send("\x03")
            s.expect(r"interrupted \(staying on alpha\)\r\n")
            s.prompt()
            s.line("smigrate --warm beta")
            s.expect("beta's password: ")
            s.send("secret\r")
            s.prompt()
            s.move("beta")
            s.move("alpha", "home")
            true("nothing is echoed", b"secret" not in s.log)
        finally:
            os.rename(keys + ".off", keys)
            c.root("beta", change % ("yes", "no"))


if __name__ == "__main__":
    main([a_move_takes_the_link_that_is_there, away_it_is_the_guardians, another_node_is_chosen,
          it_dies_before_it_is_needed, it_dies_with_the_order, its_peer_dies_with_the_order,
          its_connection_was_reset, it_cannot_be_had,
          the_shell_ends, it_is_refused_after_all, asked_twice_and_otherwise,
          a_subshell_has_its_socket, its_pid_is_anothers, the_terminal_is_another_type,
          it_is_no_job, the_shells_group_is_another, interrupted, a_password_is_not_shown], tag="w")
