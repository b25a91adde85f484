#!/usr/bin/env python3
"""`@node command`: the same as a subshell here, but there."""

import os
import re
import time

from mishtest import *
from sshsite import server

# What a subshell sees of its shell; each is run as ( … ) and as @beta { … }.
FACTS = r"""
x=5; echo $x
export e=6; sh -c 'echo $e'
x=5; x=6; echo $x
unset nope; echo ${nope-unset}
readonly r=7; r=8; echo $r
a=(1 2 "3 4"); echo ${#a[@]} "${a[2]}"
declare -A m; m[k]=v; echo ${m[k]}
declare -i n; n=2+3; echo $n
declare -u u; u=abc; echo $u
f() { echo f$1; }; f 9
f() { local v=1; echo $v; }; f; echo ${v-none}
alias al='echo alias'; eval al
cd /tmp; pwd
umask 027; umask
ulimit -n 200; ulimit -n
set -- p q r; echo $# $2
set -o noglob; echo *
set -u; echo $-
set -f; case $- in *f*) echo f;; esac
(exit 3); echo $?
true; echo $?
trap 'echo t' EXIT; echo a
trap 'echo usr' USR1; kill -USR1 $BASHPID; echo b
trap '' USR2; kill -USR2 $BASHPID; echo c
echo ${BASHPID:+pid}
[ $BASHPID != $$ ] && echo differs
shopt -s extglob nullglob; echo /nosuch*
IFS=:; set -- a:b; v=$1; echo $v
IFS=,; echo "$*"
echo ${PIPESTATUS[*]}
false | true; echo ${PIPESTATUS[*]}
printf '%s\n' "$@"
let y=4; echo $y
echo $((0x10 + 010))
exit 4
false
return 3 2>/dev/null; echo $?
: ${q:=dflt}; echo $q
read v <<<line; echo $v
cat <<EOF
here $x
EOF
for i in 1 2 3; do echo $i; [ $i = 2 ] && break; done
while read l; do echo "<$l>"; done <<<"$(printf 'a\nb')"
case abc in a*) echo yes;; esac
[[ abc =~ b ]] && echo $BASH_REMATCH
select_=1; echo $select_
echo a | tr a b
echo one; echo two >&2
echo "$(echo nested $(echo deep))"
echo $LINENO | grep -c .
time true 2>/dev/null; echo timed
{ echo brace; }
(echo sub; exit 2); echo $?
sh -c 'exit 7'
sh -c 'kill -TERM $$'
nosuchcommand_ 2>/dev/null; echo $?
echo ~ | grep -c home
echo $HOME
echo $0 | grep -c .
printf 'a\0b' | od -c | head -1
set -e; false; echo not here
test -t 1 || echo no terminal
echo ${MISH_NODE-} | grep -c .
hash -r; echo hashed
nice 2>/dev/null || echo none
command -v f || echo no f
set -o pipefail; false | true; echo $?
exec 5>/dev/null; echo five >&5; echo done
eval 'echo ev'
. /dev/stdin <<<'echo sourced'
"""


def facts():
    lines, row = FACTS.strip("\n").split("\n"), []
    for line in lines:
        row.append(line)
        if not row[0].startswith("cat <<") or line == "EOF":
            yield "\n".join(row)
            row = []


def a_subshell_and_a_placed_command_see_the_same(c):
    """Before it, the shell has something of everything."""
    before = "x=5 e=1; a=(x y); f() { echo old$1; }; alias al='echo old'; set -- one 'two  words'; set -o remote\n"
    wrong = []
    for n, fact in enumerate(facts()):
        c.write("fact.sh", before + "( %s\n)\necho \"status $?\"\n" % fact)
        here = c.as_user("alpha", "mish fact.sh 2>&1; true")
        c.write("fact.sh", before + "@beta { %s\n}\necho \"status $?\"\n" % fact)
        there = c.as_user("alpha", "mish fact.sh 2>&1; true")
        here, there = (re.sub(r"\d+m\d\.\d+s", "TIME", text) for text in (here, there))
        if here != there:
            wrong.append("%s\n here:  %r\n there: %r" % (fact, here, there))
    true("%d facts, of which differ:\n%s" % (n + 1, "\n".join(wrong)), n >= 60 and not wrong)


