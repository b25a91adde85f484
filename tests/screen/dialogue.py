"""The dialogues' files: what is typed, and what the whole screen is then.

A dialogue:
    ### its name
    % size 8 40            (rows, columns), env NAME=VALUE, unset NAME, rc LINE, history LINE, file NAME TEXT, program NAME TEXT,
                           args …, styles, needs FILE (left out where this machine has none), unmoved WHY: it is not the same in a session that moves,
                           told: instead of the screen, what the terminal is told besides (OSC), and bells; such are unmoved, too
    > keys                 as terminal.py has them; the screen comes to rest after each such line
    | a row of the screen  blank ones at the end are left out
    @ 0 2                  the cursor
"""

import os
import re

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "dialogues")


def files():
    return sorted(os.path.join(HERE, f) for f in os.listdir(HERE) if f.endswith(".t"))


def parse(path):
    """A file as blocks: lists of lines, of which the first is the name."""
    blocks = [[]]
    for line in open(path, encoding="utf-8"):
        if line.startswith("### "):
            blocks.append([])
        blocks[-1].append(line.rstrip("\n"))
    return blocks


def prepare(home, block):
    """The files, environment and arguments that a dialogue asks for."""
    d = {"env": {"TERM": "xterm", "HOME": home, "PS1": "$ ", "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "USER": "mia",
                 "EDITOR": "false", "MISH_BASH_COMPLETION": ""},  # what this machine has is no matter
         "size": (8, 40), "args": [], "styles": False, "told": False, "unmoved": None}
    open(home + "/.mish_history", "a").close()  # nobody is new here
    open(home + "/.mishrc", "a").write("shopt -u suggestcompletion\n")  # but where that is asked for
    for line in block:
        if not line.startswith("% "):
            continue
        word, _, rest = line[2:].partition(" ")
        if word == "size":
            d["size"] = tuple(int(n) for n in rest.split())
        elif word == "env":
            name, _, value = rest.partition("=")
            d["env"][name] = value.replace("$HOME", home)
        elif word == "unset":
            d["env"].pop(rest)
        elif word == "rc":
            open(home + "/.mishrc", "a").write(rest + "\n")
        elif word == "history":
            open(home + "/.mish_history", "a").write(rest + "\n")
        elif word in ("file", "program"):
            name, _, text = rest.partition(" ")
            path = home + "/" + name.replace("\\s", " ")
            os.makedirs(os.path.dirname(path), exist_ok=True)
            open(path, "w").write(text.replace("\\n", "\n"))
            os.chmod(path, 0o755 if word == "program" else 0o644)
        elif word == "args":
            d["args"] = rest.split()
        elif word == "unmoved":
            d["unmoved"] = rest
        elif word == "needs":
            pass  # see missing()
        elif word in ("styles", "told"):
            d[word] = True
        else:
            raise ValueError("no setting: " + line)
    return d


def missing(block):
    """The file that a dialogue needs and this machine has not, or None."""
    return next((l[8:] for l in block if l.startswith("% needs ") and not os.path.exists(l[8:])), None)


def shown(rows, at, home):
    """A screen as lines of the file."""
    rows = [re.sub(r"^(\[\d+\]) \d+$", r"\1 PID", r.replace(home, "HOME")) for r in rows]
    rows = [re.sub(r"\b(?:1[0-2]|[1-9]):[0-5]\d((?::[0-5]\d)?)[ap]m\b", lambda m: "H:MM:SS" if m[1] else "H:MM", r) for r in rows]
    while rows and not rows[-1]:
        rows.pop()
    return [("| " + r).rstrip() for r in rows] + ["@ %d %d" % at]


def told(log, home):
    """What a terminal was told, as lines of the file."""
    host = os.uname().nodename.split(".")[0]
    out = []
    for osc in re.findall(rb"\033\]([^\a\033]*)(?:\a|\033\\)|\a", bytes(log)):
        text = re.sub(r"(@|file://)%s(?=[:/])" % re.escape(host), r"\1HOST", osc.decode("utf-8", "replace"))
        out.append("| " + (text.replace(home, "HOME") or "bell"))
    return out


def wanted(block):
    return [l.rstrip() for l in block if l[:1] in "|@" and l]
