#!/usr/bin/env python3
"""Links, peers and nodes that are lost after the move: nothing is lost, nothing comes twice."""

import hashlib

from mishtest import *
from sshsite import server


def on(node, s, what="kept"):
    equal("state", s.run("echo $mark $(hostname)", node)[0], "%s %s\n" % (what, node))


def a_killed_link_is_replaced(c):
    with Session(c) as s:
        s.run("mark=kept")
        s.move("beta")
        peer = c.root("beta", "pgrep -o -x mish-peer")
        for _ in range(3):
            old = c.root("alpha", "pgrep -x mish-link")
            c.root("alpha", "pkill -9 -x mish-link")
            wait_until("another link", lambda: c.root("alpha", "pgrep -x mish-link") not in ("", old))
            on("beta", s)
        equal("the peer is the same", c.root("beta", "pgrep -o -x mish-peer"), peer)
        s.line("exit 7")
        equal("exit status", s.finish(), 7)
    wait_until("nothing left on beta", lambda: not c.session_processes("beta"))


def an_end_in_a_cut_is_told_after_it(c):
    """Else sshd there, which has nothing to send, would wait for its client for two hours."""
    with Session(c) as s:
        s.run("mark=kept")
        s.move("beta")
        on("beta", s)  # there is traffic: a cut is noticed soon
        s.line("cat")  # and no prompt, from which it would go on at home
        s.settle()
        c.tool("cut", "beta")
        c.root("alpha", "pkill -x mish-link")
        time.sleep(11)
        seen = c.root("alpha", "ss -tnH dst 10.77.0.2:22")
        c.tool("join", "beta")
        true("the end is still being told: %r" % seen, "FIN-WAIT-1" in seen)
        s.send("\x04")
        s.prompt("beta")
        on("beta", s)


def what_another_peer_answers_is_told_and_steers_no_terminal(c):
    """A program in the place of mish-peer says to each who would attach that the shell has ended."""
    peer = c.dir + "/opt/libexec/mish/mish-peer"
    exit_frames = ((r"\016\001\0\0\0\200", r"the shell there has ended"),
                   (r"\016\011\0\0\0\201\015\304\005\033]0;\007", r"\?\]0;\?"))
    with Session(c) as s:
        s.run("mark=kept")
        s.move("beta")
        s.line("read x; echo got=$x.")
        for frame, told in exit_frames:
            os.rename(peer, peer + ".real")
            try:
                with open(peer, "w") as f:
                    f.write("#!/bin/sh\nprintf '\\0\\1mish peer\\2\\n%s'\nexec sleep 5\n" % frame)
                os.chmod(peer, 0o755)
                c.root("alpha", "pkill -9 -x mish-link")
                s.expect("mish: beta: no answer for [0-9]+ s: %s\\. Typing is kept" % told, 40)
            finally:
                os.rename(peer + ".real", peer)
        s.send("typed\r")
        s.expect("got=typed\\.\r\n", 40)
        s.prompt("beta")
        on("beta", s)


def a_greeting_that_cannot_be_read_takes_nothing(c):
    """A guardian that hears that its session is taken ends: that must be so. Another user is not heard at all."""
    greets = r"""
import os, socket, sys
os.setuid(int(sys.argv[1]))
name = [l.split()[-1] for l in open("/proc/net/unix") if "@mish-peer/" in l][0]
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.connect("\0" + name[1:])
r, w = os.pipe()
try:
    socket.send_fds(s, [b"no greeting"], [r, w])
except BrokenPipeError:  # closed at once
    pass
os.close(w)
print(os.read(r, 1000).hex())
"""
    with Session(c) as s:
        s.run("mark=kept")
        s.move("beta")
        c.write("greets.py", greets)
        equal("another user", c.root("beta", "python3 ~mia/greets.py 30001"), "\n")
        answer = bytes.fromhex(c.root("beta", "python3 ~mia/greets.py 20077"))
        equal("ABORT", answer[0], 4)
        true("WHY: %r" % answer, b"the greeting cannot be read" in answer)
        true("STATUS 1: %r" % answer, b"\x0e\x01" in answer)
        on("beta", s)