def bytes_are_carried(c):
    c.root("alpha", "head -c 3000001 /dev/urandom >/home/mia/big; chown 20077 /home/mia/big")
    true("through three nodes", "same" in c.as_user("alpha", "mish -c 'set -o remote\n"
         "cat big | @beta cat | @gamma cat | cmp - big && echo same'"))
    c.root("alpha", "{ seq 2500000; head -c 20000000 /dev/urandom; seq 1500000; } >/home/mia/mixed; chown 20077 /home/mia/mixed")
    true("what packs and what does not", "same" in c.as_user("alpha", "mish -c 'set -o remote\n"
         "cat mixed | @beta cat | @gamma cat | cmp - mixed && echo same'"))
    out = c.as_user("alpha", "mish -c 'set -o remote; n=0\ntime @beta { while [ $((n+=1)) -lt 300000 ]; do :; done; }\n@beta { while [ $((n+=1)) -lt 300000 ]; do :; done; } & wait; times' 2>&1")
    true("its CPU is counted: " + out, all(float(x) > 0.05 for x in re.findall(r"user\s+0m([\d.]+)s|\n0m([\d.]+)s 0m[\d.]+s\n$", out)[0][:1]))
    true("… by times, for both: " + out, float(re.search(r"\n0m([\d.]+)s 0m[\d.]+s\n$", out).group(1)) > 0.1)
    equal("standard error is apart", c.as_user("alpha", "mish -c 'set -o remote\n@beta { echo out; echo err >&2; } 2>err; cat err' "), "out\nerr\n")
    equal("nobody reads", c.as_user("alpha", "mish -c 'set -o remote\n@beta yes | head -1; wait' ; pgrep -x yes || echo gone"), "y\ngone\n")
    equal("its end is told", c.as_user("alpha", "mish -c 'set -o remote\n@beta { echo a; exec >&-; sleep 2; echo b >&2; } 2>late | { cat; echo end; }'"), "a\nend\n")
    equal("closed is closed", c.as_user("alpha", "mish -c 'set -o remote\n@beta { cat 2>/dev/null || echo none; } <&-'"), "none\n")


def a_slow_network_gets_it_packed(c):
    """… both ways, but not what would not become smaller."""
    def received(node):
        return json.loads(c.root(node, "ip -s -j link show eth0"))[0]["stats64"]["rx"]["bytes"]

    def rate(limit):
        for node in ("alpha", "beta"):
            c.root(node, "tc qdisc replace dev eth0 root tbf rate %s burst 256kb latency 50ms" % limit)

    def see():
        for at, what in (("alpha", "@beta cat %s | cmp - %s"), ("beta", "cat %s | @beta cat >copied; cmp %s copied")):
            for name, packs in (("text", True), ("noise", False)):
                before = received(at)
                equal("it is the same", c.as_user("alpha", "mish -c 'set -o remote\n%s && echo same'" % (what % (name, name))), "same\n")
                n = received(at) - before
                true("%s to %s in %d bytes" % (name, at, n), 15000000 < n < 45000000 if packs else n > 19000000)

    c.root("alpha", "seq 8000000 >/home/mia/text; head -c 20000000 /dev/urandom >/home/mia/noise; chown 20077 /home/mia/*")
    rate("60mbit")  # however busy the processors are
    try:
        see()
    finally:
        for node in ("alpha", "beta"):
            c.root(node, "tc qdisc del dev eth0 root")


