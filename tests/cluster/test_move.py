#!/usr/bin/env python3
"""A session moves: what comes along, what stays behind, what the user sees."""

import os
import shutil

from mishtest import *

# Each is (what sets it up, what asks, what the answer must be after every move).
FACTS = [
    ("plain variable", "v1=hello", 'echo "$v1"', "hello"),
    ("newline in a variable", "v2='a\nb'", 'printf %s "$v2" | od -An -tx1', " 61 0a 62"),
    ("quotes in a variable", """v3=\"it's \\\"q\\\"\"""", 'echo "$v3"', "it's \"q\""),
    ("invalid UTF-8", "v4=$(printf 'x\\377\\200y')", 'printf %s "$v4" | od -An -tx1', " 78 ff 80 79"),
    ("exported", "export v5=ex", "sh -c 'echo $v5'", "ex"),
    ("not exported", "v6=in", "sh -c 'echo [$v6]'", "[]"),
    ("readonly", "readonly v7=ro", "(v7=x) 2>/dev/null; echo $? $v7", "1 ro"),
    ("empty is set", "v8=", 'echo "${v8-unset}."', "."),
    ("unset but exported", "unset v9; export v9", "v9=now; sh -c 'echo $v9'; unset v9; export v9", "now"),
    ("unset stays unset", "unset v10", "echo ${v10-unset}", "unset"),
    ("positional parameters", "set -- one 'two  words' ''", 'echo $# "$2"', "3 two  words"),
    ("function", "f1() { echo \"f1:$1\"; }", "f1 x", "f1:x"),
    ("function with a here-document",
     "f2() { cat <<A; cat <<'B'; }\nx $1\nA\ny $1\nB", "f2 q", "x q\ny $1"),
    ("function with case", "f3() { case $1 in a|b) echo ab;; *) echo other;; esac; }",
     "f3 b; f3 z", "ab\nother"),
    ("function with redirections", "f4() { echo err >&2; } 2>&1", "f4 | cat", "err"),
    ("function with a loop and a subshell",
     "f5() { for i in 1 2; do (echo $((i * 2))); done; }", "f5", "2\n4"),
    ("what commands took", "gzip </dev/null >/dev/null; true", "history -u gzip | sed -n 's/.*gzip ; true$/kept/p'", "kept"),
    ("alias", "alias greet='echo hi there'", "greet", "hi there"),
    ("option off", "set +o notify", "set -o | grep notify", "notify          off"),
    ("option noclobber", "set -C", "case $- in *C*) echo on;; esac", "on"),
    ("trap", "trap 'echo usr1' USR1", "kill -USR1 $$; :", "usr1"),
    ("trap listed", "trap 'echo t' TERM", "trap | grep TERM", "trap -- 'echo t' TERM"),
    ("ignored signal", "trap '' URG", "trap | grep URG; sh -c 'kill -URG $$; echo alive'",
     "trap -- '' URG\nalive"),
    ("umask", "umask 027", "umask", "0027"),
    ("soft limit", "ulimit -S -c 7", "ulimit -c", "7"),
    ("soft limit of files", "ulimit -S -n 300", "ulimit -n", "300"),
    ("OLDPWD", "cd /usr; cd /", "echo $OLDPWD", "/usr"),
    ("directory stack", "pushd /etc >/dev/null; pushd /usr >/dev/null", "dirs -p | tail -n +2", "/etc\n/"),
    ("working directory", "cd '/home/mia/a b/link'", 'pwd; pwd -P',
     "/home/mia/a b/link\n/home/mia/a b/real"),
    ("cd - goes back", ":", "cd - >/dev/null; pwd; cd - >/dev/null", "/usr"),
    ("open file at its offset", "exec 5<~/lines; read x <&5; read x <&5",
     "cat /proc/$$/fdinfo/5 | grep pos", "pos:\t12"),
    ("open file is readable", ":", "test -r /dev/fd/5 && head -c0 <&5 && echo ok", "ok"),
    ("open file for appending", "exec 6>>~/append", "echo more >&6; tail -1 ~/append", "more"),
    ("IFS", "IFS=,", '(x=a,b; set -- $x; echo $#)', "2"),
    ("getopts", "OPTIND=2", "echo $OPTIND", "2"),
    ("PATH with a directory of one's own", "PATH=$PATH:~/mybin", "mytool", "mytool runs"),
    ("$-: interactive", ":", "case $- in *i*) echo i;; esac", "i"),
    ("terminal modes", "stty -ixon", "stty -a | grep -o -- -ixon", "-ixon"),
    # b is the second number after the seed, and the next one here
    ("RANDOM goes on", "RANDOM=5; a=$RANDOM b=$RANDOM; RANDOM=5; a=$RANDOM",
     "[ $a != $b ] && [ $RANDOM = $b ] && echo the same; RANDOM=5; a=$RANDOM", "the same"),
    ("history", "echo remember-me", "fc -ln -200 | grep -c '[e]cho remember-me'", "1"),
    ("nice value", "renice -n 3 -p $$ >/dev/null", "ps -o ni= -p $$ | tr -d ' '", "3"),
    ("completion of $0", ":", "echo ${0##*/}", "mish"),
]