def a_command_does_not_notice_a_cut(c):
    with Session(c) as s:
        s.run("mark=kept")
        s.move("beta")
        s.line("for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo tick $i; sleep 1; done; read x; echo got=$x.")
        s.expect("tick 2\r\n")
        c.tool("cut", "beta")
        s.expect("mish: beta: no answer for [0-9]+ s", 30)
        s.send("typed during the cut\r")
        c.tool("join", "beta")
        s.expect("tick 12\r\n", 40)
        s.expect("got=typed during the cut\\.\r\n")
        s.prompt("beta")
        text = re.sub(rb"\x1b7.*?\x1b8", b"", s.log)
        for i in range(3, 13):
            equal("tick %d comes once" % i, text.count(b"tick %d\r\n" % i), 1)
        on("beta", s)


def what_is_typed_in_a_cut_arrives_once(c):
    """Idle, a short cut: no status, no recovery."""
    with Session(c) as s:
        s.run("mark=kept")
        s.move("beta")
        s.run("true", "beta")
        c.tool("cut", "beta")
        s.line("echo a''b")
        time.sleep(1)  # and not until the terminal is quiet: once the status line is there, it never is
        c.tool("join", "beta")
        s.expect("\nab\r\n", 30)
        on("beta", s)
        equal("once", s.log.count(b"\nab\r\n"), 1)


def an_idle_session_goes_on_at_home_when_its_node_is_silent(c):
    with Session(c) as s:
        s.move("beta")
        s.run("mark=kept; set -- a b", "beta")
        c.tool("cut", "beta")
        s.expect(r"mish: beta: .*; your session continues on alpha as of \d\d:\d\d:\d\d\r\n", 40)
        s.prompt("alpha")
        on("alpha", s)
        equal("parameters", s.run("echo $2")[0], "b\n")
        c.tool("join", "beta")
        # the holder that was given up finds itself fenced
        wait_until("nothing left on beta", lambda: not c.session_processes("beta"), 30)
        wait_until("no link left on alpha", lambda: not c.root("alpha", "pgrep -x mish-link"), 30)
        s.move("beta")
        on("beta", s)


def a_killed_peer_costs_the_command_that_ran(c):
    with Session(c) as s:
        s.move("beta")
        s.run("mark=kept; f() { echo in f; }; alias hi='echo hello'; cd /usr", "beta")
        s.line("sleep 1000")
        wait_until("it runs", lambda: c.root("beta", "pgrep -x sleep"))
        c.root("beta", "pkill -9 -x mish-peer")
        s.expect(r"mish: beta: .* your session continues on alpha as of \d\d:\d\d:\d\d, `sleep 1000' was lost\r\n")
        s.prompt("alpha")
        on("alpha", s)
        equal("all of it", s.run("pwd; f; hi; fc -ln 1 | grep -c '^.*sleep 1000$'")[0].split(),
              ["/usr", "in", "f", "hello", "1"])
    wait_until("nothing left on beta", lambda: not c.session_processes("beta"))


def a_killed_shell_too(c):
    with Session(c) as s:
        s.move("beta")
        s.run("mark=kept; trap 'touch ~/trap-ran' EXIT HUP", "beta")
        c.root("beta", "pkill -9 -P $(pgrep -o -x mish-peer)")
        s.expect(r"mish: beta: the shell there was killed by signal 9; your session continues on alpha")
        s.prompt("alpha")
        on("alpha", s)
        true("the lost holder did nothing", not os.path.exists(c.home + "/trap-ran"))
        s.run("trap - EXIT HUP")