# What a command does not read stays for whoever reads next, and its other descriptors are the shell's; each with SUB as nothing and as @beta.
INPUTS = r"""
seq 5 | while read n; do SUB { echo got $n; }; done
seq 5 >list; while read n; do SUB { echo got $n; }; done <list
seq 5 >list; { SUB { read a; read b; echo $a-$b; }; cat; } <list
seq 5 | { SUB { read a; read b; echo $a-$b; }; cat; }
seq 3 | { SUB { true; }; SUB { read a; echo $a; }; SUB { cat; }; echo end; }
echo x | { SUB { exec <&-; true; }; cat; }
(sleep 0.2; echo late; sleep 0.2; echo later) | SUB { cat; }
(sleep 0.2; echo late; sleep 0.2; echo later) | { SUB { read a; echo $a; }; cat; }
: | SUB { cat; }; echo done
yes | { SUB { true; }; echo done; }
yes | SUB { head -1; }
seq 300000 | SUB { cat; } | cksum
seq 300000 | { SUB { read a; echo $a; }; cat; } | cksum
seq 300000 >list; { SUB { read a; echo $a; }; cat; } <list | cksum
seq 300000 >list; { SUB { head -c 200000; }; cat; } <list | cksum
seq 9 >list; { SUB { cat; }; cat; echo end; } <list
echo a >list; { SUB { read x; echo $x; read y || echo end; }; echo b >>list; cat; } <list
seq 3 >list; exec 3<list; SUB { read x <&3; echo $x; }; read y <&3; echo $y
seq 3 | { exec 3<&0; SUB { read x <&3; echo $x; }; read y; echo $y; }
exec 4>log; SUB { echo one >&4; }; echo two >&4; cat log
exec 3>&1; SUB { echo out >&3; } >/dev/null
exec 3>&1 4>&2; SUB { echo a >&3; echo b >&4; echo c >&9; } 2>/dev/null 9>log; cat log
echo y >list; exec 5>log 6<list; SUB { echo x >&5; exec 5>&-; read v <&6; echo $v; }; cat log
SUB { echo x >&7; } 2>/dev/null || echo closed
SUB { echo x >&3; cat <&4; } 3>log 4<<<here; cat log
mkfifo p; (cat <p; echo end) & exec 8>p; SUB { echo through >&8; }; exec 8>&-; wait; rm p
exec 3</dev/null; SUB { cat <&3; echo none; }
seq 50000 >list; { exec 3<&0; SUB { cat; } | cksum; } <list
seq 5 >list; { exec 3<&0; SUB { cat; }; echo rest; cat; } <list
seq 3 | { exec 3<&0; SUB { read a; read b <&3; echo $a$b; }; cat; }
seq 6 >list; while read f <&3; do SUB { sleep 0.2; } & echo -n "$f "; done 3<list; wait
exec 3>&1; SUB { for i in 1 2 3; do echo a$i; echo b$i >&3; done; }
exec 9>lock; SUB { sleep 4 >/dev/null 2>&1 </dev/null & }; echo $((SECONDS < 3))
seq 3000 | { SUB { head -c 4096 >/dev/null; }; wc -c; }
"""


def a_file_of_both_nodes_is_opened_there(c):
    """By its path, if it is the same; what only looks so is carried."""
    run = lambda text: c.as_user("alpha", "cd; mish -c 'set -o remote\n%s' 2>&1" % text)
    where = "@beta { readlink /proc/self/fd/0; exec 8>&1; readlink /proc/$BASHPID/fd/8 >&2; }"
    c.write("in", "1\n2\n3\n")
    equal("both", run(where + " <in >log").split(), ["/home/mia/log"])
    equal("… and it is in it", run("cat log"), "/home/mia/in\n")
    equal("where it came to", run("{ @beta { read a; echo $a; }; cat; } <in"), "1\n2\n3\n")
    equal("… from", run("{ read a; @beta { read a; echo $a; readlink /proc/self/fd/0; }; cat; } <in"), "2\n/home/mia/in\n3\n")
    equal("what it wrote", run("@beta { echo out; echo err >&2; } >log 2>&1; cat log; @beta { echo short; } >log; cat log"), "out\nerr\nshort\n")
    equal("a high one", run("@beta { readlink /proc/self/fd/7; } 7<in"), "/home/mia/in\n")
    carried = lambda text: true(text + ": " + run(text), "pipe:" in run(text))
    carried("@beta { exec 8>&1; readlink /proc/$BASHPID/fd/8 >&2; } >>log")
    carried("exec 5>log; @beta { readlink /proc/self/fd/5; }")  # whose offset the shell has
    equal("another that is the same", run("@beta { echo a; echo b >&3; exec 8>&3; readlink /proc/$BASHPID/fd/8; } >log 3>&1; cat log"), "a\nb\n/home/mia/log\n")
    carried("{ @beta { exec 8>&1; readlink /proc/$BASHPID/fd/8 >&2; }; } >log")
    equal("together", run("{ @beta echo a & @gamma echo b & wait; echo c; } >log; sort log"), "a\nb\nc\n")
    for node, text in (("alpha", "here"), ("beta", "there")):
        c.root(node, "mkdir -p /run/own; chown 20077 /run/own; echo %s >/run/own/file; chown 20077 /run/own/file" % text)
    true("another file of that path", re.match(r"pipe:.*\nhere\n$", run("@beta { readlink /proc/self/fd/0; cat; } </run/own/file")))
    equal("… and to write", run("@beta { echo new; } >/run/own/file; cat /run/own/file"), "new\n")
    equal("… which is as it was", c.root("beta", "cat /run/own/file"), "there\n")
    equal("a name with an end of a line", run("echo odd >\"a\nb\"; @beta { cat; readlink /proc/self/fd/0; } <\"a\nb\"; rm \"a\nb\""), "odd\n/home/mia/a\nb\n")
    equal("a deleted one", run("echo x >gone; exec 3<gone; rm gone; @beta { cat <&3; }"), "x\n")


