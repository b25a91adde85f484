#!/usr/bin/env python3
"""mish as a login shell: what ssh, scp, sftp, rsync and su do with it, as with dash."""

import os
import re
import subprocess
import time

from mishtest import *


def ssh(c, *args, **kw):
    return subprocess.run([TOOL, "-p", c.prefix, "ssh"] + list(args), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=60, **kw)


def with_shell(c, shell, test):
    """Runs a test with another login shell on alpha; returns what it saw."""
    c.root("alpha", "sed 's,:/opt/mish/bin/mish$,:%s,' /etc/passwd >/tmp/p; "
           "mount --bind /tmp/p /etc/passwd" % shell)
    try:
        return test()
    finally:
        c.root("alpha", "umount /etc/passwd")


def as_with_dash(c, name, test):
    def normal(r):
        return (r.returncode, r.stdout, r.stderr) if hasattr(r, "returncode") else r
    expected = normal(with_shell(c, "/usr/bin/dash", test))
    equal(name, normal(test()), expected)
    return expected


def commands_over_ssh(c):
    for command in ("true", "exit 5", "echo hello; echo err >&2", "kill -TERM $$", "cat",
                    "printf '%s\\n' \"$HOME\" \"$USER\" \"$0\" | head -2", "echo $(pwd) $#",
                    "nosuchcommand 2>/dev/null"):
        as_with_dash(c, command, lambda: ssh(c, "alpha", command, input=b"in\nput\n"))


def script_on_stdin(c):
    script = b"echo one\nread x\nthis line is data\necho \"got: $x\"\nexit 4\necho never\n"
    # dash reads ahead and loses the data; XCU sh (STDIN) wants it left for `read`
    r = ssh(c, "-T", "alpha", input=script)
    equal("script", (r.returncode, r.stdout, r.stderr),
          (4, b"one\ngot: this line is data\n", b""))


