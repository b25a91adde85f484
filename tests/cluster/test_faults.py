#!/usr/bin/env python3
"""Limits, crashes and daemons that misbehave: a prompt, the state, and one message."""

import os
import shutil

from mishtest import *


def still_alive(s, node):
    equal("alive", s.run("echo $mark $(hostname)", node)[0], "kept %s\n" % node)


def state_too_large(c):
    with Session(c) as s:
        for node in ("alpha", "beta"):
            s.run("mark=kept", node)
            s.run("big=$(head -c 70000000 /dev/zero | tr '\\0' a)", node)
            for _ in range(2):
                out, status = s.run("smigrate %s" % ("beta" if node == "alpha" else "home"), node)
                true("message %r" % out, "the state is too large (more than 64 MiB) (staying on %s)" % node in out)
                true("status", status != 0)
            still_alive(s, node)
            s.run("unset big", node)
            s.move("beta" if node == "alpha" else "home")


def few_descriptors(c):
    for n in (20, 12, 9, 8, 7, 5, 4):
        with Session(c) as s:
            s.run("mark=kept; ulimit -S -n %d" % n)
            s.line("smigrate beta; echo $? on $MISH_NODE")
            s.expect(r"(Too many open files \(staying on alpha\)\r\n1 on alpha|0 on beta)\r\n")
            s.expect(r"\[(alpha|beta)\]> ")
            s.line("echo $mark")
            s.expect("\nkept\r\n")


def soft_limits_of_the_shell(c):
    """They are the shell's own: they come along and back, and decide nothing about the way."""
    for limit in ("-f 0", "-f 500", "-s 64"):
        with Session(c) as s:
            s.run("mark=kept; big=$(head -c 300000 /dev/zero | tr '\\0' a); ulimit -S " + limit)
            s.move("beta")
            option, value = limit.split()
            equal("limit", s.run("ulimit -S " + option, "beta")[0], value + "\n")
            s.move("home")
            equal("limit", s.run("ulimit -S " + option)[0], value + "\n")
            still_alive(s, "alpha")


def no_file_size(c):
    with Session(c) as s:
        s.run("mark=kept; ulimit -f 0")
        out, status = s.run("smigrate beta")
        true("message %r" % out, "(staying on alpha)" in out and status != 0)
        still_alive(s, "alpha")


def home_cannot_take_the_session(c):
    """What is needed there is broken: nobody is released, and later it works."""
    for name in ("libexec/mish/mish-move.so", "bin/mish"):
        c.own_installation("alpha")
        with Session(c) as s:
            s.run("mark=kept")
            s.move("beta")
            with c.broken("alpha", name):
                out, status = s.run("smigrate home", "beta")
            true("message %r" % out, "mish: smigrate: home: " in out and "(staying on beta)" in out)
            true("status", status != 0)
            still_alive(s, "beta")
            s.move("home")
            still_alive(s, "alpha")


def a_state_that_cannot_be_restored_is_kept(c):
    """The guardian goes home without asking, as the node is gone; mish there is broken, or what it loads is."""
    c.own_installation("alpha")
    for name, told in (("libexec/mish/mish-move.so", r"is kept: mish --attach ([0-9a-f]{8}) \(a fresh shell\)\r\n"),
                       ("bin/mish", r"is kept; to go on with it: mish --attach ([0-9a-f]{8})\r\n"
                        r"mish: mish: .* \(a plain shell instead\)\r\n")):
        with Session(c) as s:
            s.run("mark=kept")
            s.move("beta")
            s.run(":", "beta")
            with c.broken("alpha", name):
                c.tool("kill", "beta")
                try:
                    session = s.expect(told, timeout=60).group(1).decode()
                finally:
                    c.tool("boot", "beta")
            s.line("PS1='fresh> '")
            s.expect("fresh> ")
            s.line("exec mish --attach " + session)
            s.expect("your session goes on from the state that was kept\r\n")
            s.expect(r"\[alpha\]> ")
            still_alive(s, "alpha")


