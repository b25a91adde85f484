#!/usr/bin/env python3
"""Moves that cannot be: one prompt, the state intact, one message, nothing left behind."""

import os
import shutil
import subprocess

from mishtest import *

KNOWN = ".ssh/known_hosts"


def refused(c, destination, message, before=None, after=None, place="alpha"):
    """Tries to move from `place`, which must fail with that message alone."""
    with Session(c) as s:
        s.run("x='state is here'; cd /usr; f() { echo f; }")
        if place != "alpha":
            s.move(place)
        if before:
            before()
        try:
            out, status = s.run("smigrate " + destination, place, timeout=40)
        finally:
            if after:
                after()
        true("message: %r" % out, re.fullmatch(
            r"mish: smigrate: %s: %s \(staying on %s\)\n" % (destination, message, place),
            " ".join(out.split("\n")[:-1]) + "\n"))
        true("status %d" % status, status != 0)
        equal("state", s.run("echo $x $PWD; f; hostname", place)[0],
              "state is here /usr\nf\n%s\n" % place)
        # no ticket is left open: the same session can be offered again at once
        s.move("gamma" if place == "alpha" else "home")
        s.line("exit 3")
        equal("exit status", s.finish(), 3)
    for node in ("alpha", "beta", "gamma"):
        wait_until("nothing left on " + node, lambda: not c.session_processes(node))


def everywhere(c, destination, message, before=None, after=None):
    refused(c, destination, message, before, after, "alpha")
    refused(c, destination, message, before, after, "gamma")


def destination_down(c):
    c.tool("kill", "beta")
    try:
        everywhere(c, "beta", "(no route to host|connection timed out)")
    finally:
        c.tool("boot", "beta")


def connection_refused(c):
    everywhere(c, "beta", "connection refused",
               lambda: c.root("beta", "pkill -o sshd; while pgrep -o sshd; do :; done"),
               lambda: c.root("beta", "/usr/sbin/sshd -f %s/nodes/beta/ssh/sshd_config -E "
                              "%s/nodes/beta/sshd.log; i=0; while ! ss -tln | grep -q :22 && "
                              "[ $i -lt 100 ]; do i=$((i+1)); sleep 0.05; done" % (c.dir, c.dir)))


def edit_known(c, change):
    path = os.path.join(c.home, KNOWN)
    shutil.copy2(path, path + ".all")
    with open(path + ".all") as f:
        lines = f.readlines()
    with open(path, "w") as f:
        f.writelines(change(lines))


def restore_known(c):
    path = os.path.join(c.home, KNOWN)
    with open(path + ".all") as f, open(path, "w") as g:
        g.write(f.read())
    os.unlink(path + ".all")


def host_key_unknown(c):
    """Strictly: else ssh asks, and so do we (test_ssh.py)."""
    config = os.path.join(c.home, ".ssh/config")

    def forget():
        c.write(".ssh/config", "StrictHostKeyChecking yes\n", 0o600)
        edit_known(c, lambda l: [x for x in l if not x.startswith("beta")])

    def restore():
        os.unlink(config)
        restore_known(c)
    everywhere(c, "beta", "its host key is not known; to accept it, run: ssh beta true", forget, restore)


def host_key_changed(c):
    def change(lines):
        gamma = [x for x in lines if x.startswith("gamma")][0].split(None, 1)[1]
        return [x if not x.startswith("beta") else x.split()[0] + " " + gamma for x in lines]
    everywhere(c, "beta", "its host key has changed; if that is expected, run: ssh-keygen -R beta",
               lambda: edit_known(c, change), lambda: restore_known(c))


def key_not_accepted(c):
    keys = os.path.join(c.home, ".ssh/authorized_keys")
    everywhere(c, "beta", r"permission denied \(publickey\); to see why, run: ssh beta true",
               lambda: os.rename(keys, keys + ".off"), lambda: os.rename(keys + ".off", keys))


def no_mish_there(c):
    real = c.dir + "/opt/libexec/mish/mish-peer"
    everywhere(c, "beta", "mish is not installed there, or not in PATH; smigrate -i takes it along",
               lambda: os.rename(real, real + ".off"), lambda: os.rename(real + ".off", real))


def another_protocol_version(c):
    peer = c.dir + "/opt/libexec/mish/mish-peer"

    def install():
        os.rename(peer, peer + ".real")
        shutil.copy2(os.path.join(BUILD, "tests/tool/mish-peer-far"), peer)
    everywhere(c, "beta", "protocol version %d, here it is %d; install the same mish on both nodes" % (PROTOCOL, PROTOCOL + 2),
               install, lambda: os.rename(peer + ".real", peer))


def state_cannot_be_read_there(c):
    """The shell there starts, but cannot load what opens a state."""
    path = "/opt/mish/libexec/mish/mish-move.so"
    everywhere(c, "beta", ".*%s.*" % "mish-move.so",
               lambda: c.root("beta", "mount --bind /dev/null " + path),
               lambda: c.root("beta", "umount " + path))