def scp_and_sftp(c):
    big = os.urandom(300000)
    with open(c.dir + "/big", "wb") as f:
        f.write(big)
    for flags in (["-O"], []):
        for source, to in ((c.dir + "/big", "alpha:copied file"), ("alpha:copied file", c.dir + "/back")):
            r = subprocess.run([TOOL, "-p", c.prefix, "scp", "-q"] + flags +
                               [source.replace(" ", "\\ ") if flags and ":" in source else source,
                                to.replace(" ", "\\ ") if flags and ":" in to else to],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
            equal("scp %s" % flags, (r.returncode, r.stdout, r.stderr), (0, b"", b""))
        equal("contents", open(c.dir + "/back", "rb").read() == big, True)
        os.unlink(c.dir + "/back")
    r = subprocess.run([TOOL, "-p", c.prefix, "sftp", "-q", "-b", "-", "alpha"],
                       input=b"get \"copied file\" %s/back\n" % c.dir.encode(),
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    equal("sftp", (r.returncode, r.stderr), (0, b""))
    equal("contents", open(c.dir + "/back", "rb").read() == big, True)


def rsync(c):
    os.makedirs(c.dir + "/tree/sub dir", exist_ok=True)
    for i in range(20):
        with open(c.dir + "/tree/sub dir/%d" % i, "w") as f:
            f.write(str(i) * 100)
    r = subprocess.run([TOOL, "-p", c.prefix, "rsync", "-a", c.dir + "/tree/", "alpha:synced/"],
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    equal("rsync", (r.returncode, r.stdout), (0, b""))
    r = subprocess.run(["diff", "-r", c.dir + "/tree", c.home + "/synced"])
    equal("contents", r.returncode, 0)


def su_login(c):
    def test():
        return c.tool("exec", "alpha", "su", "-", "mia", "-c",
                      "echo $HOME $0 $-; pwd; exit 6", check=False)
    r = test()
    equal("status", r.returncode, 6)
    true("output: " + r.stdout, r.stdout.split("\n")[1] == "/home/mia")


def history_substitution(c):
    with Session(c) as s:
        s.line("echo one two")
        s.expect(r"\none two\r\n")
        s.prompt("alpha")
        s.line("!!:0 three !$")
        s.expect(r"\r\necho three two\r\nthree two\r\n")  # what is run, then what it prints
        s.prompt("alpha")
        s.line("!nothing; echo not run")
        s.expect(r"\r\nmish: !nothing: event not found\r\n[^\n]*\[alpha\]> ")
        s.line("!ec:p")
        s.expect(r"\r\necho three two\r\n[^\n]*\[alpha\]> ")
        s.line("^three^3")
        s.expect(r"\r\necho 3 two\r\n3 two\r\n")
        s.prompt("alpha")
        s.move("beta")
        s.line("!-3:s/two/moved/")  # history and option came along
        s.expect(r"\nthree moved\r\n")
        s.prompt("beta")
        s.line("set +H; echo \"!!\"")
        s.prompt("beta")
        s.line("echo \"!!\"")
        s.expect(r"\r\n!!\r\n")


def fc_lists_and_runs_again(c):
    """XCU fc: "%d\\t%s\\n", with -n "\\t%s\\n"."""
    with Session(c) as s:
        for line in ("echo first", "echo second"):
            s.line(line)
            s.prompt()
        a = int(s.run("fc -l 'echo f' 'echo f' | cut -f1")[0])
        for command, want in (
                ("fc -l %d %d" % (a, a + 1), r"%d\techo first\n%d\techo second\n=0" % (a, a + 1)),
                ("fc -lr %d %d" % (a, a + 1), r"%d\techo second\n%d\techo first\n=0" % (a + 1, a)),
                ("fc -l -n %d %d" % (a, a), r"\techo first\n=0"),
                ("fc -l 'echo f' 'echo f'", r"%d\techo first\n=0" % a),
                ("fc -s first=1st %d" % a, r"echo 1st\n1st\n=0"),
                ("fc -e true %d" % (a + 1), r"echo second\nsecond\n=0"),
                ("fc -e 'sed -i s/second/2nd/' %d" % (a + 1), r"echo 2nd\n2nd\n=0"),
                ("FCEDIT=false fc %d" % (a + 1), r"=[1-9]"),
                ("fc -s nonesuch", r"mish: fc: nonesuch: not in the history\n=1")):
            s.line(command + "; echo =$?")
            try:
                s.expect(r"\$\?\r\n" + want.replace("\\n", "\r\n") + "\r\n", 5)
            except Failure as e:
                raise Failure("%s: %s" % (command, e))
            s.prompt()


def names_that_would_steer_or_run(c):
    """A file's name is anybody's: Tab shows and inserts it harmlessly, and so does a prompt."""
    with Session(c) as s:
        # a name of one word: blanks in it were quoted before, too
        s.run("mkdir -p steer/d && cd steer && echo in''side >$'d/x\\nsteered\\n'; steered() { echo >BAD; }")
        s.run("touch $'d/n\\033]0;title\\007a' $'d/n\\033]0;title\\007b' $'d/n\\xc2\\x9bc'")
        s.send("cat d/x\t\n")
        s.expect("inside")
        s.prompt("alpha")
        equal("nothing ran", s.run("ls -d BAD 2>/dev/null")[0], "")
        for quote in "'", '"':
            s.send("cat %sd/x\t\n" % quote)
            s.expect("inside")
            s.prompt("alpha")
        mark = len(s.log)
        s.send("ls d/n\t\t")
        s.expect(r"n\?\]0;title\?a")
        s.send("\x15\n")
        s.prompt("alpha")
        true("no sequence", b"\x1b]0;" not in s.log[mark:] and b"\xc2\x9b" not in s.log[mark:])
        s.line("mkdir $'p\\033]0;x\\007'; PS1='%~> '; cd p*")
        s.expect(r"p\?\]0;x\?> ")
        s.line("exit")


def an_interrupt_ends_the_line(c):
    """^C wherever it comes: what is behind it on the line does not run, nor on half the words."""
    with Session(c) as s:
        for line in ("echo r''an $(@; sleep 9; echo a)", "touch ran$(@; sleep 9)", ": >ran$(@; sleep 9)",
                     "case $(@; sleep 9) in *) touch ran ;; esac", "x=$(@; sleep 9) touch ran",
                     "if : $(@; sleep 9); then touch ran; else touch ran; fi", "y=$(touch ran) >f$(@; sleep 9)",
                     "@; read x || touch ran", "@; sleep 9 || touch ran; touch ran", "x=$(@; sleep 9 & :); touch ran",
                     "set -e; touch ran $(@; sleep 9)", "set -e; @; read x", "set +m; set -e; @; sleep 9",
                     "PS4='$(@; sleep 0.5)+ '; set -x; touch ran", "touch ran $(kill -INT $$)"):
            s.line(line.replace("@", "echo b''egun >&2"))
            if "@" in line:
                s.expect("begun\r\n")
                s.send("\x03")
            s.expect("\n")
            s.prompt()
            equal(line, s.run("{ s=$?; set +ex -m; } 2>/dev/null; echo $s; echo ran*")[0], "130\nran*\n")
        true("nothing was printed", not re.search(b"\nran[^*]", s.log))
        s.line("PS1='$(echo b''egun >&2; sleep 0.5)[%m]%# '")
        s.expect("begun\r\n")
        s.send("\x03")
        s.line("PS1='[%m]%# '")
        s.prompt()
        # with an action for it the command is run, and then the action
        s.line("trap 'echo ca''ught' INT; touch ran$(echo b''egun >&2; sleep 0.5)")
        s.expect("begun\r\n")
        s.send("\x03")
        s.expect("caught\r\n")
        s.prompt()
        equal("with a trap", s.run("trap - INT; echo ran*; rm ran*")[0], "ran\n")
    with Session(c) as s:
        s.line("trap 'touch hung-up' EXIT; touch ran$(echo b''egun >&2; sleep 9)")
        s.expect("begun\r\n")
        s.kill()
    wait_until("it has ended", lambda: not c.session_processes("alpha"))
    equal("after a hang-up", c.as_user("alpha", "echo ran* hung*; rm hung*"), "ran* hung-up\n")


def an_interrupt_before_the_job_has_the_terminal(c):
    c.install("slowpgrp.so")
    with Session(c) as s:
        s.line("LD_PRELOAD=/opt/mish/bin/slowpgrp.so exec mish")
        s.expect("> ")
        s.line(PLAIN)
        s.prompt()
        s.line("echo b''egun; sleep 99; echo ra''n")
        s.expect("begun\r\n")
        time.sleep(0.1)
        s.send("\x03")
        s.expect("\n")
        s.prompt(timeout=9)
        equal("status", s.run("echo $?")[0], "130\n")
        true("nothing was printed", b"\nran" not in s.log)


def profile_is_read_at_login_only(c):
    c.write(".profile", "echo profile; PATH=/opt/mish/bin:$PATH\n")
    c.write(".mishrc", "echo mishrc; PS1='rc> '\n")
    try:
        equal("command", ssh(c, "alpha", "echo x").stdout, b"x\n")
        equal("script", ssh(c, "-T", "alpha", input=b"echo y\n").stdout.split(b"\n")[-3:],
              [b"profile", b"y", b""])
        with Session(c, prompt=False) as s:
            s.expect("profile\r\n.*mishrc\r\n.*rc> ")
            s.line("exit 8")
            equal("status", s.finish(), 8)
    finally:
        c.write(".profile", "PATH=/opt/mish/bin:$PATH\n")
        os.unlink(c.home + "/.mishrc")


def broken_startup_files_do_not_lock_out(c):
    for text in ("if true; then\n", "return 3\n", "nosuchcommand\n", "set -e; false\n", "((((\n",
                 "cat <<EOF\nno end\n", "${x?unset}\n", ". /nonexistent\n", "readonly x; x=1\n"):
        c.write(".mishrc", text)
        try:
            with Session(c, prompt=False) as s:
                s.expect("mia@alpha:~> ")
                s.line("set +e; echo al''ive")
                s.expect("alive\r\n")
        finally:
            os.unlink(c.home + "/.mishrc")


def missing_modules_do_not_lock_out(c):
    for module in ("mish-edit.so", "mish-move.so"):
        path = c.dir + "/opt/libexec/mish/" + module
        os.rename(path, path + ".off")
        try:
            with Session(c, prompt=False) as s:
                s.expect("mia@alpha:~> ")
                s.line("echo al''ive")
                s.expect("alive\r\n")
        finally:
            os.rename(path + ".off", path)


def restart_mishd(c):
    c.root("alpha", "pkill -9 mishd; rm -rf /run/mish/*; setpriv --reuid=20078 --regid=20078 "
           "--clear-groups setsid /opt/mish/bin/mishd -c %s/nodes/alpha/mishd.conf </dev/null "
           ">/dev/null 2>&1 &" % c.dir)


# what breaks it as root on alpha, what mends it
BREAKAGES = [
    ("home is gone", "mount -t tmpfs -o mode=755 none /home", "umount /home"),
    ("home cannot be entered", "chmod 000 ~mia", "chmod 700 ~mia"),
    ("home is full", "mount -t tmpfs -o size=4k,mode=777 none /tmp/x && cp -a ~mia/. /tmp/x; "
     "mount --bind /tmp/x ~mia", "umount ~mia; umount /tmp/x"),
    ("history is a directory", "rm -f ~mia/.mish_history; mkdir ~mia/.mish_history",
     "rmdir ~mia/.mish_history"),
    ("history is garbage", "head -c 300000 /dev/urandom >~mia/.mish_history", "rm -f ~mia/.mish_history"),
    ("history is huge", "head -c 20000000 /dev/zero | tr '\\0' x >~mia/.mish_history",
     "rm -f ~mia/.mish_history"),
    ("startup file is garbage", "head -c 100000 /dev/urandom >~mia/.mishrc", "rm -f ~mia/.mishrc"),
    ("startup file cannot be read", "echo x >~mia/.mishrc; chmod 000 ~mia/.mishrc", "rm -f ~mia/.mishrc"),
    ("startup file is a directory", "mkdir ~mia/.mishrc", "rmdir ~mia/.mishrc"),
    ("profile is gone", "mv ~mia/.profile ~mia/x", "mv ~mia/x ~mia/.profile"),
    ("daemon is gone", "pkill -9 mishd", None),
    ("daemon is stopped", "pkill -STOP mishd", "pkill -CONT mishd"),
    ("daemon's socket is a file", "pkill -9 mishd; rm -f /run/mish/mishd.sock; echo x >/run/mish/mishd.sock", None),
    ("daemon's socket is a directory", "pkill -9 mishd; rm -f /run/mish/mishd.sock; mkdir /run/mish/mishd.sock",
     None),
    ("daemon talks nonsense", "pkill -9 mishd; rm -f /run/mish/mishd.sock; (python3 -c '\n"
     "import socket, os\ns = socket.socket(socket.AF_UNIX)\ns.bind(\"/run/mish/mishd.sock\")\n"
     "os.chmod(\"/run/mish/mishd.sock\", 511)\ns.listen()\n"
     "while 1: s.accept()[0].send(os.urandom(5000))' >/dev/null 2>&1 &)", "pkill -f os.urandom"),
    ("configuration is broken", "echo nonsense >/tmp/c; pkill -9 mishd; "
     "setpriv --reuid=20078 --regid=20078 --clear-groups /opt/mish/bin/mishd -c /tmp/c; true", None),
    ("no /tmp", "mount -t tmpfs -o mode=000 none /tmp", "umount /tmp"),
    ("no programs beside it", "mount -t tmpfs none /opt/mish/libexec", "umount /opt/mish/libexec"),
]


def broken_things_do_not_lock_out(c):
    for name, damage, mend in BREAKAGES:
        c.root("alpha", "mkdir -p /tmp/x; " + damage)
        try:
            # not through sshd, which needs the home itself
            with Session(c, command=[TOOL, "-p", c.prefix, "exec", "alpha", "setpriv", "--reuid=20077",
                                     "--regid=20077", "--clear-groups", "env", "-i", "HOME=/home/mia",
                                     "TERM=xterm", "/opt/mish/bin/mish", "--login"], prompt=False) as s:
                s.expect("> ")
                s.line("HISTFILE=; echo al''ive")
                s.expect("alive\r\n")
        except Failure as e:
            raise Failure("%s: %s" % (name, e))
        finally:
            if mend:
                c.root("alpha", mend)
            else:
                restart_mishd(c)


if __name__ == "__main__":
    tests = [commands_over_ssh, script_on_stdin, scp_and_sftp, rsync, su_login,
             history_substitution, an_interrupt_ends_the_line,
             fc_lists_and_runs_again, names_that_would_steer_or_run, profile_is_read_at_login_only, broken_startup_files_do_not_lock_out,
             missing_modules_do_not_lock_out, broken_things_do_not_lock_out]
    if PATIENCE == 1:  # a sanitizer will not have anything before itself
        tests.append(an_interrupt_before_the_job_has_the_terminal)
    main(tests, nodes=2, tag="l")
