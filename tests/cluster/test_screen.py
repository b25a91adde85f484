#!/usr/bin/env python3
"""Full-screen programs in a moved session show what they show locally (libvterm)."""

import json
import time

from mishtest import *


def screens(c, node, commands, expected=None):
    """The screens after each step, in a session on alpha that moved to `node`."""
    seen = []
    with Session(c) as s:
        if node != "alpha":
            s.move(node)
        s.line("PS1='$ '; cd; clear")
        s.settle()
        s.log = b""
        s.mark = 0
        for step in commands:
            if callable(step):
                step(s)
            else:
                s.send(step)
            s.settle(0.3 if expected else 0.8)
            end = time.monotonic() + 8 * PATIENCE
            while expected and s.screen() != expected[len(seen)] and time.monotonic() < end:
                s.settle(0.3)  # it is late, or it is wrong
            seen.append(s.screen())
    return seen


def same_as_locally(c, commands):
    here = screens(c, "alpha", commands)
    for node in ("beta", "gamma"):
        there = screens(c, node, commands, here)
        for i, (a, b) in enumerate(zip(here, there)):
            equal("screen %d on %s" % (i, node), b, a)
    return here


def prepare(c):
    c.write("text", "".join("line %d %s\n" % (i, "x" * (i % 70)) for i in range(200)))


def vi(c):
    prepare(c)
    seen = same_as_locally(c, ["vi -u NONE text\r", "20G", "ihello \033", "/line 150\r", ":set nu\r",
                               ":q!\r"])
    true("vi shows the text", "hello line 19" in seen[2])


def less(c):
    prepare(c)
    seen = same_as_locally(c, ["less text\r", " ", "/line 99\r", "G", "q"])
    true("less shows the text", "line 99" in seen[2])


def resize(c):
    prepare(c)
    seen = same_as_locally(c, ["vi -u NONE text\r", lambda s: s.resize(15, 60), "10G",
                               lambda s: s.resize(30, 90), ":q!\r"])
    true("the larger screen is used", seen[3].count("line ") > 25)


def tmux(c):
    c.write("tmux.conf", "set -g status off\n")  # it would show the host
    seen = same_as_locally(c, ["tmux -f tmux.conf new -s t 'sh -i'\r", "PS1='$ '; clear\r",
                               "echo in''side\r", "exit\r", "\r"])
    true("tmux shows the shell", "inside" in seen[2])


def stopping_what_only_begins(c):
    """^Z may find a command between fork and exec."""
    with Session(c) as s:
        for i in range(12):
            s.line("while :; do ls -d / | cat >/dev/null; /bin/true; done")
            s.settle(0.1 + i * 0.013)
            s.send("\x1a")
            s.settle(0.05)
            mark = len(s.log)
            for _ in range(40):
                s.send("\x03")
                s.settle(0.1)
                if s.log[mark:].rstrip().endswith(b">"):
                    break
            s.line("kill -9 $(jobs -p) 2>/dev/null; wait; echo here''%d" % i)
            s.expect("here%d\r\n" % i, 10)
            s.prompt()


def completion_by_functions(c):
    """What complete registered is asked at Tab: words, functions, one that registers another, and one that removes itself."""
    with Session(c) as s:
        s.run("complete -W 'apple banana' words; by() { COMPREPLY=($(compgen -W 'red green' -- $2)); }; complete -F by color")
        s.run("late() { complete -W 'later' $1; return 124; }; complete -D -F late; "
              "gone() { complete -r $1; COMPREPLY=(was-here); }; complete -F gone -S ! once; "
              "nosp() { compopt -o nospace; COMPREPLY=(x=); }; complete -F nosp opt")
        for typed, line in (("words b", "words banana "), ("color g", "color green "), ("anything l", "anything later "),
                            ("once ", "once was-here! "), ("opt ", "opt x=")):
            s.send(typed + "\t")
            s.settle(0.3)
            s.send("|\x01echo '\x05'\r")
            s.expect(re.escape("\n" + line + "|\r\n"))
            s.prompt()
        s.move("beta")
        s.send("words a\t")
        s.settle(0.3)
        s.send("|\x01echo '\x05'\r")
        s.expect(re.escape("\nwords apple |\r\n"))
        s.prompt("beta")
        equal("it is gone", s.run("complete -p once", "beta")[1], 1)


def jobs_by_number(c):
    """^Z ends the loops that the command is in, as in bash; `%1` is `fg %1`, and `%1 &` is `bg %1`."""
    loops = ("for i in 1 2 3; do echo it''$i; sleep 30; done", "while echo it''1; sleep 30; do :; done",
             "for i in 1 2; do for ((k = 1; k < 3; k++)); do echo it''$k; sleep 30; done; done")
    with Session(c) as s:
        for loop in loops:
            s.line(loop + "; echo after''=$?")
            s.expect("it1\r\n")
            s.settle(0.2)
            s.send("\x1a")
            m = s.expect("(.*)after=(?:148|0)\r\n")
            true("the loop ended: " + loop, b"it" not in m.group(1))
            s.prompt()
            s.line("%1 &")
            s.expect(r"\[1\] sleep 30\r\n")
            s.prompt()
            true("it runs: " + loop, "Running" in s.run("jobs")[0])
            for name in ("%1", "%", "%sl", "%?eep"):
                s.line(name)
                s.expect("sleep 30\r\n")
                s.settle(0.2)
                s.send("\x1a")
                s.expect("Stopped")
                s.prompt()
            s.line("kill -9 %1; %1")
            s.prompt()
        true("no such job", "no such job" in s.run("%7")[0])


def output_without_a_newline_stays(c):
    """Before a move, and after one, with the mark that says that it has none."""
    with Session(c) as s:
        s.line("clear; printf abc; smigrate beta")
        s.prompt("beta")
        s.line("printf def; smigrate home")
        s.prompt("alpha")
        s.settle()
        rows = s.screen().split("\n")
        equal("rows", [r for r in rows if r][:4],
              ["abc⏎", "[beta]> printf def; smigrate home", "def⏎", "[alpha]>"])


def what_is_typed_while_the_prompt_s_commands_run(c):
    """It is seen in the line and nowhere else, in whichever of them a key comes, when the shell has just moved."""
    slow = "sleep 0.5; (sleep 0.1); true | sleep 0.1"
    for prompt in ("PROMPT_COMMAND='%s'" % slow, "precmd() { %s; }" % slow, "PS1='$(%s)[$MISH_NODE]> '" % slow):
        with Session(c) as s:
            s.line("clear; %s" % prompt)
            s.expect(r"\[alpha\]> ")
            s.settle(0.2)
            s.send("echo ")
            s.settle(0.2)
            session = json.loads(c.root("alpha", "mishctl --json sessions"))[0]["session"]
            c.root("alpha", "mishctl move %s beta" % session)
            s.expect(r"\x1b\[\?2004l")  # it is on its way
            for key in "abcdefghijklmnopqrstuvwxyz":
                s.send(key)
                s.pump(0.05)
            s.expect(r"\[beta\]> ")
            s.settle(1.5)
            rows = [r for r in s.screen().split("\n") if r][:-1]
            equal("the line, with " + prompt, rows[-1], "[beta]> echo abcdefghijklmnopqrstuvwxyz")
            true("once, with %s: %r" % (prompt, rows), sum("xyz" in r or "⏎" in r for r in rows) == 1)


if __name__ == "__main__":
    main([vi, less, resize, tmux, stopping_what_only_begins, completion_by_functions, jobs_by_number, output_without_a_newline_stays,
          what_is_typed_while_the_prompt_s_commands_run],
         tag="s")