def what_is_not_read_stays(c):
    wrong = []
    for row in INPUTS.strip("\n").split("\n"):
        both = []
        for how in ("", "@beta"):
            c.write("input.sh", "set -o remote\n" + re.sub(r"SUB (\{[^{}]*\})", how + r" \1" if how else r"( \1 )", row))
            both.append(c.as_user("alpha", "timeout -s KILL 20 mish input.sh 2>&1; echo $?"))
        if both[0] != both[1]:
            wrong.append("%s\n here:  %r\n there: %r" % (row, both[0], both[1]))
    true("what differs:\n%s" % "\n".join(wrong), not wrong)


def a_link_that_looks_late(c):
    """All that its peer says may come at once; whenever it was stopped."""
    c.write("late.sh", """set -o remote
@beta true
mkfifo never; exec 9<>never
for i in $(seq 48); do
	@beta echo out$i &
	printf -v moment 0.%04d $(( i * 3 ))
	read -t $moment -u 9
	kill -STOP $!; read -t 0.1 -u 9; kill -CONT $!
	wait
done 2>/dev/null
rm never
""")
    equal("each says its line", c.as_user("alpha", "timeout -s KILL 60 mish late.sh"), "".join("out%d\n" % (i + 1) for i in range(48)))


def a_connection_is_shared(c):
    """The first makes it; the others have it, as many at once as the server lets in, and what it cannot give they get themselves."""
    logins = lambda: int(c.root("beta", "pgrep -c -x -f 'sshd: mia@notty'").strip())
    run = lambda text: c.as_user("alpha", "mish -c 'set -o remote\n%s' 2>&1" % text)
    c.root("alpha", "pkill -x mish-mux || :")
    wait_until("none keeps one", lambda: c.root("alpha", "pgrep -x mish-mux || echo none") == "none\n", 10)
    equal("all answer", run("for i in 1 2 3 4 5 6; do @beta echo $i & done | sort; wait; @beta echo last"), "1\n2\n3\n4\n5\n6\nlast\n")
    keepers = c.root("alpha", "pgrep -x mish-mux").split()
    equal("who keeps it", len(keepers), 1)
    equal("another shell", run("@beta echo x"), "x\n")
    equal("the same keeper", c.root("alpha", "pgrep -x mish-mux").split(), keepers)
    equal("one login", logins(), 1)
    equal("more than a server allows", run("for i in 0 1 2 3 4 5 6 7 8 9 10 11 12 13; do @beta { sleep 1; echo $i; } & done | sort -n | paste -sd.; wait"),
          ".".join(str(i) for i in range(14)) + "\n")
    sleeps = lambda: c.root("alpha", "cat /proc/%s/status" % keepers[0]).split("voluntary_ctxt_switches:")[1].split()[0]
    before = sleeps()
    time.sleep(2)
    equal("it does nothing", sleeps(), before)
    stranger = "import socket; s = socket.socket(socket.AF_UNIX); s.connect('\\0mish-mux/20077/beta'); print(s.recv(1))"
    equal("another user", c.root("alpha", 'python3 -c "%s"' % stranger), "b''\n")
    c.root("alpha", "kill -KILL %s" % keepers[0])
    equal("without it", run("@beta echo y"), "y\n")
    squatter = ("import socket, time; name = '\\0mish-mux/20077/beta'; s = socket.socket(socket.AF_UNIX); s.bind(name); s.listen(0); "
                "full = [socket.socket(socket.AF_UNIX) for i in range(4)]; [x.setblocking(False) or x.connect_ex(name) for x in full]; time.sleep(30)")
    c.root("alpha", 'pkill -KILL -x mish-mux; sleep 0.2; python3 -c "%s" >/dev/null 2>&1 &' % squatter)
    time.sleep(1)
    equal("another user has its name, and answers nobody", c.as_user("alpha", "timeout 15 mish -c 'set -o remote\n@beta echo z' 2>&1"), "z\n")
    c.root("alpha", "pkill -f [m]ish-mux/20077")
    c.root("beta", "/usr/sbin/sshd -f %s/nodes/beta/ssh/sshd_config -o PidFile=none -o MaxSessions=1 -p 2222" % c.dir)
    c.write(".ssh/config", "Host one\n HostName beta\n Port 2222\n HostKeyAlias beta\n", 0o600)
    equal("a server that allows one", run("for i in 1 2 3; do @one { sleep 0.5; echo $i; } & done | sort; wait"), "1\n2\n3\n")
    os.unlink(os.path.join(c.home, ".ssh/config"))