def draining(c):
    everywhere(c, "beta", "this node is draining; smigrate -f overrides that",
               lambda: c.tool("exec", "beta", "mishctl", "drain"),
               lambda: c.tool("exec", "beta", "mishctl", "undrain"))


def draining_is_overridden_by_f(c):
    c.tool("exec", "beta", "mishctl", "drain")
    with Session(c) as s:
        s.move("beta", flags="-f ")
        equal("there", s.run("hostname", "beta")[0], "beta\n")
    c.tool("exec", "beta", "mishctl", "undrain")


def noisy_startup_file(c):
    """A login shell that prints before it runs the peer: the move succeeds."""
    c.write("bin/noisy", "#!/bin/sh\nhead -c 3000000 /dev/urandom\necho noise\n"
            'exec /opt/mish/bin/mish "$@"\n', 0o755)
    try:
        c.root("beta", "sed 's,:/opt/mish/bin/mish$,:/home/mia/bin/noisy,' /etc/passwd >/tmp/p; "
               "mount --bind /tmp/p /etc/passwd")
        with Session(c) as s:
            s.run("x=kept")
            s.move("beta")
            equal("state", s.run("echo $x", "beta")[0], "kept\n")
    finally:
        c.root("beta", "umount /etc/passwd")


def directory_is_not_there(c):
    c.root("alpha", "mkdir -p /tmp/only/here; chmod 777 /tmp/only/here")
    with Session(c) as s:
        s.run("cd /tmp/only/here; x=kept")
        s.line("smigrate beta")
        s.expect(r"mish: beta: /tmp/only/here: No such file or directory \(now in /home/mia\)\r\n")
        s.prompt("beta")
        equal("where", s.run("pwd; echo $x $OLDPWD", "beta")[0],
              "/home/mia\nkept /tmp/only/here\n")


def bad_arguments(c):
    with Session(c) as s:
        for arguments, message in (("alpha", "mish: smigrate: already at home (staying on alpha)"),
                                   ("home", "mish: smigrate: already at home (staying on alpha)"),
                                   ("-x beta", "mish: smigrate: -x: unknown option"),
                                   ("--", None), ("'a b'", "mish: smigrate: a b: not a host name"),
                                   ("-- -oProxyCommand=id",
                                    "mish: smigrate: -oProxyCommand=id: not a host name")):
            if message is None:
                continue
            out, status = s.run("smigrate " + arguments)
            equal(arguments, out.split("\n")[0], message)
            true("status", status != 0)
        s.move("beta")
        out, status = s.run("smigrate beta", "beta")
        equal("again", out, "mish: smigrate: beta: already there (staying on beta)\n")


def password_is_asked_for_in_a_manual_move(c):
    """Without a key: three tries at the terminal, nothing echoed; ^C keeps the shell here."""
    keys = os.path.join(c.home, ".ssh/authorized_keys")
    config = "%s/nodes/beta/ssh/sshd_config" % c.dir
    with Session(c) as s:
        c.root("beta", "sed -i 's/PasswordAuthentication no/PasswordAuthentication yes/' %s; "
               "kill -HUP $(cat /run/sshd.pid)" % config)
        os.rename(keys, keys + ".off")
        try:
            wait_until("sshd is back", lambda: "password" in c.as_user(
                "alpha", "ssh -v -o BatchMode=yes beta true 2>&1"))
            s.line("smigrate beta")
            s.expect("beta's password: ")
            s.send("\x03")
            s.expect(r"interrupted \(staying on alpha\)\r\n")
            s.prompt()
            s.line("smigrate beta")
            s.expect("beta's password: ")
            s.send("wrong\r")
            s.expect("beta's password: ")
            s.send("secret\r")
            s.prompt("beta")
            true("nothing is echoed", b"secret" not in s.log)
        finally:
            os.rename(keys + ".off", keys)
            c.root("beta", "sed -i 's/PasswordAuthentication yes/PasswordAuthentication no/' %s; "
                   "kill -HUP $(cat /run/sshd.pid)" % config)


def a_greeting_without_a_secret_is_refused(c):
    """A move whose HELLO has no secret, or names no socket: anybody could attach, or no link come back."""
    says = r"""
import os, struct, subprocess
def hello(*more):
    fields = [b"\x01\xVV", b"\x4d\xVV", b"\x48\x01", b"\x02\xc4\x10" + b"0123456789abcdef"] + list(more)
    m = bytes([0x80 | len(fields)]) + b"".join(fields)
    return struct.pack("<BI", 1, len(m)) + m
for more in ([], [b"\x20\xc4\x20" + b"s" * 32], [b"\x4c\xc4\x10" + b"s" * 16]):
    p = subprocess.run(["/opt/mish/libexec/mish/mish-peer"], input=hello(*more), stdout=subprocess.PIPE)
    print(b"has no secret" in p.stdout, p.returncode)
"""
    c.write("says.py", says.replace("VV", "%02x" % PROTOCOL))
    equal("each", c.as_user("beta", "python3 ~/says.py"), "True 1\n" * 3)


