#!/usr/bin/env python3
"""Placed commands of the background wait in line until a node has room (controller/places.h)."""

import time

from mishtest import *
from test_sharing import CONF, all_known


def tool(c):
    """Says where it ran, from when until when."""
    c.write("tool", "#!/bin/sh\nbegan=$(date +%s.%N); sleep ${2:-0.2}; echo $1 $(uname -n) $began $(date +%s.%N) >>~/ran\n", 0o755)
    c.write("ran", "")


def ran(c):
    return [l.split() for l in open(c.home + "/ran").read().splitlines()]


def at_once(rows):
    """How many ran at the same time, at most."""
    events = sorted([(float(r[2]), 1) for r in rows] + [(float(r[3]), -1) for r in rows])
    n = most = 0
    for _, d in events:
        n += d
        most = max(most, n)
    return most


def room(c):
    return {n: max(1, round(r["cpus"])) for n, r in c.node_rows("alpha").items() if n != "alpha"}


def sixty_in_line(c):
    """All run, once, on all nodes, and never more of them on one than it has CPUs."""
    tool(c)
    all_known(c)
    with Session(c) as s:
        s.run("for i in {1..60}; do @ ~/tool $i & done; wait", "alpha", 60)
        rows = ran(c)
        equal("all, and once", sorted(int(r[0]) for r in rows), list(range(1, 61)))
        for node, n in room(c).items():
            true("%s: %d at once" % (node, n), 1 <= at_once([r for r in rows if r[1] == node]) <= n)
        s.line("exit")
        s.finish()


def who_waits_for_an_answer_does_not_stand_in_line(c):
    """In the foreground, and where a node is named."""
    tool(c)
    all_known(c)
    with Session(c) as s:
        s.run("for i in {1..20}; do @ ~/tool $i 30 & done")
        wait_until("as many as there is room for", lambda: len(c.root("beta", "pgrep -x tool; true").split()) == room(c)["beta"])
        true("it runs beside them", s.run("@ uname -n")[0].strip() in ("beta", "gamma"))
        equal("where it is to", s.run("@gamma uname -n >~/out & wait $!; cat ~/out")[0].split()[-1], "gamma")
        start = time.monotonic()
        s.run("kill %20; wait %20")
        true("what waits can be ended", time.monotonic() - start < 3 * PATIENCE)
        s.run("kill $(jobs -p); wait", "alpha", 30)
        equal("none has run to its end", ran(c), [])
        equal("the line is empty: it goes at once", s.run("@ ~/tool 99 & wait $!; cut -d' ' -f1 ~/ran")[0].strip().splitlines()[-1], "99")
        s.line("exit")
        s.finish()


def nothing_of_it_is_seen(c):
    """Neither a descriptor in the command, nor that its stages would wait for each other."""
    all_known(c)
    equal("descriptors", c.as_user("alpha", "mish -c 'set -o remote\n@ sh -c \"ls /proc/\\$\\$/fd\"' | paste -sd.").strip(), "0.1.2")
    out = c.as_user("alpha", "timeout -s KILL 30 mish -c 'set -o remote\n@ yes | @ cat | @ cat | @ cat | @ cat | @ head -c 20000000 | wc -c & wait' 2>&1")
    equal("a pipeline in the background", out.strip(), "20000000")
    out = c.as_user("alpha", "timeout -s KILL 30 mish -c 'set -o remote\n@ { sleep 8 >/dev/null 2>&1 </dev/null & }; echo $((SECONDS < 4))' 2>&1")
    equal("what stays behind is not waited for", out.strip(), "1")


def who_goes_leaves_the_line(c):
    """… at once: and takes none of the connections that a user may have."""
    tool(c)
    all_known(c)
    with Session(c) as s:
        s.run("for i in {1..8}; do @ ~/tool $i 60 & done 2>/dev/null; for i in {1..100}; do @ ~/tool $i & done 2>/dev/null; true")
        fds = lambda: int(c.root("alpha", "ls /proc/$(pgrep -x mishd)/fd | wc -l"))
        wait_until("they stand in line", lambda: fds() > 100)
        s.run("kill %{20..100}; true", "alpha", 20)
        wait_until("most have gone", lambda: fds() < 60)
        s.run("kill $(jobs -p) 2>/dev/null; wait", "alpha", 30)
        s.line("exit")
        s.finish()