def prepare(c):
    os.makedirs(c.home + "/a b/real", exist_ok=True)
    if not os.path.islink(c.home + "/a b/link"):
        os.symlink("real", c.home + "/a b/link")
    c.write("lines", "line1\nline2\nline3\nline4\n")
    c.write("append", "")
    c.write("mybin/mytool", "#!/bin/sh\necho mytool runs\n", 0o755)
    c.tool("exec", "alpha", "chown", "-R", "20077:20077", "/home/mia")


def facts_survive_three_moves(c):
    prepare(c)
    with Session(c) as s:
        for name, setup, _, _ in FACTS:
            for part in setup.split("\n"):
                s.line(part)
            s.expect(r"\[alpha\]> ")
        s.settle(0.1)
        check_facts(s, "alpha")
        number = s.run("fc -l -1 -1 | cut -f1", "alpha")[0]
        for place, node in (("beta", "beta"), ("gamma", "gamma"), ("home", "alpha")):
            s.line("(exit 42)")
            s.expect(r"\]> ")
            s.line("smigrate " + place)
            s.prompt(node)
            check_facts(s, node)
        later = s.run("fc -l -1 -1 | cut -f1", "alpha")[0]
        true("history numbers go on (%s, %s)" % (number, later), int(later) > int(number) + 30)
        s.line("exit")
        equal("exit status", s.finish(), 0)


ARRAYS = r"""
for ((i = 0; i < 25; i++)); do
    declare -a "a$i"; declare -n r=a$i; r=("x$i" "two  words" $'line\nnew' "" 'q"$`\'); r[i*7]=far; unset -n r
    declare -A "m$i"; declare -n r=m$i; r=([k]="v$i" ["a b"]=c [']']=bracket [$'\t']=tab [é]=ü); unset 'r[k]'; unset -n r
done
declare -i num=5; declare -u up=abc; declare -r ro=fixed; declare -ai nums=(1+1 2*3); declare -x ex=port; declare -n ref=a3
shopt -s extglob nullglob globstar
complete -F f -o nospace -o default one two; complete -W 'foo "bar' -P '' -S / -A signal three; complete -D -G '*.c' -X '!*x' -C 'echo x'
complete cshlike 'p/1/d/' 'c/-/(a b)/:'; bindkey '^T' beginning-of-line; bindkey -c '^[x' 'echo "hi"'; bindkey -a -s X '^[[15~'; abbr -a gco git checkout; abbr -p anywhere L '| less'; sched +9:00 echo later
trap 'echo err' ERR; set -E; trap 'echo usr1 "${a1[@]}"' USR1
f() { local -A l=([x]=1); case $1 in +([0-9])) echo "num ${l[x]}";; !(b|c)) echo not;; esac; }
g() { local -a v=("$@" [9]=last); [[ $1 =~ ^(.)(.) ]] && echo "${BASH_REMATCH[2]}" "${v[@]: -1}" "${!v[@]}"; for ((i = 0; i < 2; i++)); do echo $((i ** 2)); done; }
h() { cat <(echo "${1^^}") <<< "${2//a/b}" {fd}>/dev/null; select x in "$@"; do break; done 2>/dev/null </dev/null; }
export -f f
facts() {
    { declare -p ${!a@} ${!m@} num up ro nums ex ref; declare -f f g h; shopt -p extglob nullglob globstar dotglob; trap; complete -p; bindkey; abbr; sched; env | grep '^MISH_FUNC_\|^ex='
      f 12; f a; g xyz w; h abc banana; num+=2; echo $num; up=def; echo $up; ref[0]=changed; echo "${a3[0]}"; a3[0]=x3; num=5; up=abc; } 2>&1 | md5sum
}
"""