def a_large_session_is_not_lost(c):
    """Its checkpoints are as large as a state may be; what is over the limit is another test's."""
    with Session(c) as s:
        s.run("big=$(head -c 25000000 /dev/zero | tr '\\0' a)")
        s.move("beta")
        s.run("mark=old; more=$(head -c 30000000 /dev/zero | tr '\\0' b)", "beta", 60)
        s.run("mark=kept", "beta")
        s.run(":", "beta")
        s.settle(1)
        c.root("beta", "pkill -9 -u mia -x mish-peer")
        s.expect("your session continues on alpha", 60)
        s.prompt("alpha", 60)
        on("alpha", s)
        equal("both", s.run("echo ${#big} ${#more}")[0], "25000000 30000000\n")
        s.move("gamma")
        on("gamma", s)


def room_that_nobody_looks_for(c):
    """The other end takes more from the moment on in which the link has just looked: it does not sleep on that for ever."""
    c.install("latepoll.so")
    with Session(c) as s:
        s.line("LD_PRELOAD=/opt/mish/bin/latepoll.so exec mish")
        s.expect("> ")
        s.line(PLAIN)
        s.prompt()
        s.run("big=$(head -c 8000000 /dev/zero | tr '\\0' a)")
        for node in "beta", "gamma", "beta":
            s.line("smigrate " + node)
            s.prompt(node, 20)
        equal("it is all there", s.run("echo ${#big}", "beta")[0], "8000000\n")


def a_session_too_large_for_a_checkpoint_is_told(c):
    """Nothing after it would come home: that is said when it begins, not when it is lost."""
    with Session(c) as s:
        s.move("beta")
        s.run("big=$(head -c 70000000 /dev/zero | tr '\\0' a)", "beta", 60)
        s.run(":", "beta")
        s.settle(1)
        true("told: %r" % s.log[-300:], b"too large" in s.log)


def one_recovers_elsewhere_on_demand(c):
    with Session(c) as s:
        s.move("beta")
        s.run("mark=kept", "beta")
        s.line("sleep 1000")
        wait_until("it runs", lambda: c.root("beta", "pgrep -x sleep"))
        c.tool("cut", "beta")
        s.expect("no answer for .*more", 40)
        s.send("\x1d")
        s.expect("wait, login, recover .HOST., or quit")
        s.send("recover gamma\r")
        s.prompt("gamma")
        on("gamma", s)
        c.tool("join", "beta")
        wait_until("beta is empty", lambda: not c.session_processes("beta"), 30)
        s.move("home")
        on("alpha", s)


def one_logs_in_again(c):
    """Where nobody is asked, the login is refused: the line says so, and somebody who is there can log in."""
    with server(c, "beta", "PasswordAuthentication yes", "PubkeyAuthentication no"), Session(c) as s:
        s.line("smigrate beta")
        s.expect("beta's password: ")
        s.send("secret\r")
        s.prompt("beta")
        s.run("mark=kept", "beta")
        c.root("beta", "pkill -f 'sshd: mia'")
        s.expect(r"mish: beta wants you to log in again: \^\] and login\. Typing is kept", 30)
        s.settle(8)  # it is idle, but goes on at home only where nobody answers; and the line is still
        s.send("echo typed-$mark\r\x1dlogin\r")
        s.expect("beta's password: ")
        s.send("\x03")
        s.expect("beta wants you to log in again", 20)
        s.send("\x1dlogin\r")
        s.expect("beta's password: ")
        s.send("wrong\r")
        s.expect("beta's password: ")
        s.send("secret\r")
        s.expect("typed-kept\r\n", 20)
        s.prompt("beta")
        on("beta", s)
        # … or goes on at home
        c.root("beta", "pkill -f 'sshd: mia'")
        s.expect("beta wants you to log in again", 30)
        s.send("\x1drecover\r")
        s.prompt("alpha", 30)
        on("alpha", s)
    wait_until("beta is empty", lambda: not c.session_processes("beta"), 40)