# A frame: GET_NODES, FLAGS (BEST, HOLD, QUEUED)
STAND = ("import socket, sys, time\n"
         "v = [socket.socket(socket.AF_UNIX) for i in range(530)]\n"
         "for s in v: s.connect('/run/mish/mishd.sock'); s.send(bytes((0x36, 7, 0, 0, 0, 0x81, 0x0b, 0xce, 0, 0x61, 0, 0)))\n"
         "time.sleep(0.5)\n"
         "def full(s):\n"
         "    try: return b'the line is full' in s.recv(4096, socket.MSG_DONTWAIT)\n"
         "    except BlockingIOError: return False\n"
         "open('/home/mia/standing', 'w').write(str(sum(map(full, v)))); time.sleep(float(sys.argv[1]))\n")


def a_line_that_is_full(c):
    """Whoever comes then waits outside, as long as it takes."""
    all_known(c)
    c.write("stand.py", STAND)
    with Session(c) as s:
        s.run("python3 ~/stand.py 12 & while [ ! -s ~/standing ]; do sleep 0.1; done", "alpha", 30)
        true("some were sent away", 0 < int(open(c.home + "/standing").read()) <= 530 - 512)
        s.run("@ uname -n >~/inside & true")
        time.sleep(2)
        equal("it waits", open(c.home + "/inside").read(), "")
        s.run("wait", "alpha", 30)
        true("it has run", open(c.home + "/inside").read().strip() in ("beta", "gamma"))
        s.line("exit")
        s.finish()


def a_line_whose_daemon_does_not_come_back(c):
    tool(c)
    all_known(c)
    with Session(c) as s:
        s.run("for i in {1..8}; do @ ~/tool $i 60 & done 2>/dev/null; @ ~/tool 9 2>~/why & true")
        time.sleep(1)
        c.root("alpha", "pkill -x mishd")
        wait_until("it is told", lambda: "mishd has ended" in open(c.home + "/why").read(), 30)
        equal("what to do", open(c.home + "/why").read(), "mish: @: mishd has ended, and with it the line; name a node: @HOST command\n")
        c.start_mishd("alpha")
        s.run("kill $(jobs -p) 2>/dev/null; wait", "alpha", 30)
        s.line("exit")
        s.finish()


def a_line_outlives_its_daemon(c):
    """mishd is started again while they wait."""
    tool(c)
    all_known(c)
    with Session(c) as s:
        s.run("for i in {1..30}; do @ ~/tool $i 0.5 & done")
        wait_until("some have run", lambda: len(ran(c)) > 4)
        c.root("alpha", "pkill -x mishd")
        c.start_mishd("alpha")
        s.run("wait", "alpha", 60)
        equal("all, and once", sorted(int(r[0]) for r in ran(c)), list(range(1, 31)))
        s.line("exit")
        s.finish()


def scripts_stand_in_line_too(c):
    tool(c)
    all_known(c)
    c.write("all.sh", "set -o remote\nfor i in 1 2 3 4 5 6 7 8 9 10 11 12; do @ ~/tool $i & done\nwait\n")
    out = c.as_user("alpha", "mish ~/all.sh 2>&1")
    equal("silently", out, "")
    equal("all, and once", sorted(int(r[0]) for r in ran(c)), list(range(1, 13)))
    for node, n in room(c).items():
        true("%s: %d at once" % (node, n), 1 <= at_once([r for r in ran(c) if r[1] == node]) <= n)


if __name__ == "__main__":
    main([sixty_in_line, who_waits_for_an_answer_does_not_stand_in_line, nothing_of_it_is_seen, who_goes_leaves_the_line, a_line_that_is_full, a_line_whose_daemon_does_not_come_back, a_line_outlives_its_daemon, scripts_stand_in_line_too], tag="q", mishd=CONF)
