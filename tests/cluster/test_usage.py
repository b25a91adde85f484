#!/usr/bin/env python3
"""What commands took: kept by the node's mishd, each user's for himself, and by the session, wherever it goes."""

import json
import time

from mishtest import *

DB = "/run/mish/usage.db"


def usage(c, node, user=None):
    """By kind, as the user (or another) sees it."""
    command = "mishctl --json usage"
    out = c.as_user(node, command) if user is None else c.root(node, "setpriv --reuid=%d --regid=%d --clear-groups %s" % (user, user, command))
    return {r["command"]: r for r in json.loads(out)}


def knows(c, node, key, runs=1):
    wait_until("%s knows of `%s': %r" % (node, key, usage(c, node)), lambda: usage(c, node).get(key, {"runs": 0})["runs"] >= runs, 15)
    return usage(c, node)[key]


def it_is_recorded(c):
    """In the foreground and the background, of builtins, of pipelines: CPU, memory, time, status; and not what is to be kept out."""
    with Session(c) as s:
        s.line("sh -c 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; exit 3'")
        s.prompt()
        s.line("sleep 0.4 &")
        s.expect(r"\[1\] \d+")
        s.prompt()
        s.line("head -c 30000000 /dev/zero | tail -c 30000000 | cat >/dev/null")
        s.prompt()
        s.run("sleep 0.6")
        for secret in (" hidden-one", "set +o record; hidden-two", "hidden-three; set -o record"):
            s.line(secret)
            s.prompt()
        s.line("nice sleep 0.1")
        s.prompt()
        r = knows(c, "alpha", "sh -c")
        true("CPU and status: %r" % r, r["user"] + r["sys"] > 0.05 and r["status"] == 3 and r["node"] == "alpha" and r["memory"] > 500000)
        r = knows(c, "alpha", "sleep")
        true("in the background: %r" % r, 0.35 < r["elapsed"] < 2 * PATIENCE and r["user"] + r["sys"] < 0.1)
        r = knows(c, "alpha", "head -c | tail -c | cat")
        true("a pipeline, all of it: %r" % r, r["memory"] > 20000000)
        knows(c, "alpha", "nice sleep")
        true("what is kept out: %r" % usage(c, "alpha").keys(), not [k for k in usage(c, "alpha") if "hidden" in k])
        shown = s.run("history -u nice")[0]
        true("the shell's own: %r" % shown, "nice sleep" in shown and "RUNS" in shown)
        equal("nobody else sees it", usage(c, "alpha", 30001), {})
        equal("not even that there is one", c.root("alpha", "stat -c %a " + DB).strip(), "600")
        s.line("exit")
        s.finish()


def it_goes_along(c):
    """Over three hops: each node that it comes to hears of it, once, and a new shell there knows it."""
    with Session(c) as s:
        s.line("gzip -9 </dev/null >/dev/null; false")
        s.prompt()
        s.move("beta")
        s.run("xz </dev/null >/dev/null", "beta")
        s.move("gamma")
        s.move("home")
        shown = s.run("history -u")[0]
        true("it is all there: %r" % shown, re.search(r"alpha +gzip -9 ; false", shown) and re.search(r"beta +xz", shown))
        for node in ("alpha", "beta", "gamma"):
            equal("%s has heard of it once" % node, knows(c, node, "gzip -9 ; false")["runs"], 1)
        s.line("exit")
        s.finish()
    with Session(c, "gamma") as s:
        shown = s.run("history -u gzip", "gamma")[0]
        true("a new shell there: %r" % shown, re.search(r"alpha +gzip -9 ; false", shown))
        s.run("history -c", "gamma")
        true("forgotten", "gzip" not in s.run("history -u gzip", "gamma")[0])
        s.line("exit")
        s.finish()