def arrays_and_functions_survive_three_moves(c):
    """What is bash's: fifty arrays, attributes, references, shopt, traps, functions with all of the new syntax."""
    c.write("arrays", ARRAYS)
    with Session(c) as s:
        s.run(". ~/arrays")
        before = s.run("facts")[0]
        true("there is something: %r" % before, len(before) > 32 and s.run("echo ${#m3[@]} ${a3[21]} $(declare -p ${!a@} | wc -l)")[0].startswith("4 far "))
        for place, node in (("beta", "beta"), ("gamma", "gamma"), ("home", "alpha")):
            s.line("smigrate " + place)
            s.prompt(node)
            equal("all of it on " + node, s.run("facts", node)[0], before)
        where = s.run("history -v | awk '{ print $4 }' | sort -u | tr '\\n' ' '")[0]
        equal("where each command ran", where.replace("? ", "").strip(), "alpha beta gamma")
        moves = s.run("history -v | awk '$8 == \"smigrate\" { print $4, $7 }' | tr '\\n' ' '")[0]
        equal("and from where it moved", moves.strip(), "alpha 0 beta 0 gamma 0")


def check_facts(s, node):
    for name, _, ask, answer in FACTS:
        got, _ = s.run(ask, node)
        equal("%s on %s (%s)" % (name, node, ask), got.rstrip("\n"), answer)


def status_of_smigrate_is_zero_only_after_moving(c):
    with Session(c) as s:
        equal("failed move", s.run("smigrate nowhere")[1], 1)
        s.line("smigrate beta; echo st=$?")
        s.expect(r"st=0\r\n")
        s.prompt("beta")
        s.line("smigrate gamma && echo yes $(hostname) || echo no")
        s.expect(r"yes gamma\r\n")
        s.prompt("gamma")
        s.line("smigrate home; echo back on $(hostname)")
        s.expect(r"back on alpha\r\n")


def no_trace_on_the_node_between(c):
    with Session(c) as s:
        pid = s.run("echo $$")[0].strip()
        s.move("beta")
        true("there is something on beta", c.session_processes("beta"))
        s.move("gamma")
        wait_until("beta is empty", lambda: not c.session_processes("beta"))
        equal("connections of alpha", c.connections("alpha"), [("10.77.0.1", "10.77.0.3")])
        equal("connections of beta", c.connections("beta"), [])
        equal("the login process", s.run("echo $$", "gamma")[0].strip() == pid, False)
        args = c.root("alpha", "ps -o args= -p " + pid).strip()
        equal("what it is now", args.split()[0], "mish-stub")
        s.line("exit 7")
        equal("exit status of ssh", s.finish(), 7)
        wait_until("gamma is empty", lambda: not c.session_processes("gamma"))
        wait_until("alpha is empty", lambda: not c.session_processes("alpha"))


def home_is_the_original_process(c):
    with Session(c) as s:
        pid = s.run("echo $$")[0]
        s.move("beta")
        s.move("home")
        equal("pid", s.run("echo $$")[0], pid)
        wait_until("beta is empty", lambda: not c.session_processes("beta"))
        equal("MISH_ORIGIN at home", s.run("echo [$MISH_ORIGIN] $MISH_NODE")[0], "[] alpha\n")


def typed_during_a_move_arrives_once_in_order(c):
    text = "".join("%03d" % i for i in range(100))
    with Session(c) as s:
        for n, (place, node) in enumerate((("beta", "beta"), ("gamma", "gamma"), ("home", "alpha"),
                                           ("beta", "beta"))):
            s.line("smigrate " + place)
            s.send("echo '[''%s'']'\r" % text)
            s.expect(r"\[%s\]\r\n" % text)
            s.prompt(node)


def typed_slowly_during_moves_arrives_once_in_order(c):
    with Session(c) as s:
        for place, node in (("beta", "beta"), ("gamma", "gamma"), ("home", "alpha")):
            s.line("smigrate " + place)
            text = ""
            for i in range(60):
                piece = "%05d" % i
                text += piece
                s.send(("echo '[''" if i == 0 else "") + piece)
                s.pump(0.004)
            s.send("'']'\r")
            s.expect(r"\[%s\]\r\n" % text)
            s.prompt(node)