def a_guardian_that_does_not_fit_gives_the_shell_back(c):
    """Half of an upgrade was there as the shell began."""
    stub = c.own_installation("alpha") + "/libexec/mish/mish-stub"
    os.rename(stub, stub + ".off")
    try:
        shutil.copy2(os.path.join(BUILD, "tests/tool/mish-stub-far"), stub)
        with Session(c) as s:
            s.run("mark=kept")
            s.line("smigrate beta || echo st=$?")
            s.expect(r"mish: smigrate: mish-stub: mish was upgraded meanwhile; log in again for this \(staying here\)\r\nst=1\r\n")
            s.prompt("alpha")
            still_alive(s, "alpha")
            os.rename(stub, stub + ".far")
            os.rename(stub + ".off", stub)
            with Session(c) as t:
                t.move("beta")
    finally:
        if os.path.exists(stub + ".off"):
            os.rename(stub + ".off", stub)


def a_module_of_another_build_is_not_used(c):
    """The other half of an upgrade: the shell is the old one, and a module beside it is new."""
    top = c.own_installation("alpha") + "/libexec/mish/"
    for name in ("mish-move.so", "mish-edit.so"):
        os.rename(top + name, top + name + ".off")
        try:
            shutil.copy2(os.path.join(BUILD, "tests/next", name), top + name)
            with Session(c) as s:
                true("it is told once: %s: %r" % (name, s.log[:500]), s.log.count(
                    b"mish-edit.so: mish was upgraded meanwhile") == (name == "mish-edit.so"))
                s.run("mark=kept")
                if name == "mish-move.so":
                    out, status = s.run("smigrate beta")
                    true("message %r" % out, "mish-move.so: mish was upgraded meanwhile; log in again for this "
                         "(staying on alpha)" in out and status == 1)
                still_alive(s, "alpha")
        finally:
            os.rename(top + name + ".off", top + name)


def programs_are_those_that_the_session_began_with(c):
    """Whatever is at their paths since: what nobody can execute, say. A node's own are needed there only for newcomers."""
    files = ["bin/mish"] + ["libexec/mish/" + v for v in (
        "mish-stub", "mish-link", "mish-peer", "mish-edit.so", "mish-move.so")]
    with Session(c) as s:
        s.run("mark=kept")
        s.move("beta")
        paths = [os.path.join(c.own_installation(node), v) for node in ("alpha", "beta") for v in files]
        for v in paths:
            os.rename(v, v + ".off")
            with open(v, "w") as f:
                f.write("no program\n")
            os.chmod(v, 0o755)
        try:
            still_alive(s, "beta")
            s.move("gamma")
            old = c.root("alpha", "pgrep -u mia -x mish-link")
            c.root("alpha", "pkill -9 -u mia -x mish-link")
            wait_until("another link", lambda: c.root("alpha", "pgrep -u mia -x mish-link") not in ("", old))
            still_alive(s, "gamma")
            s.move("home")
            still_alive(s, "alpha")
            s.move("gamma")
            s.run(":", "gamma")
            c.root("gamma", "pkill -9 -u mia -x mish-peer")
            s.expect("your session continues on alpha")
            s.prompt("alpha")
            still_alive(s, "alpha")
        finally:
            for v in paths:
                os.rename(v + ".off", v)


def nothing_can_be_opened_on_the_way_home(c):
    """With no more descriptors than the loader needs; the state comes home in the file it came in."""
    for how in "home", "lost":
        with Session(c) as s:
            s.run("mark=kept")
            s.move("beta")
            stub = c.root("alpha", "pgrep -u mia -x mish-stub").split()[-1]
            c.as_user("alpha", "prlimit --pid %s --nofile=5:" % stub)  # 0 to 4 are in use
            if how == "home":
                s.line("smigrate home")
            else:
                c.root("beta", "pkill -9 -u mia -x mish-peer; pkill -9 -u mia -x mish")
            s.prompt("alpha", 60)
            still_alive(s, "alpha")
            equal("the terminal", s.run("stty -a | grep -ow -e -echo -e -icanon")[0], "")