def a_keeper_rests(c):
    """Many begin at once: a server that lets few log in at a time refuses none; and behind them the keepers do nothing, but end with their connection."""
    with server(c, "beta", "MaxStartups 3:90:5", "ClientAliveInterval 1"):
        c.root("alpha", "pkill -x mish-mux || :")
        out = c.as_user("alpha", "mish -c 'set -o remote\nfor i in $(seq 60); do @beta echo $i & done | sort -n | paste -sd.; wait' 2>&1")
        equal("all", out, ".".join(str(i) for i in range(1, 61)) + "\n")
        ticks = lambda: [sum(map(int, l.split()[13:15])) for l in c.root("alpha", "cat $(pgrep -x mish-mux | sed 's|.*|/proc/&/stat|')").splitlines()]
        true("several connections", len(ticks()) > 1)
        before = ticks()
        time.sleep(2)
        true("they rest: %r %r" % (before, ticks()), sum(ticks()) - sum(before) <= 5)
        c.root("beta", "pkill -f 'sshd: mia'")
        wait_until("they end", lambda: c.root("alpha", "pgrep -x mish-mux; true") == "")


def why_it_does_not_run(c):
    equal("no such node", c.as_user("alpha", "mish -c 'set -o remote\n@nosuch true\necho $?' 2>&1"),
          "mish: @nosuch: failed to resolve hostname nosuch\n126\n")
    equal("off, it is a word", c.as_user("alpha", "mish -c '@beta true' 2>&1; true"), "mish: @beta: not found\n")
    equal("a word", c.as_user("alpha", "mish -c 'set -o remote\necho @beta true; echo a@beta'"), "@beta true\na@beta\n")


SLOW = 3 if PATIENCE == 1 else 2 * PATIENCE  # a placed command logs in first, and the machine is busy


class Placed:
    """A shell that places commands by itself, or by hand in the same way: what is in front of them is in `at`."""

    def __init__(self, c, at):
        self.s, self.at = Session(c), at

    def __enter__(self):
        s = self.s.__enter__()
        s.line("set -o remote; PS1='$ '")
        s.settle()
        return self

    def __exit__(self, *e):
        return self.s.__exit__(*e)

    def text(self, start):
        text = bytes(self.s.log[start:]).decode(errors="replace")
        return re.sub(r"\x1b\][^\x07]*\x07|\x1b\[[?>0-9;]*[a-zA-Z]|\x1b[>=78]|\x1b\(B|\x0f|⏎ *\r", "", text).replace("\r", "")

    def see(self, *steps, prompt=True):
        """What the terminal shows of these, without what is drawn with it, until there is a prompt."""
        start = len(self.s.log)
        for step in steps:
            if isinstance(step, float):
                end = time.monotonic() + step * SLOW
                while time.monotonic() < end:
                    self.s.pump(0.05)
            else:
                step = re.sub(r"sleep (\d+\.\d+)", lambda m: "sleep %.1f" % (float(m.group(1)) * SLOW), step)
                self.s.send(step.replace("@ ", self.at))
        self.s.settle(0.5)
        wait_until("a prompt", lambda: not prompt or self.s.pump(0.1) and self.text(start).endswith("$ "), 30)
        text = self.text(start)
        text = re.sub(r"\d+m\d\.\d+s", "TIME", text)
        text = re.sub(r"\[(\d)\] \d+", r"[\1] PID", text.replace(self.at, "@ ") if self.at else text)
        return [l.rstrip() for l in text.split("\n") if l.strip() not in ("", "$")]