def grant_moves_an_idle_prompt_with_a_half_typed_line(c):
    with Session(c) as s:
        session = s.run("echo $MISH_SESSION")[0].strip()
        for here, there, place in (("alpha", "beta", "beta"), ("beta", "gamma", "gamma"),
                                   ("gamma", "alpha", "home")):
            s.send("echo half-ped\033[D\033[D\033[D")
            s.settle(0.3)
            c.tool("as", here, "mishctl", "move", session[:6], place)
            s.expect(r"\[%s\]> .*echo half-ped" % there)
            s.settle()
            rows = [r for r in s.screen().split("\n") if r.strip()]
            equal("the prompt's row", rows[-2], "[%s]> echo half-ped" % there)
            s.send("ty\r")
            s.expect(r"\nhalf-typed\r\n")
            s.prompt(there)


def a_grant_leaves_the_exit_status_and_runs_nothing(c):
    with Session(c) as s:
        session = s.run("echo $MISH_SESSION")[0].strip()
        for here, there, place in (("alpha", "beta", "beta"), ("beta", "alpha", "home")):
            s.line("(exit 42) && echo no''thing")
            s.prompt(here)
            c.tool("as", here, "mishctl", "move", session, place)
            s.prompt(there)
            equal("$? on " + there, s.run("echo $?", there)[0], "42\n")
        true("nothing was run again", b"nothing" not in s.log)


def exit_status_and_signals_of_the_last_shell(c):
    with Session(c) as s:
        s.move("beta")
        s.line("sleep 100")
        s.expect("sleep 100\r\n")
        wait_until("sleep runs", lambda: "sleep 100" in "".join(c.session_processes("beta")))
        s.send("\x03")
        s.prompt("beta")
        equal("after ^C", s.run("echo $?", "beta")[0], "130\n")
        s.line("sleep 100")
        wait_until("sleep runs", lambda: "sleep 100" in "".join(c.session_processes("beta")))
        s.send("\x1a")
        s.expect("Stopped")
        s.prompt("beta")
        s.line("kill %1; wait %1 2>/dev/null; echo gone")
        s.expect(r"\ngone\r\n")
        s.prompt("beta")
        s.line("sh -c 'echo ready; sleep 100'")
        s.expect("\nready")
        s.send("\x1c")
        s.prompt("beta")
        equal("after ^\\", s.run("echo $?", "beta")[0], "131\n")
        s.line("exit 9")
        equal("exit status", s.finish(), 9)


def terminal_is_sane_afterwards(c):
    """The modes of the terminal that mish was started from, after a session that moved."""
    with Session(c, command=["sh", "-c", "stty -a >%s/before; '%s' -p %s login alpha; "
                             "stty -a >%s/after; echo done" % (c.home, TOOL, c.prefix, c.home)]) as s:
        s.move("beta")
        s.line("exit")
        s.expect("\ndone\r\n")
    equal("stty -a", open(c.home + "/after").read(), open(c.home + "/before").read())


def window_size_follows(c):
    with Session(c) as s:
        s.move("beta")
        equal("size", s.run("stty size", "beta")[0], "24 100\n")
        s.resize(30, 90)
        wait_until("the size arrives", lambda: s.run("stty size", "beta")[0] == "30 90\n")
        s.move("gamma")
        equal("size", s.run("stty size", "gamma")[0], "30 90\n")


def jobs_keep_the_shell(c):
    with Session(c) as s:
        s.line("sleep 50 &")
        s.prompt()
        s.line("smigrate beta")
        s.expect(r"mish: smigrate: beta: these jobs cannot come along: \[1\] sleep 50 "
                 r"\(staying on alpha\)\r\n")
        s.prompt()
        s.run("kill %1; wait")
        s.move("beta")


def not_from_within(c):
    with Session(c) as s:
        for command in ("if smigrate beta; then :; fi", "eval smigrate beta", "(smigrate beta)",
                        "smigrate beta | cat", "smigrate beta >/dev/null"):
            out, status = s.run(command)
            true("%s: %r" % (command, out), "staying on alpha" in out or "subshell" in out)
        equal("still here", s.run("hostname")[0], "alpha\n")