def no_memfd(c):
    """No more files in the system, at either end and at each step; home is always open."""
    c.install("nomemfd.so")
    c.root("alpha", "echo /opt/mish/bin/nomemfd.so >/etc/ld.so.preload")  # all nodes have this /etc

    def none(node, so=True):
        c.root(node, "touch /run/no-memfd" if so else "rm -f /run/no-memfd")

    def refused(s, to, at):
        out, status = s.run("smigrate " + to, at)
        true("message %r" % out, "Too many open files in system" in out and "(staying on %s)" % at in out
             and out.count("\n") == 1 and status == 1)
        still_alive(s, at)
    try:
        for lost in False, True:
            with Session(c) as s:
                s.run("mark=kept")
                for node in "alpha", "beta":
                    none(node)
                    refused(s, "beta", "alpha")
                    none(node, False)
                s.move("beta")
                none("alpha")
                refused(s, "gamma", "beta")
                if lost:
                    c.root("beta", "pkill -9 -u mia -x mish-peer")
                else:
                    s.line("smigrate home")
                s.prompt("alpha", 60)
                still_alive(s, "alpha")
                none("alpha", False)
    finally:
        c.root("alpha", "rm /etc/ld.so.preload")


def a_daemon_that_does_not_read(c):
    with Session(c) as s:
        s.run("mark=kept; big=$(head -c 700000 /dev/zero | tr '\\0' a)")
        c.root("alpha", "pkill -STOP mishd")
        try:
            s.line("smigrate beta")
            s.prompt("beta", 40)
            still_alive(s, "beta")
        finally:
            c.root("alpha", "pkill -CONT mishd")


def a_daemon_that_dies_and_comes_back(c):
    with Session(c) as s:
        s.run("mark=kept")
        c.root("alpha", "pkill -9 mishd")
        s.move("beta")
        c.root("beta", "pkill -9 mishd")
        s.move("gamma")
        for node in ("alpha", "beta"):
            c.root(node, "setpriv --reuid=20078 --regid=20078 --clear-groups setsid "
                   "/opt/mish/bin/mishd -c %s/nodes/%s/mishd.conf </dev/null >/dev/null 2>&1 &"
                   % (c.dir, node))
        s.move("home")
        still_alive(s, "alpha")
        wait_until("the shell has registered again",
                   lambda: (s.run(":"), "mia" in c.as_user("alpha", "mishctl sessions"))[1])


def a_second_daemon(c):
    """It leaves the first one and its sessions alone."""
    with Session(c) as s:
        out = c.root("alpha", "setpriv --reuid=20078 --regid=20078 --clear-groups "
                     "/opt/mish/bin/mishd -c %s/nodes/alpha/mishd.conf 2>&1; echo =$?" % c.dir)
        true("refused: %r" % out, "address already in use" in out and out.endswith("=1\n"))
        true("the first one answers", "mia" in c.as_user("alpha", "mishctl sessions"))
        s.move("beta")
        s.move("home")


def the_rest_of_a_line_runs_once(c):
    c.write("log", "")
    with Session(c) as s:
        s.line("smigrate beta; echo $(hostname) >>~/log")
        s.prompt("beta")
        wait_until("it ran", lambda: open(c.home + "/log").read() == "beta\n")
        c.root("beta", "pkill -9 mish-peer")
        s.prompt("alpha")
        s.run(":")
        equal("log", open(c.home + "/log").read(), "beta\n")


def the_guardian_is_killed(c):
    with Session(c) as s:
        s.move("beta")
        wait_until("it is known", lambda: "away" in c.as_user("alpha", "mishctl sessions"))
        c.root("alpha", "pkill -9 mish-stub")
        s.finish()
    wait_until("it is not", lambda: "away" not in c.as_user("alpha", "mishctl sessions"))
    for node in ("alpha", "beta"):
        wait_until("nothing left on " + node, lambda: not c.session_processes(node))


def a_shell_is_killed_and_leaves_something(c):
    """What runs on in a subshell does not speak for the shell."""
    with Session(c) as s:
        s.run("{ (sleep 60; :) & }")
        pid, name = s.run("echo $$ $MISH_SESSION")[0].split()
        wait_until("it is known", lambda: name in c.as_user("alpha", "mishctl sessions"))
        c.root("alpha", "kill -9 " + pid)
        wait_until("it is not", lambda: name not in c.as_user("alpha", "mishctl sessions"))
        c.root("alpha", "pkill -u mia -x sleep")