DIALOGUES = [
    ("^C ends it", ["@ sleep 100\r", 0.5, "\x03", 0.3, "echo $?\r"]),
    ("^Z stops it, bg, fg, ^C", ["@ sleep 100\r", 0.5, "\x1a", 0.3, "jobs\r", 0.3, "bg\r", 0.3, "jobs\r", 0.3, "fg\r", 0.4, "\x03", 0.3, "jobs; echo $?\r"]),
    ("what is typed it reads", ["@ cat\r", 0.5, "abc\r", 0.3, "\x04", 0.3, "echo $?\r"]),
    ("^\\", ["@ sleep 100\r", 0.5, "\x1c", 0.4, "echo $?\r"]),
    ("a trap", ["@ sh -c 'trap \"echo got; exit 5\" INT; while :; do sleep 0.1; done'\r", 0.6, "\x03", 0.5, "echo $?\r"]),
    ("in the background", ["@ sh -c 'sleep 0.4; exit 3' &\r", 0.2, "jobs\r", 0.8, "\r"]),
    ("wait gets its status", ["@ sh -c 'sleep 0.3; exit 3' &\r", 0.2, "wait $!; echo $?\r", 0.5]),
    ("wait -n", ["@ sleep 0.3 & @ sh -c 'sleep 0.9; exit 4' &\r", 0.2, "wait -n; echo $?; wait -n; echo $?\r", 1.3]),
    ("kill %1", ["@ sleep 100 &\r", 0.4, "kill %1\r", 0.3, "\r"]),
    ("kill -INT %1", ["@ sh -c 'trap \"exit 9\" INT; while :; do sleep 0.1; done' &\r", 0.6, "kill -INT %1; wait %1; echo $?\r", 0.5]),
    ("kill of one that is stopped", ["@ sleep 100\r", 0.5, "\x1a", 0.3, "kill %1\r", 0.4, "\r"]),
    ("kill -STOP and -CONT", ["@ sh -c 'trap \"\" TSTP; while :; do sleep 0.1; done' &\r", 0.6, "kill -STOP %1\r", 0.5, "jobs\r", 0.3, "kill -CONT %1\r", 0.4, "jobs\r", 0.3, "kill %1\r", 0.4, "\r"]),
    ("kill -9 there", ["@ sh -c 'kill -9 $$'\r", 0.5, "echo $?\r"]),
    ("one in the background that reads stops", ["@ cat & sleep 0.9\r", 1.2, "fg\r", 0.4, "x\r", 0.3, "\x04"]),
    ("output in the background", ["@ sh -c 'sleep 0.4; echo out' &\r", 0.9, "wait\r"]),
    ("type-ahead is for the next", ["@ sleep 0.6\r", 0.2, "echo more\r", 0.8]),
    ("… also half a line", ["@ sleep 0.6\r", 0.2, "echo ha", 0.8, "lf\r"]),
    ("… behind what it has read", ["@ head -n 1\r", 0.3, "one\recho two\r", 0.6]),
    ("a full-screen program's modes", ["@ sh -c 'stty raw -echo; head -c 3; stty sane'\r", 0.5, "abc", 0.3, "\recho ok\r", 0.3]),
    ("the size", ["@ stty size\r", 0.4]),
    ("a pipeline", ["@ yes | head -n 2\r", 0.6]),
    ("… both", ["@ echo a | @ tr a b\r", 0.6]),
    ("… ^C", ["@ cat | sleep 100\r", 0.6, "\x03", 0.3, "echo $?\r"]),
    ("… ^Z", ["@ sleep 100 | cat\r", 0.6, "\x1a", 0.3, "jobs\r", 0.3, "kill %1; kill -CONT %1\r", 0.4, "\r"]),
    ("in a loop", ["for i in 1 2; do @ echo $i; done\r", 0.6]),
    ("… ^C ends that", ["for i in 1 2; do @ sleep 100; done\r", 0.6, "\x03", 0.3, "echo $?\r"]),
    ("… ^Z too", ["for i in 1 2; do @ sleep 100; echo $i; done\r", 0.6, "\x1a", 0.4, "kill %1; fg\r", 0.4]),
    ("in a substitution", ["echo $(@ echo in)\r", 0.5]),
    ("in a function", ["f() { @ echo $1; }; f arg\r", 0.5]),
    ("a list", ["@ { echo a; echo b; } && echo c\r", 0.5]),
    ("&& and ||", ["@ false || echo no; @ true && echo yes\r", 0.7]),
    ("!", ["! @ false; echo $?\r", 0.4]),
    ("time", ["time @ sleep 0.2 2>&1 | head -0; echo t\r", 0.6]),
    ("disown", ["@ sleep 0.5 & disown; jobs; echo none\r", 0.4]),
    ("%+ and %-", ["@ sleep 100 & @ sleep 200 &\r", 0.5, "jobs\r", 0.3, "kill %1 %2; wait\r", 0.5]),
    ("%?text", ["@ sleep 100 &\r", 0.4, "kill %?eep; wait\r", 0.4]),
    ("%string", ["@ sleep 100\r", 0.4, "\x1a", 0.3, "fg %?leep\r", 0.3, "\x03", 0.3]),
    ("jobs -p has a number", ["@ sleep 100 &\r", 0.4, "jobs -p | grep -c .; kill %1; wait\r", 0.4]),
    ("set -b", ["set -b; @ sleep 0.3 &\r", 0.9, "set +b\r"]),
    ("exit with one that is stopped", ["@ sleep 100\r", 0.5, "\x1a", 0.3, "exit\r", 0.3, "kill %1\r", 0.3, "\r"]),
    ("a trap on CHLD", ["trap 'echo child' CHLD; @ true & wait; trap - CHLD\r", 0.7]),
    ("a terminal that hangs on to its echo", ["@ sh -c 'stty -echo; read x; stty echo; echo \"<$x>\"'\r", 0.5, "secret\r", 0.4]),
]