def times(s, n=8):
    """How long prompts take, in ms, the median."""
    took = []
    for _ in range(n):
        began = time.monotonic()
        s.line("true")
        s.prompt()
        took.append((time.monotonic() - began) * 1000)
    return sorted(took)[n // 2]


def nothing_stands_in_the_way(c):
    """A database that is locked, damaged, or cannot be written; a mishd that is stopped or gone: no prompt waits, nothing is said, and it goes on afterwards."""
    with Session(c) as s:
        usual = times(s)
        knows(c, "alpha", "true")
        lock = subprocess.Popen([TOOL, "-p", c.prefix, "exec", "alpha", "python3", "-c", "import sqlite3, time; d = sqlite3.connect(%r); d.execute('BEGIN EXCLUSIVE'); print('locked', flush=True); time.sleep(60)" % DB],
                                stdout=subprocess.PIPE, env=c.env)
        equal("it is locked", lock.stdout.readline(), b"locked\n")
        true("locked: %.1f ms, and %.1f" % (times(s), usual), times(s) < usual + 5 * PATIENCE)
        true("mishd is there", "pid" in c.root("alpha", "mishctl status"))
        c.root("alpha", "pkill -KILL -f '[i]mport sqlite3'")
        lock.wait()
        c.root("alpha", "head -c 60000 /dev/urandom | dd of=%s conv=notrunc status=none; chown _mishd %s" % (DB, DB))
        for i in range(3):
            s.line("env sleep 0.2")
            s.prompt()
        wait_until("it has begun anew", lambda: "env sleep" in c.as_user("alpha", "mishctl usage || :") or (s.run("env sleep 0.2") and False), 100)
        c.root("alpha", "pkill -STOP -x mishd")
        true("stopped: %.1f ms" % times(s), times(s) < usual + 5 * PATIENCE)
        c.root("alpha", "pkill -CONT -x mishd")
        knows(c, "alpha", "env sleep")
        s.settle()
        true("nothing was said: %r" % s.log[-300:], b"mish: " not in s.log)
        s.line("exit")
        s.finish()


def histories_say_nothing_of_what_was_run(c):
    """Only of those who permit it; no argument, name, user or node is in it, and what is the same stays the same; for root only."""
    with Session(c) as s:
        s.line("gzip -9 --secret-option /nowhere/hidden-file 2>/dev/null")
        s.prompt()
        s.run("set -o publichistory")
        for _ in range(3):
            s.line("gzip -9 </dev/null >/dev/null")
            s.prompt()
        s.line("xz --stdout hidden-argument 2>/dev/null")
        s.prompt()
        knows(c, "alpha", "xz --stdout")
        wait_until("it is written", lambda: len(export(c, "alpha")) >= 4, 15)
        rows = export(c, "alpha")
        gzips = [r for r in rows if [x[0] for x in rows].count(r[0]) == 3]
        equal("those of a kind, with the same arguments: %r" % rows, [len(gzips), len({tuple(r[:3]) for r in gzips})], [3, 1])
        true("times and resources: %r" % rows, all(len(r) == 12 and float(r[4]) >= 0 and (int(r[5]) > 0 or r not in gzips) and abs(float(r[7]) - time.time()) < 600 for r in rows))
        equal("those before it was permitted are not there", len([r for r in rows if r[11] == "1"]), 1)
        text = c.root("alpha", "mishctl histories export")
        for word in ("gzip", "xz", "hidden", "secret", "nowhere", "mia", "alpha", "30000"):
            true("nothing of `%s': %s" % (word, text), word not in text)
        known = {str(r["args"]) for r in json.loads(c.as_user("alpha", "mishctl --json records"))}
        true("nor the hashes that a user could try", not known & {x for r in rows for x in r[1:3]})
        refused = c.as_user("alpha", "mishctl histories export 2>&1 || echo status $?")
        true("not for users: " + refused, "for root" in refused and "status 1" in refused)
        equal("the salt is root's", c.root("alpha", "stat -c '%a %s' " + DB + ".salt").strip(), "600 32")
        other = {r[0] for r in export(c, "beta")}
        s.move("beta")
        wait_until("beta has them", lambda: len(export(c, "beta")) >= 4, 15)
        true("another salt, other names", not {r[0] for r in rows} & ({r[0] for r in export(c, "beta")} - other))
        s.line("exit")
        s.finish()


def export(c, node):
    return [line.split() for line in c.root(node, "mishctl histories export").splitlines()]


if __name__ == "__main__":
    main([it_is_recorded, it_goes_along, histories_say_nothing_of_what_was_run, nothing_stands_in_the_way], nodes=3)