def quitting_ends_the_holder_later(c):
    with Session(c) as s:
        s.move("beta")
        s.line("sleep 1000")
        wait_until("it runs", lambda: c.root("beta", "pgrep -x sleep"))
        c.tool("cut", "beta")
        s.expect("no answer for .*more", 40)
        s.send("\x1dquit\r")
        s.finish()
        c.tool("join", "beta")
        for node in ("alpha", "beta"):
            wait_until(node + " is empty", lambda: not c.session_processes(node), 30)


def a_node_that_reboots(c):
    with Session(c) as s:
        s.move("gamma")
        s.run("mark=kept", "gamma")
        s.line("sleep 1000")
        wait_until("it runs", lambda: c.root("gamma", "pgrep -x sleep"))
        c.tool("kill", "gamma")
        s.expect("no answer for .*more", 60)
        c.tool("boot", "gamma")
        s.expect("gamma: the shell there is gone; .* `sleep 1000' was lost", 60)
        s.prompt("alpha")
        on("alpha", s)


def a_move_is_called_off(c):
    with Session(c) as s:
        s.run("mark=kept")
        for node, other in (("alpha", "beta"), ("beta", "gamma")):
            c.tool("cut", other)
            s.line("smigrate %s; echo st=$?" % other)
            s.settle(0.7)
            s.send("echo typed\r\x03")
            # what was typed meanwhile goes to the terminal when the move is given up: its echo and
            # the status, which the shell writes, have no order between them
            s.expect(r"mish: smigrate: interrupted \(staying on %s\)\r\n(echo typed\r\n)?st=130\r\n" % node)
            s.expect("\ntyped\r\n")
            c.tool("join", other)
            on(node, s)
            s.move(other)
            on(other, s)


def megabytes_with_cuts(c):
    """Cuts and a killed link meanwhile; every byte once."""
    cuts = int(os.environ.get("MISH_TEST_CUTS", "1"))
    size = int(os.environ.get("MISH_TEST_MEGABYTES", "6"))
    with Session(c) as s:
        s.move("beta")
        s.line("stty -opost; dd if=/dev/urandom bs=1M count=%d 2>/dev/null | base64 -w 75 >/tmp/big; "
               "md5sum </tmp/big; echo BEGIN; cat /tmp/big; echo @END@" % size)
        total = size * 1048576 // 3 * 4
        digest = s.expect(r"([0-9a-f]{32})  -\r?\nBEGIN\r?\n", 60).group(1).decode()
        start = s.mark
        for part in range(cuts + 1):
            want = start + total * (part + 1) // (cuts + 3)
            end = time.monotonic() + 60
            while len(s.log) < want and time.monotonic() < end:
                s.pump()
            true("some output", len(s.log) >= want)
            if part == cuts:
                c.root("alpha", "pkill -9 -x mish-link")
                continue
            c.tool("cut", "beta")
            end = time.monotonic() + 11
            while time.monotonic() < end:
                s.pump()
            c.tool("join", "beta")
        end = time.monotonic() + 120
        while b"@END@" not in s.log[-400:] and time.monotonic() < end:
            s.pump()
        s.mark = len(s.log) - 400
        s.expect("@END@\r?\n", 5)
        text = re.sub(rb"\x18|\x1b\[6n|\x1b7.*?\x1b8(?:\x1b\[A)?", b"", s.log[start:s.mark], flags=re.S)
        text = text[:text.rindex(b"@END@")]
        equal("md5", hashlib.md5(text.replace(b"\r\n", b"\n")).hexdigest(), digest)