def job_control_is_the_same(c):
    """Some of them each day."""
    day, wrong = int(time.time() // 86400), []
    turns = [d for i, d in enumerate(DIALOGUES) if os.environ.get("MISH_TEST_FULL") or (i + day) % 8 == 0]
    with Placed(c, "") as here, Placed(c, "@beta ") as there:
        for name, steps in turns:
            a, b = here.see(*steps), there.see(*steps)
            a = [l.replace("@ ", "") for l in a]
            b = [l.replace("@ ", "") for l in b]
            if a != b:
                wrong.append("%s\n here:  %r\n there: %r" % (name, a, b))
    true("%d dialogues, of which differ:\n%s" % (len(turns), "\n".join(wrong)), len(DIALOGUES) >= 40 and not wrong)


def a_stranger_types_nothing_here(c):
    """What a node that is not trusted says was not read is shown, and does not run."""
    for trusted in (True, False):
        if not trusted:  # the site's list says who is, too
            c.root("alpha", "pkill -x mishd || :")
        c.write(".config/mish/nodes", "beta gamma alpha\n" if trusted else "alpha\n")
        with Placed(c, "@beta ") as p:
            seen = p.see("@ sleep 0.9\r", 0.3, "echo a''b\r", 1.5, prompt=trusted)
            equal("it ran" if trusted else "it did not", "ab" in seen, trusted)
            true("it is there: %r" % seen, any("echo a''b" in l for l in seen))
            p.see("\x15", prompt=False)
    c.write(".config/mish/nodes", "alpha beta gamma\n")


COUNT = "i=0; while [ $i -lt %d ]; do i=$((i + 1)); echo line$i; sleep 0.02; done"


def a_cut_costs_nothing(c):
    """In the background and in the foreground, both ways; of the connection, of the process that keeps it, and twice."""
    c.root("alpha", "{ head -c 10000003 /dev/urandom; seq 2000000; } | head -c 20000003 >/home/mia/big; chown 20077 /home/mia/big")
    with Session(c) as s:
        s.run("set -o remote")
        s.line("@beta sh -c '%s' >counted &" % (COUNT % 600))
        s.line("{ head -c 9000000 big; sleep 3; tail -c +9000001 big; } | @beta { sleep 1; cat; } >back &")
        s.line("@beta { %s; read answer; echo it was $answer; }" % (COUNT % 300))
        s.expect("line20\r\n")
        for seconds in (2, 14):
            c.tool("cut", "beta")
            time.sleep(seconds)
            c.tool("join", "beta")
            time.sleep(2)
        c.root("alpha", "pkill -KILL -x mish-mux")
        s.expect("line300\r\n", 60)
        s.line("a'nswer")
        s.expect("it was a'nswer")
        s.prompt("alpha")
        s.line("wait; cmp big back && echo sa''me; seq -f line%g 600 | cmp - counted && echo cou''nted")
        s.expect("same\r\ncounted\r\n", 60)
        s.line("for i in 1 2 3; do cat big; done | @beta cat | { for i in 1 2 3; do head -c 20000003 | cmp - big; done; echo com''pared; }")
        for _ in range(6):  # while it flows, in the middle of frames
            time.sleep(0.15)
            c.root("alpha", "pkill -KILL -x mish-mux")
        s.expect("compared\r\n", 120)
        true("what flowed is the same", not re.search(rb"big differ|EOF on|lost", bytes(s.log)))
        shown = re.findall(rb"line(\d+)\r\n", bytes(s.log))
        equal("each line once", [int(x) for x in shown], list(range(1, 301)))


def nothing_is_left_when_the_terminal_goes(c):
    """… of a command that writes all the time."""
    with Session(c) as s:
        s.run("set -o remote")
        s.line("@beta yes &")
        time.sleep(1.5 * PATIENCE)
        s.kill()
    for node, name in (("alpha", "mish-link"), ("beta", "yes")):
        wait_until("no %s on %s" % (name, node), lambda: c.root(node, "pgrep -u 20077 -x %s || echo none" % name) == "none\n", 20)


def what_ends_it(c):
    gone = lambda what: wait_until("no command without " + what, lambda: c.root("beta", "pgrep -f [s]leep.1003 || echo none") == "none\n")
    with Session(c) as s:
        s.run("set -o remote")
        c.root("beta", "pkill -f [s]leep.1003 || :")
        for node, what, said, status in (("beta", "mish-peer", r"mish: @beta: the connection is lost, and with it the command\r\n", 129),
                                         ("alpha", "mish-link", "", 137)):
            s.line("@beta { echo it''runs; sleep 1003; }")
            s.expect("itruns")
            c.root(node, "pkill -KILL -x " + what)
            s.expect(said, 40)
            s.prompt("alpha")
            s.line("echo status=$?")
            s.expect("status=%d" % status)
            gone(what)
        s.line("while :; do echo stdin; done | @beta { echo it''runs; cat >/dev/null; sleep 1003; } & sleep 1; kill -KILL $!; wait")
        s.prompt("alpha")
        gone("its link, while it is sent much")
        for i in range(12):  # what is written there may fail before it is heard that nobody reads
            s.line("@beta { echo it''runs; exec cat /dev/zero >/dev/tty; } & sleep %.2f; kill -KILL $!; echo; wait; echo all''done" % (1 - i * 0.08))
            s.expect("alldone")
            wait_until("no cat", lambda: c.root("beta", "pgrep -x cat || echo none") == "none\n")
        s.line("@beta { echo it''runs; sleep 1003; }")
        s.expect("itruns")
        s.send("echo for''beta\r")
        s.settle(0.3)
        c.tool("cut", "beta")
        try:
            s.expect(r"mish: @beta: the connection is lost; trying to get it back", 40)
            s.send("\x03")
            s.prompt("alpha")
            s.line("echo status=$?")
            s.expect("status=130")
            equal("what was typed there does not run here", b"forbeta" in bytes(s.log), False)
        finally:
            c.tool("join", "beta")
        c.root("beta", "pkill -f [s]leep.1003")  # it would wait ten minutes for its link


if __name__ == "__main__":
    main([a_subshell_and_a_placed_command_see_the_same, bytes_are_carried, a_slow_network_gets_it_packed, a_file_of_both_nodes_is_opened_there, what_is_not_read_stays, a_link_that_looks_late, a_connection_is_shared, a_keeper_rests, why_it_does_not_run, job_control_is_the_same,
          a_stranger_types_nothing_here, a_cut_costs_nothing, nothing_is_left_when_the_terminal_goes, what_ends_it], tag="p")
