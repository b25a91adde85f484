#!/usr/bin/env python3
"""Which part uses which: the arrows of doc/architecture.md, from the includes of the sources
and from the calls that their object files make. A new arrow fails here."""

import collections
import os
import re
import subprocess
import sys

SRC = os.environ.get("MISH_SRCDIR", ".")
BUILD = os.environ.get("MISH_BUILDDIR", SRC)

# part: the parts it may use besides itself; the longest name that a path begins with counts
PARTS = {
    "wire": [],
    "rendezvous": ["wire"],
    "migrate": ["wire", "rendezvous", "shell/shell"],  # a state is a shell's: sections get one
    "session": ["wire", "migrate"],
    "pty": ["wire", "rendezvous", "migrate", "session"],
    "controller": ["wire", "rendezvous"],
    "shell/parser": ["shell/shell", "migrate"],
    "shell/shell": ["wire", "shell/parser"],
    "shell/expand": ["wire", "shell/shell", "shell/parser", "migrate"],
    "shell/jobs": ["wire", "shell/shell", "shell/parser", "shell/expand", "migrate"],
    "shell/exec": ["wire", "shell/shell", "shell/parser", "shell/expand", "shell/jobs", "migrate"],
    "shell/move": ["wire", "rendezvous", "migrate", "shell/shell", "shell/parser", "shell/expand", "shell/jobs",
                   "shell/exec"],
    "shell/builtin": ["wire", "migrate", "shell/shell", "shell/parser", "shell/expand", "shell/jobs", "shell/exec",
                      "shell/move"],
    "shell/interact": ["wire", "migrate", "shell/shell", "shell/parser", "shell/expand", "shell/jobs", "shell/exec",
                       "shell/move", "shell/builtin"],
    "shell": ["wire", "rendezvous", "migrate", "shell/shell", "shell/parser", "shell/expand", "shell/jobs",
              "shell/exec", "shell/move", "shell/builtin", "shell/interact"],  # main, shell_init, sections
}
CIRCLE_MAX = 5  # the evaluator's own recursion: exec, simple, pipeline, pure, trap
FILES_MAX, FIELDS_MAX = 600, 35

failed = False


def result(ok, name, lines=()):
    global failed
    print("%s %s" % ("ok" if ok else "not ok", name))
    for line in lines:
        print("# " + line)
    failed |= not ok


def part(name):
    best = ""
    for p in PARTS:
        if name == p or name.startswith(p + "/") or (p == "shell/shell" and name == p):
            best = max(best, p, key=len)
    return best


def sources():
    for top in sorted({p.split("/")[0] for p in PARTS}):
        for base, _, files in os.walk(os.path.join(SRC, top)):
            for f in sorted(files):
                if f.endswith((".c", ".h")):
                    yield os.path.relpath(os.path.join(base, f), SRC)


def includes():
    for path in sources():
        with open(os.path.join(SRC, path), encoding="utf-8") as f:
            for name in re.findall(r'^#include "(.*)\.h"', f.read(), re.M):
                yield path[:-2], name


def calls():
    """(user, used, symbol) by what the object files define and want."""
    defined, wanted = collections.defaultdict(set), {}
    for base, _, files in os.walk(BUILD):
        top = os.path.relpath(base, BUILD).split("/")[0]
        for f in files:
            if not f.endswith(".o") or top not in {p.split("/")[0] for p in PARTS}:
                continue
            name = os.path.join(os.path.relpath(base, BUILD), f[:-2].split("-")[-1])
            if not os.path.exists(os.path.join(SRC, name + ".c")):
                continue  # of a build before
            out = subprocess.run(["nm", os.path.join(base, f)], capture_output=True, text=True, check=True).stdout
            wanted.setdefault(name, set())
            for line in out.splitlines():
                word = line.split()
                if len(word) == 2 and word[0] == "U":
                    wanted[name].add(word[1])
                elif len(word) == 3 and word[1] in "TDBRVWC":
                    defined[word[2]].add(name)
    for user, symbols in wanted.items():
        for s in symbols:
            homes = defined.get(s, set())
            if homes and user not in homes and s != "main":
                near = [h for h in homes if h.split("/")[0] == user.split("/")[0]]
                for used in (near or sorted(homes))[:1]:
                    yield user, used, s


def circles(arrows):
    """Strongly connected files (Tarjan, without recursion)."""
    graph = collections.defaultdict(set)
    for a, b in arrows:
        if a != b:
            graph[a].add(b)
    index, low, stack, on, found, n = {}, {}, [], set(), [], 0
    for root in list(graph):
        work = [(root, iter(sorted(graph[root])))] if root not in index else []
        if work:
            index[root] = low[root] = n = n + 1
            stack.append(root)
            on.add(root)
        while work:
            v, it = work[-1]
            for w in it:
                if w not in index:
                    index[w] = low[w] = n = n + 1
                    stack.append(w)
                    on.add(w)
                    work.append((w, iter(sorted(graph[w]))))
                    break
                if w in on:
                    low[v] = min(low[v], index[w])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[v])
                if low[v] == index[v]:
                    c = []
                    while not c or c[-1] != v:
                        c.append(stack.pop())
                        on.discard(c[-1])
                    if len(c) > 1:
                        found.append(sorted(c))
    return found


def allowed(user, used):
    a, b = part(user), part(used)
    return a == b or b in PARTS[a]


inc = list(includes())
call = list(calls())
result(len(inc) > 300 and len(call) > 300, "the sources and the object files were read",
       ["%d includes, %d calls" % (len(inc), len(call))])
wrong = sorted({"%s includes %s" % x for x in inc if part(x[1]) and not allowed(*x)})
result(not wrong, "includes run along the arrows", wrong)
wrong = sorted({"%s calls %s (%s)" % x for x in call if not allowed(x[0], x[1])})
result(not wrong, "calls run along the arrows", wrong)
big = [c for c in circles([(a, b) for a, b, _ in call]) if len(c) > CIRCLE_MAX]
result(not big, "no circle of calls has more than %d files" % CIRCLE_MAX, [" ".join(c) for c in big])

long_files = []
for path in sources():
    with open(os.path.join(SRC, path), encoding="utf-8") as f:
        n = sum(1 for _ in f)
    if n > FILES_MAX:
        long_files.append("%s: %d lines" % (path, n))
result(not long_files, "no source has more than %d lines" % FILES_MAX, long_files)

with open(os.path.join(SRC, "shell/shell.h"), encoding="utf-8") as f:
    body = re.search(r"^struct shell \{\n(.*?)^\};", f.read(), re.M | re.S).group(1)
fields = [l for l in body.splitlines() if ";" in re.sub(r"/\*.*?\*/", "", l)]
result(len(fields) <= FIELDS_MAX, "struct shell has at most %d fields" % FIELDS_MAX, ["%d" % len(fields)])
unmarked = [l.strip() for l in fields if not re.search("travels|rebuilt|stays", l)]
result(not unmarked, "every field of struct shell says what a move does to it", unmarked)

# a state is said by an enum, in a core without I/O
io = []
for path in sources():
    if path.startswith("session/") and path.endswith(".c"):
        with open(os.path.join(SRC, path), encoding="utf-8") as f:
            io += ["%s: %s" % (path, h) for h in re.findall(r"#include <((?:unistd|poll|fcntl|time|sys/(?!wait|types)\w+)\.h)>",
                                                           f.read())]
result(not io, "session/ does no I/O and reads no clock", io)
sys.exit(1 if failed else 0)