def an_editor_over_a_cut(c):
    seconds = int(os.environ.get("MISH_TEST_CUT", "5"))
    c.write("text", "".join("line %d of the text\n" % i for i in range(1, 60)))
    with Session(c) as s:
        s.move("beta")
        s.line("vi -u NONE -N ~/text")
        s.expect("line 20 of")
        s.settle()
        s.send("5GA and more\x1b")
        s.settle()
        before = s.screen()
        true("it is there: %r" % before, "line 5 of the text and more" in before)
        c.tool("cut", "beta")
        s.send("\x1bx")
        s.expect("no answer for", 40)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            s.pump()
        c.tool("join", "beta")
        wait_until("the last key arrives", lambda: (s.pump(), "text and mor " in s.screen() or
                   "text and mor\n" in s.screen())[1], 40)
        s.settle(0.5)
        equal("screen", s.screen().replace("and mor", "and more").split("\n")[:22],
              before.split("\n")[:22])
        s.send("\x1b:wq\r")
        s.prompt("beta")
        true("once", "line 5 of the text and mor\n" in open(c.home + "/text").read())


def an_escape_key_is_no_report(c):
    """With the line the terminal is asked for its cursor's row: a key may come instead, or before."""
    with Session(c) as s:
        s.move("beta")
        for keys in ("\x1b", "\x1b\x1b[24;1R"):
            s.line("stty raw -echo; echo re''ady; dd bs=1 count=4 2>/dev/null | od -An -c; stty sane")
            s.expect("ready")
            c.tool("cut", "beta")
            s.expect("no answer for", 40)
            s.send(keys)
            c.tool("join", "beta")
            s.expect(r"\x1b\[2K", 40)
            s.send("abc")
            s.expect(r"033 +a +b +c\r?\n")
            s.prompt("beta")


def a_key_without_an_answer_is_told_soon(c):
    """Within 3 s of the key, although the connection is given up only later; and no key is lost."""
    with Session(c) as s:
        s.move("beta")
        s.run("mark=kept", "beta")
        c.tool("cut", "beta")
        s.send("echo ty")
        start = time.monotonic()
        s.expect("mish: beta: no answer for 3 s", 10)
        took = time.monotonic() - start
        true("within 3 s: %.1f" % took, took < 3.9 * PATIENCE)
        s.send("ped la''ter\r")
        c.tool("join", "beta")
        s.expect("\ntyped later\r\n", 30)
        s.prompt("beta")
        on("beta", s)
        # a program that answers nothing is no cut
        s.line("stty -echo; echo re''ady; read -r x; stty echo; echo got=$x")
        s.expect("ready")
        s.send("abc")
        end = time.monotonic() + 4.5 * PATIENCE
        while time.monotonic() < end:
            s.pump()
        true("no line", b"no answer" not in s.log[s.mark:])
        s.send("\r")
        s.expect("got=abc")


def a_way_out_of_a_peer_that_hangs(c):
    """^] after Enter, or three times, is the guardian's: wait, recover, quit."""
    with Session(c) as s:
        s.move("beta")
        s.run("mark=kept", "beta")
        s.run(":", "beta")
        s.send("\r")
        s.prompt("beta")
        s.send("\x1d")
        s.expect(r"mish: wait, login, recover \[HOST\], or quit\?")
        s.send("wait\r")
        s.settle(0.2)
        on("beta", s)
        # twice is the program's
        s.line("stty raw -echo; echo re''ady; dd bs=1 count=3 2>/dev/null | od -An -c; stty sane")
        s.expect("ready")
        s.send("a\x1d\x1d")
        s.expect(r"a +035 +035")
        s.prompt("beta")
        c.root("beta", "pkill -STOP -u mia -x mish-peer")
        s.send("ls\x1d\x1d\x1d")
        s.expect(r"mish: wait, login, recover \[HOST\], or quit\?")
        s.send("recover\r")
        s.prompt("alpha", 30)
        on("alpha", s)
        c.root("beta", "pkill -CONT -u mia -x mish-peer")
    wait_until("beta is empty", lambda: not c.session_processes("beta"), 40)


def quitting_a_peer_that_hangs(c):
    """The link is up, and READY, COMMIT and silence is all that comes: one can leave."""
    with Session(c) as s:
        s.move("beta")
        s.run(":", "beta")
        c.root("beta", "pkill -STOP -u mia -x mish-peer")
        s.send("x\x1d\x1d\x1d")
        s.expect(r"mish: wait, login, recover \[HOST\], or quit\?")
        s.send("quit\r")
        s.finish()
        c.root("beta", "pkill -CONT -u mia -x mish-peer")
    for node in ("alpha", "beta"):
        wait_until(node + " is empty", lambda: not c.session_processes(node), 40)