def nobody_takes_the_name_before_a_peer(c):
    """Anybody may take a name in the abstract namespace: a peer's cannot be guessed, and one that is taken is no session."""
    def names():
        return re.findall(r"@mish-peer/20077/(\S+)", c.root("beta", "ss -xlH"))
    with Session(c) as s, Session(c) as t:
        seen = set()
        for _ in range(2):
            s.move("beta")
            t.move("beta")
            for name in names():
                true("not made of what others know: " + name, re.fullmatch("[0-9a-f]{32}", name) and
                     s.run("echo $MISH_SESSION", "beta")[0].strip() not in name)
                seen.add(name)
            s.move("home")
            t.move("home")
        equal("each is another", len(seen), 4)
    takes = r"""
import os, socket, struct, subprocess, time
name = b"s" * 16
if os.fork() == 0:
    os.setuid(30001)
    s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    s.bind(b"\0mish-peer/20077/" + name.hex().encode())
    s.listen(8)
    time.sleep(3)
    os._exit(0)
time.sleep(0.5)
fields = [b"\x01\xVV", b"\x4d\xVV", b"\x48\x01", b"\x02\xc4\x10" + b"0123456789abcdef", b"\x20\xc4\x20" + b"k" * 32]
for last in b"t", b"s":
    more = fields + [b"\x4c\xc4\x10" + b"s" * 15 + last]
    m = bytes([0x80 | len(more)]) + b"".join(more)
    p = subprocess.run(["/opt/mish/libexec/mish/mish-peer"], input=struct.pack("<BI", 1, len(m)) + m, user=20077, group=20077,
                       extra_groups=[], stdout=subprocess.PIPE)
    print(b"cannot make a socket for the session: Address already in use" in p.stdout)
"""
    c.write("takes.py", takes.replace("VV", "%02x" % PROTOCOL))
    equal("one that is free, and one that is taken", c.root("beta", "python3 /home/mia/takes.py"), "False\nTrue\n")


def a_link_that_is_missing_is_told(c):
    top = c.own_installation("alpha") + "/libexec/mish/mish-link"
    os.rename(top, top + ".off")
    try:
        with Session(c) as s:
            for what in ("smigrate -n beta", "smigrate --warm beta", "smigrate beta"):
                out, status = s.run(what)
                true("%s: %r" % (what, out), "mish-link" in out and "not installed" in out and status != 0)
            equal("still here", s.run("hostname")[0], "alpha\n")
    finally:
        os.rename(top + ".off", top)


def an_errand_that_is_none_is_no_move(c):
    """mish-link is started with an errand that it has a number for, but no name."""
    starts = r"""
import fcntl, os, socket, subprocess
errand = os.memfd_create("errand")
os.write(errand, b"\x82\x4b\xVV\x48\x00")  # FORMAT: this version; ERRAND: 0
spool = os.memfd_create("spool", os.MFD_ALLOW_SEALING)
os.ftruncate(spool, (1 << 17) + 40 + (1 << 16))  # struct spool_area
os.pwrite(spool, b"\x01", (1 << 17) + 36)  # its layout
fcntl.fcntl(spool, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK)
a, b = socket.socketpair()
fds = errand, b.fileno(), spool
link = subprocess.Popen(["/opt/mish/libexec/mish/mish-link"] + [str(n) for n in fds], pass_fds=fds)
b.close()
print(a.recv(1000), link.wait(10))
"""
    c.write("starts.py", starts.replace("VV", "%02x" % PROTOCOL))
    with Session(c) as s:
        out = s.run("python3 starts.py")[0]
        true("ABORT with a reason: " + out, out.startswith("b'\\x04") and "does not know this errand" in out)
        true("its status: " + out, out.endswith(" 1\n"))


def terminal_closed_while_away(c):
    """The person closes the terminal: everything ends, everywhere."""
    s = Session(c)
    s.move("beta")
    s.line("sleep 300")
    wait_until("sleep runs", lambda: "sleep 300" in "".join(c.session_processes("beta")))
    s.kill()
    for node in ("alpha", "beta"):
        wait_until("nothing left on " + node, lambda: not c.session_processes(node), 20)


if __name__ == "__main__":
    main([destination_down, connection_refused, host_key_unknown, host_key_changed,
          key_not_accepted, no_mish_there, another_protocol_version, state_cannot_be_read_there,
          draining, draining_is_overridden_by_f, noisy_startup_file, directory_is_not_there,
          bad_arguments, password_is_asked_for_in_a_manual_move,
          an_errand_that_is_none_is_no_move, a_greeting_without_a_secret_is_refused,
          nobody_takes_the_name_before_a_peer,
          a_link_that_is_missing_is_told, terminal_closed_while_away], tag="r")