def probe_moves_nothing(c):
    with Session(c) as s:
        out, status = s.run("smigrate -n beta")
        equal("status", status, 0)
        true("accepts: " + out, "beta would accept" in out and "would travel" in out)
        out, status = s.run("smigrate -n nowhere")
        true("refused: " + out, status == 1 and "would not" in out)
        equal("still here", s.run("hostname")[0], "alpha\n")
        s.move("beta")
        out, status = s.run("smigrate -n gamma", "beta")
        true("accepts: " + out, "gamma would accept" in out and status == 0)
        equal("still there", s.run("hostname", "beta")[0], "beta\n")


def the_link_gives_up_its_rights(c):
    """What it cannot do any more is tried in tests/unit/test_spool.c; here, that it does give it up."""
    with Session(c) as s:
        s.move("beta")
        pid = c.root("alpha", "pgrep -u mia -x mish-link").strip()
        status = c.root("alpha", "cat /proc/%s/status" % pid)
        true("no new rights: " + status, re.search(r"^NoNewPrivs:\t1$", status, re.M))
        true("a filter of system calls: " + status, re.search(r"^Seccomp:\t2$", status, re.M))
        equal("nobody may look at its memory", c.root("alpha", "stat -c %%U /proc/%s/mem" % pid), "root\n")
        true("nor gets it as a core", re.search(r"^Max core file size +0 +0 ", c.root("alpha", "cat /proc/%s/limits" % pid), re.M))


def a_history_file_that_is_none_there_stops_nobody(c):
    """HISTFILE comes along; what has its name there is another user's FIFO, or his file."""
    with Session(c) as s:
        for what in ("mkfifo -m 666 /tmp/hist", "touch /tmp/hist; chmod 666 /tmp/hist"):
            c.root("beta", "rm -f /tmp/hist; %s; chown 30001 /tmp/hist" % what)
            s.run("HISTFILE=/tmp/hist")
            s.move("beta")
            equal("it goes on", s.run("echo one", "beta", 10)[0], "one\n")
            equal("nobody reads along", c.root("beta", "[ -f /tmp/hist ] && cat /tmp/hist"), "")
            s.move("home")


def keys_get_into_no_core(c):
    """Guardian and peer have the session's key and secret, whatever `ulimit -c` says."""
    with Session(c) as s:
        s.run("ulimit -c unlimited")
        s.move("beta")
        for node, name in (("alpha", "mish-stub"), ("beta", "mish-peer")):
            pid = c.root(node, "pgrep -u mia -x " + name).split()[0]
            equal(name + " is not dumped", c.root(node, "stat -c %%U /proc/%s/mem" % pid), "root\n")


def what_is_told_at_home_steers_no_terminal(c):
    """A name in the state, which is told because it is not here."""
    with Session(c) as s:
        s.move("beta")
        s.run("mkdir $'/tmp/p\\033]0;title\\007'; cd /tmp/p*; exec 7>$'/tmp/f\\033]0;title\\007'", "beta")
        s.line("smigrate home")
        s.expect(r"/tmp/p\?\]0;title\?: No such file or directory")
        s.prompt()
        true("no sequence: %r" % s.log[-500:], b"\x1b]0;title" not in s.log)


def lines_of_a_paste_come_along(c):
    """What stands behind the move in the same entry runs there; and here, when there is no move."""
    with Session(c) as s:
        s.send("\x1b[200~smigrate beta\nhostname; x=1\necho $x-done\x1b[201~\r")
        s.expect(r"\nbeta\r\n1-done\r\n")
        s.prompt("beta")
        s.send("\x1b[200~smigrate nowhere\nhostname\x1b[201~\r")
        s.expect(r"staying on beta\)\r\nbeta\r\n")
        s.prompt("beta")


def what_was_killed_comes_along(c):
    with Session(c) as s:
        s.send("echo killed\x15")
        s.move("beta")
        s.send("\x19\r")
        s.expect(r"\nkilled\r\n")
        s.prompt("beta")


def without_host_the_next_node_that_accepts(c):
    c.tool("exec", "beta", "mishctl", "drain")
    with Session(c) as s:
        s.line("smigrate")
        s.prompt("gamma")
    c.tool("exec", "beta", "mishctl", "undrain")