def more_than_a_screenful_typed_in_a_cut(c):
    """What has no room waits in the terminal; not a byte is dropped, and no bell rings."""
    with Session(c) as s:
        s.move("beta")
        s.run("mark=kept", "beta")
        s.line("stty raw -echo; echo re''ady; head -c 200000 | md5sum; stty sane")
        s.expect("ready")
        c.tool("cut", "beta")
        s.send("x")
        s.expect("no answer for", 20)
        data = b"x" + bytes(ord("a") + i * 7919 % 26 for i in range(199999))
        os.set_blocking(s.fd, False)
        sent, end = 1, time.monotonic() + 6
        while sent < len(data) and time.monotonic() < end:
            try:
                sent += os.write(s.fd, data[sent:sent + 4096])
            except BlockingIOError:
                s.pump(0.05)
        true("more than the spool holds: %d" % sent, sent > 70000)
        true("no bell", b"\a" not in s.log[s.mark:])
        c.tool("join", "beta")
        while sent < len(data):
            try:
                sent += os.write(s.fd, data[sent:sent + 4096])
            except BlockingIOError:
                s.pump(0.05)
        os.set_blocking(s.fd, True)
        s.expect(hashlib.md5(data).hexdigest(), 60)
        s.prompt("beta")


def STATE(c):
    return c.home + "/.local/state/mish/"


def kept(c):
    """The sessions that one could attach to."""
    return [v for v in os.listdir(STATE(c)) if v != ".lock"]


def the_terminal_is_somebody_elses(c):
    """set -o persist: the terminal goes, the shell and its command stay, and one attaches anew."""
    with Session(c) as s:
        s.move("beta")
        s.run("mark=kept; set -o persist", "beta")
        s.line("sleep 3; echo slept; sleep 1000")
        wait_until("it runs", lambda: c.root("beta", "pgrep -x sleep"))
        s.kill()
    wait_until("alpha is empty", lambda: not c.session_processes("alpha"))
    true("it is listed", "beta" in c.as_user("gamma", "mish --sessions"))
    mode = os.stat(STATE(c) + kept(c)[0]).st_mode
    equal("for its owner", mode & 0o777, 0o600)
    with Session(c, "gamma") as s:
        s.line("mish --attach")
        s.expect("slept\r\n", 20)  # behind the status line, if it took long
        s.send("\x03")
        s.prompt("beta")
        on("beta", s)
        s.run(":", "beta")
        equal("the origin is another now", s.run("echo $MISH_ORIGIN", "beta")[0], "gamma\n")
        # and a third terminal takes it from the second
        with Session(c) as t:
            t.line("mish --attach")
            s.expect("mish: another terminal has the session now\r\n")
            s.prompt("gamma")
            t.line("echo ne''w")
            t.expect("\nnew\r\n")
            t.prompt("beta")
            on("beta", t)
            t.line("exit")
            t.prompt("alpha")
    equal("none left", kept(c), [])
    wait_until("beta is empty", lambda: not c.session_processes("beta"))


def a_new_terminal_at_the_same_node_gets_a_prompt(c):
    """Nothing about the session has changed for it but the terminal."""
    with Session(c) as s:
        s.move("beta")
        s.run("set -o persist; mark=kept", "beta")
        s.run(":", "beta")
        s.kill()
    wait_until("alpha is empty", lambda: not c.session_processes("alpha"))
    with Session(c) as s:
        s.line("mish --attach")
        s.prompt("beta")
        on("beta", s)
        s.line("exit")
        s.prompt("alpha")
    wait_until("none left", lambda: not kept(c))


