"""The user's ssh set-up: whatever ssh asks for, smigrate asks for; what ssh refuses, it refuses."""

import contextlib
import os
import time

from mishtest import *


def ssh(c, *args):
    return c.as_user("alpha", "ssh -o BatchMode=yes %s 2>&1" % " ".join(args))


@contextlib.contextmanager
def server(c, node, *lines):
    """sshd on that node with more lines, and then as before."""
    config = "%s/nodes/%s/ssh/sshd_config" % (c.dir, node)
    old = open(config).read()
    names = {l.split()[0].lower() for l in lines}
    kept = "".join(l + "\n" for l in old.splitlines() if not (l.split() or [""])[0].lower() in names)

    def begin(text):
        open(config, "w").write(text)
        c.root(node, "kill -HUP $(cat /run/sshd.pid)")
        wait_until("sshd is back", lambda: "Permission" in c.as_user("alpha", "ssh -o BatchMode=yes -o PubkeyAuthentication=no %s true 2>&1" % node)
                   or c.as_user("alpha", "ssh -o BatchMode=yes %s echo in 2>&1" % node).strip() == "in")
    begin("".join(l + "\n" for l in lines) + kept)
    try:
        yield
    finally:
        begin(old)


@contextlib.contextmanager
def file(c, name, text, mode=0o600):
    path = os.path.join(c.home, name)
    old = open(path).read() if os.path.exists(path) else None
    c.write(name, text, mode)
    try:
        yield
    finally:
        if old is None:
            os.unlink(path)
        else:
            c.write(name, old, mode)


@contextlib.contextmanager
def locked_key(c):
    """The user's key has a passphrase, and no agent has it."""
    key = "/home/mia/.ssh/id_ed25519"
    c.as_user("alpha", "ssh-keygen -q -p -N 'open sesame' -P '' -f %s" % key)
    try:
        yield
    finally:
        c.as_user("alpha", "ssh-keygen -q -p -N '' -P 'open sesame' -f %s" % key)


def a_passphrase_is_asked_for(c):
    with Session(c) as s, locked_key(c):
        s.line("smigrate beta")
        s.expect("passphrase of the key: ")
        s.send("wrong\r")
        s.expect("passphrase of the key: ")
        s.send("open sesame\r")
        s.prompt("beta")
        true("nothing is echoed", b"sesame" not in s.log)
        s.move("home")


def a_passphrase_may_be_given_up(c):
    with Session(c) as s, locked_key(c):
        s.line("smigrate beta")
        s.expect("passphrase of the key: ")
        s.send("\x03")
        s.expect(r"\(staying on alpha\)\r\n")
        s.prompt()
        s.line("smigrate beta")
        for _ in range(3):
            s.expect("passphrase of the key: ")
            s.send("wrong\r")
        s.expect(r"mish: smigrate: beta: permission denied.*\(staying on alpha\)\r\n")
        s.prompt()


def a_revoked_key_is_refused(c):
    path = os.path.join(c.home, ".ssh/known_hosts")
    known = open(path).read()
    beta = next(l for l in known.splitlines() if l.startswith("beta")).split(None, 1)[1]
    for name, text in (("known_hosts", "@revoked * %s\n%s" % (beta, known)), ("known_hosts2", "@revoked beta %s\n" % beta)):
        with file(c, ".ssh/" + name, text):
            true("ssh refuses", "REVOKED" in ssh(c, "beta", "true").upper())
            with Session(c) as s:
                s.line("smigrate beta")
                s.expect(r"mish: smigrate: beta: its host key is revoked[^\r\n]* \(staying on alpha\)\r\n")
                s.prompt()
    with file(c, ".ssh/known_hosts2", "@revoked beta %s\n" % beta[:-4] + "AAAA\n"):
        with Session(c) as s:
            s.move("beta")


def a_key_and_a_password(c):
    with server(c, "beta", "PasswordAuthentication yes", "AuthenticationMethods publickey,password"), Session(c) as s:
        s.line("smigrate beta")
        s.expect("beta's password: ")
        s.send("secret\r")
        s.prompt("beta")
        s.move("home")


def a_password_and_then_a_key(c):
    """The password is right, asked for once, and not enough: the key is next, and needs nobody."""
    with server(c, "beta", "PasswordAuthentication yes", "AuthenticationMethods password,publickey"), Session(c) as s:
        s.line("smigrate beta")
        s.expect("beta's password: ")
        s.send("secret\r")
        s.prompt("beta")
        equal("asked once", s.log.count(b"password: "), 1)
        s.move("home")


def a_banner_says_why_not(c):
    c.write("issue", "Maintenance until noon\x1b]0;title\x07\n", 0o644)
    keys = os.path.join(c.home, ".ssh/authorized_keys")
    with server(c, "beta", "Banner /home/mia/issue"), Session(c) as s:
        os.rename(keys, keys + ".off")
        try:
            s.line("smigrate beta")
            s.expect(r"mish: smigrate: beta: permission denied \(Maintenance until noon\?\]0;title\?\); to see why, run: ssh beta true "
                     r"\(staying on alpha\)\r\n")
        finally:
            os.rename(keys + ".off", keys)
        s.prompt()


def log_levels_are_not_on_the_screen(c):
    with file(c, ".ssh/config", "LogLevel DEBUG3\n"), Session(c) as s:
        s.move("beta")
        s.run("echo x", "beta")
        true("nothing of it", b"ssh_" not in s.log and b"debug" not in s.log)
        s.move("home")


def the_configured_time_out_counts(c):
    """To a node that answers nothing at all: not even that there is no way to it."""
    c.root("alpha", "ip neigh replace 10.77.0.3 lladdr 02:00:00:00:00:01 dev eth0 nud permanent")
    try:
        for seconds, config in ((2, "ConnectTimeout 2\n"), (10, "")):
            with file(c, ".ssh/config", config), Session(c) as s:
                start = time.monotonic()
                s.line("smigrate gamma")
                s.expect(r"mish: smigrate: gamma: connection timed out \(staying on alpha\)\r\n", 20)
                took = time.monotonic() - start
                true("%d s: %.1f s" % (seconds, took), seconds - 0.5 < took < seconds + 2 * PATIENCE)
                s.prompt()
    finally:
        c.root("alpha", "ip neigh del 10.77.0.3 dev eth0")


if __name__ == "__main__":
    main([a_passphrase_is_asked_for, a_passphrase_may_be_given_up, a_revoked_key_is_refused, a_key_and_a_password, a_password_and_then_a_key,
          a_banner_says_why_not, log_levels_are_not_on_the_screen, the_configured_time_out_counts], tag="h")