def a_directory_of_another_user_is_not_entered(c):
    """Who made /tmp/work there before us would have us run what he put into it."""
    for mine, theirs, enters in ((20077, 30001, False), (20077, 20077, True), (30001, 30001, True), (20077, 0, True)):
        c.root("alpha", "rm -rf /tmp/work; mkdir -m 755 /tmp/work; chown %d /tmp/work" % mine)
        c.root("beta", "rm -rf /tmp/work; mkdir /tmp/pad; mkdir -m 755 /tmp/work; rmdir /tmp/pad; chown %d /tmp/work" % theirs)
        with Session(c) as s:
            s.run("cd /tmp/work")
            s.line("smigrate beta")
            text = s.prompt("beta").string[s.mark - 600:s.mark].decode()
            what = "%d, then %d: %r" % (mine, theirs, text)
            true(what, ("/tmp/work: it belongs to another user here (now in /home/mia)" in text) == (not enters))
            equal(what, s.run("pwd", "beta")[0], "/tmp/work\n" if enters else "/home/mia\n")
    # nor by a link that somebody else made, wherever it leads
    c.root("alpha", "rm -rf /tmp/a; mkdir -p /tmp/a/work; chown -R 20077 /tmp/a")
    c.root("beta", "rm -rf /tmp/a; mkdir /tmp/a; ln -s /tmp /tmp/a/work; chown -h 30001 /tmp/a /tmp/a/work")
    with Session(c) as s:
        s.run("cd /tmp/a/work")
        s.line("smigrate beta")
        s.expect(r"/tmp/a/work: it belongs to another user here")
        s.prompt("beta")
        equal("where", s.run("pwd -P", "beta")[0], "/home/mia\n")


def neighbours_of_the_next_version(c):
    """beta has a mish whose states have a section and keys more: both directions work."""
    c.install_version("beta", "next", "rename")
    try:
        with Session(c) as s:
            s.run("x=kept; f() { echo f; }; set -C; alias l='echo l'")
            s.move("beta")
            equal("on next", s.run("echo $x $(echo $- | tr -cd C); f; l", "beta")[0],
                  "kept C\nf\nl\n")
            s.line("smigrate gamma")
            s.expect("mish: gamma: the state has a part that is not known here: next\r\n")
            s.expect("mish: gamma: NEXT: it has an attribute that is not known here\r\n")
            s.prompt("gamma")
            equal("back on this", s.run("echo $x $NEXT $(echo $- | tr -cd C); f; l", "gamma")[0],
                  "kept value C\nf\nl\n")
    finally:
        c.install_version("beta", "this", "rename")


def works_without_any_mishd(c):
    for node in ("alpha", "beta", "gamma"):
        c.root(node, "pkill mishd")
    with Session(c) as s:
        s.run("x=kept")
        s.move("beta")
        s.move("gamma")
        s.move("home")
        equal("state", s.run("echo $x")[0], "kept\n")
        out, status = s.run("smigrate")
        true("asks for a name: " + out, status == 1 and "smigrate HOST" in out)
    for node in ("alpha", "beta", "gamma"):
        c.tool("kill", node)
        c.tool("boot", node)


if __name__ == "__main__":
    main([v for v in (facts_survive_three_moves, arrays_and_functions_survive_three_moves, status_of_smigrate_is_zero_only_after_moving,
                      no_trace_on_the_node_between, home_is_the_original_process,
                      typed_during_a_move_arrives_once_in_order,
                      typed_slowly_during_moves_arrives_once_in_order,
                      grant_moves_an_idle_prompt_with_a_half_typed_line,
                      a_grant_leaves_the_exit_status_and_runs_nothing,
                      exit_status_and_signals_of_the_last_shell, terminal_is_sane_afterwards,
                      window_size_follows, jobs_keep_the_shell, not_from_within,
                      probe_moves_nothing, a_history_file_that_is_none_there_stops_nobody, keys_get_into_no_core, what_is_told_at_home_steers_no_terminal, the_link_gives_up_its_rights, lines_of_a_paste_come_along, what_was_killed_comes_along, without_host_the_next_node_that_accepts,
                      a_directory_of_another_user_is_not_entered, neighbours_of_the_next_version, works_without_any_mishd)], tag="m")