def a_persistent_session_whose_node_is_lost(c):
    with Session(c) as s:
        s.move("beta")
        s.run("set -o persist; mark=kept", "beta")
        s.run(":", "beta")
        s.kill()
    wait_until("alpha is empty", lambda: not c.session_processes("alpha"))
    c.root("beta", "pkill -9 -x mish-peer")
    with Session(c, "gamma") as s:
        s.line("mish --attach")
        m = s.expect(r"beta: the shell there is gone; your session continues on gamma as of (\d\d):(\d\d):(\d\d)")
        h, mi, sec = time.strptime(s.run("date +%T", "gamma")[0].strip(), "%H:%M:%S")[3:6]
        age = (h * 3600 + mi * 60 + sec - sum(int(v) * w for v, w in zip(m.groups(), (3600, 60, 1)))) % 86400
        true("as of the last prompt there: %d s ago" % age, age < 60 * PATIENCE)
        on("gamma", s)
    equal("none left", kept(c), [])


def has_it(s):
    """Is the session in this terminal?"""
    s.settle(0.7)
    try:
        s.line("echo mark=$mark=")
        return s.expect(r"\nmark=(\w*)=", 20).group(1) == b"kept"
    except (Failure, OSError):
        true("another one has it: %r" % s.log[-300:], b"another terminal has the session now" in s.log)
        return False


def attaching_while_it_moves(c):
    """At whatever moment: one shell, one terminal that has it, one file; the other terminal is told."""
    for wish in ("gamma", "home", "beta"):
        for ms in (0, 15, 30, 45, 60, 80, 120) if os.environ.get("MISH_TEST_FULL") else (0, 30, 60):
            with Session(c) as s, Session(c, "gamma") as t:
                s.move("gamma" if wish == "beta" else "beta")
                s.run("set -o persist; mark=kept", "gamma" if wish == "beta" else "beta")
                s.run(":", "gamma" if wish == "beta" else "beta")
                t.send("mish --attach")
                t.settle(0.1)
                s.line("smigrate " + wish)
                time.sleep(ms / 1000)
                t.line("")
                had = []
                for who in (s, t):
                    had.append(has_it(who))
                equal("%s after %d ms: who has it: %r %r" % (wish, ms, s.log[-600:], t.log[-600:]),
                      sum(had), 1)
                (s if had[0] else t).line("exit")
                (s if had[0] else t).settle(0.3)
                if had[0]:
                    s.kill()
                wait_until("no session is left after %s, %d ms: %r" % (wish, ms, kept(c)), lambda: not kept(c), 5)


def a_file_that_cannot_be_written(c):
    """set -o persist with no room for the session's file: told, off, and never stale."""
    def full():
        c.root("beta", "true")
        for node in ("alpha", "beta", "gamma"):
            c.root(node, "mount -t tmpfs -o size=64k,uid=20077,gid=20077,mode=700 tmpfs /home/mia/.local/state")

    def roomy():
        for node in ("alpha", "beta", "gamma"):
            c.root(node, "umount /home/mia/.local/state")
    os.makedirs(STATE(c), exist_ok=True)
    c.tool("exec", "alpha", "chown", "-R", "20077:20077", "/home/mia/.local")
    full()
    try:
        with Session(c) as s:
            s.move("beta")
            s.run("mark=kept; big=$(head -c 200000 /dev/zero | tr '\\0' a); set -o persist", "beta")
            s.expect(r"mish: persist: the session's file cannot be written: .* \(off: nobody can attach to this "
                     r"session\)\r\n")
            s.prompt("beta")
            out = s.run("set -o | grep persist", "beta")[0]
            true("it is off: %r" % out, "off" in out)
            equal("none is there", c.as_user("alpha", "ls ~/.local/state/mish").split(), [])
            on("beta", s)
            s.run("unset big", "beta")
            s.move("gamma")
            s.run("set -o persist", "gamma")
            s.run(":", "gamma")
            s.settle()
            equal("one is there", len(c.as_user("alpha", "ls ~/.local/state/mish").split()), 1)
            s.move("beta")
            on("beta", s)
            s.move("home")
            equal("none is left", c.as_user("alpha", "ls ~/.local/state/mish").split(), [])
    finally:
        roomy()