def the_new_link_is_killed_during_a_move(c):
    with Session(c) as s:
        s.run("mark=kept")
        s.move("beta")
        c.tool("slow", "gamma", "300")
        try:
            s.line("smigrate gamma")
            wait_until("a second link", lambda: len(c.root("alpha", "pgrep -x mish-link").split()) == 2)
            c.root("alpha", "pkill -9 -n -x mish-link")
            s.expect(r"mish: smigrate: .*\(staying on beta\)\r\n")
            s.prompt("beta")
            still_alive(s, "beta")
        finally:
            c.tool("slow", "gamma", "0")
        s.move("gamma")
        still_alive(s, "gamma")


def a_cut_during_a_move(c):
    with Session(c) as s:
        s.run("mark=kept")
        c.tool("cut", "beta")
        try:
            out, status = s.run("smigrate beta", timeout=40)
            true("message %r" % out, "(staying on alpha)" in out and status != 0)
            still_alive(s, "alpha")
        finally:
            c.tool("join", "beta")
        s.move("beta")


def set_clock(c, node, seconds):
    """By so many seconds at once, for all that runs there."""
    c.root(node, "python3 -c 'import struct; open(\"/run/clock-jump\", \"r+b\").write(struct.pack(\"q\", %d))'" % seconds)


def clocks_jump(c):
    """A day ahead or back, at the origin, at the other end or at both, at each step."""
    nodes = ("alpha", "beta", "gamma")
    c.install("clock.so")
    for n in nodes:
        c.root(n, "head -c 4096 /dev/zero >/run/clock-jump; echo /opt/mish/bin/clock.so >/etc/ld.so.preload; pkill -9 mishd")
        c.start_mishd(n)
    try:
        for there, seconds in ((("alpha",), 86400), (("beta", "gamma"), -86400), (nodes, -3600)):
            for n in nodes:
                set_clock(c, n, 0)

            def jump(by):
                for n in there:
                    set_clock(c, n, by)
            with Session(c) as s:
                s.run("mark=kept")
                s.line("smigrate beta")
                jump(seconds)  # on its way
                s.prompt("beta")
                still_alive(s, "beta")
                now = int(s.run("date +%s", "beta")[0])
                true("it did jump", abs(now - time.time() - (seconds if "beta" in there else 0)) < 60)
                s.line("smigrate gamma")
                jump(0)
                s.prompt("gamma")
                jump(seconds)  # idle
                still_alive(s, "gamma")
                c.root("alpha", "pkill -9 -x mish-link")
                jump(0)  # while a link is sought
                still_alive(s, "gamma")
                s.line("smigrate home")
                jump(seconds)
                s.prompt("alpha")
                still_alive(s, "alpha")
            for n in nodes:
                wait_until("nothing left on " + n, lambda: not c.session_processes(n))
    finally:
        for n in nodes:
            set_clock(c, n, 0)
        c.root("alpha", "rm /etc/ld.so.preload")


if __name__ == "__main__":
    tests = [state_too_large, few_descriptors, nothing_can_be_opened_on_the_way_home, no_file_size,
             soft_limits_of_the_shell, a_guardian_that_does_not_fit_gives_the_shell_back, a_module_of_another_build_is_not_used,
             programs_are_those_that_the_session_began_with,
             home_cannot_take_the_session, a_state_that_cannot_be_restored_is_kept,
             a_daemon_that_does_not_read, a_daemon_that_dies_and_comes_back, a_second_daemon,
             the_rest_of_a_line_runs_once, the_guardian_is_killed, a_shell_is_killed_and_leaves_something,
             the_new_link_is_killed_during_a_move, a_cut_during_a_move]
    if PATIENCE == 1:  # a sanitizer will not have anything before itself
        tests += [no_memfd, clocks_jump]
    main(tests, tag="f")