def a_read_only_directory_where_nothing_was_kept(c):
    """There is nothing that could be stale: persist is off, and the session moves."""
    for made in False, True:
        c.root("alpha", "mount -t tmpfs -o mode=700,uid=20077,gid=20077 tmpfs /home/mia/.local/state")
        try:
            if made:
                c.as_user("alpha", "mkdir ~/.local/state/mish")
            c.root("alpha", "mount -o remount,ro /home/mia/.local/state")
            with Session(c) as s:
                s.move("beta")
                s.run("set -o persist", "beta")
                s.expect(r"mish: persist: the session's file cannot be written: .* \(off: nobody can attach to this "
                         r"session\)\r\n")
                s.prompt("beta")
                s.line("set -o persist; smigrate gamma")
                s.prompt("gamma")
                s.move("home")
        finally:
            c.root("alpha", "umount /home/mia/.local/state")


def a_directory_that_may_not_be_written(c):
    """Its file stays, and says what is no longer so: the session is not there twice when the mode is another again."""
    for mode in "000", "500":
        with Session(c) as s, Session(c, "gamma") as t:
            s.move("beta")
            s.run("set -o persist", "beta")
            s.run(":", "beta")
            s.settle()
            c.as_user("alpha", "chmod %s ~/.local/state/mish" % mode)
            try:
                s.run("mark=kept", "beta")
                s.expect("mish: persist: .* \\(off: ")
                s.prompt("beta")
                s.line("smigrate gamma")
                s.expect(r"smigrate: .*cannot be written: Permission denied \(staying on beta\)")
                s.prompt("beta")
            finally:
                c.as_user("alpha", "chmod 700 ~/.local/state/mish")
            s.run(":", "beta")
            t.line("mish --attach")
            t.settle(1)
            true("nothing is made from an old state: %s: %r" % (mode, t.log[-300:]), b"your session continues on" not in t.log)


def attaching_to_nothing(c):
    with Session(c) as s:
        for what, answer in (("--attach", "no session persists"), ("--attach 12ab", "no such session")):
            out, status = s.run("mish " + what)
            true("%s: %r" % (what, out), "mish: attach: " + answer in out and status == 1)


if __name__ == "__main__":
    tests = [a_killed_link_is_replaced, an_end_in_a_cut_is_told_after_it, what_another_peer_answers_is_told_and_steers_no_terminal,
          a_greeting_that_cannot_be_read_takes_nothing, a_command_does_not_notice_a_cut,
          what_is_typed_in_a_cut_arrives_once,
          an_idle_session_goes_on_at_home_when_its_node_is_silent,
          a_killed_peer_costs_the_command_that_ran, a_killed_shell_too, a_large_session_is_not_lost, a_session_too_large_for_a_checkpoint_is_told,
          one_recovers_elsewhere_on_demand, one_logs_in_again, quitting_ends_the_holder_later, a_node_that_reboots,
          a_move_is_called_off, megabytes_with_cuts, an_editor_over_a_cut,
          an_escape_key_is_no_report, a_key_without_an_answer_is_told_soon,
          a_way_out_of_a_peer_that_hangs, quitting_a_peer_that_hangs, more_than_a_screenful_typed_in_a_cut, the_terminal_is_somebody_elses,
          a_new_terminal_at_the_same_node_gets_a_prompt, a_persistent_session_whose_node_is_lost, attaching_while_it_moves,
          a_file_that_cannot_be_written, a_read_only_directory_where_nothing_was_kept,
          a_directory_that_may_not_be_written, attaching_to_nothing]
    if PATIENCE == 1:  # a sanitizer will not have anything before itself
        tests.append(room_that_nobody_looks_for)
    main(tests, tag="k")
