"""The user's ssh set-up: whatever ssh asks for, smigrate asks for; what ssh refuses, it refuses."""

import contextlib
import os
import re
import shlex
import shutil
import subprocess
import sys
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

    def starts():
        return open("%s/nodes/%s/sshd.log" % (c.dir, node)).read().count("Server listening on ::")

    def begin(text):
        open(config, "w").write(text)
        before = starts()
        c.root(node, "kill -HUP $(cat /run/sshd.pid)")
        wait_until("sshd is back", lambda: starts() > before)
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
        s.expect(r"Enter passphrase for key .*: ")
        s.send("wrong\r")
        s.expect(r"Enter passphrase for key .*: ")
        s.send("open sesame\r")
        s.prompt("beta")
        true("nothing is echoed", b"sesame" not in s.log)
        s.move("home")


def a_passphrase_may_be_given_up(c):
    with Session(c) as s, locked_key(c):
        s.line("smigrate beta")
        s.expect(r"Enter passphrase for key .*: ")
        s.send("\x03")
        s.expect(r"\(staying on alpha\)\r\n")
        s.prompt()
        s.line("smigrate beta")
        for _ in range(3):
            s.expect(r"Enter passphrase for key .*: ")
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
            with file(c, ".config/mish/transport", "* libssh\n"), Session(c) as s:
                s.line("smigrate beta")
                s.expect(r"mish: smigrate: beta: its ssh configuration, keys or known_hosts have what libssh cannot do[^\r\n]*alpha\)\r\n")
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
            s.expect(r"mish: smigrate: beta: permission denied \(publickey\) \(Maintenance until noon[^\x1b\x07]*\); to see why, "
                     r"run: ssh beta true \(staying on alpha\)\r\n")
        finally:
            os.rename(keys + ".off", keys)
        s.prompt()


def what_the_server_says_comes_before_its_question(c):
    c.write("issue", "Token of\x1b[2J the day, please\n", 0o644)
    with server(c, "beta", "PasswordAuthentication yes", "PubkeyAuthentication no", "Banner /home/mia/issue"), Session(c) as s:
        s.line("smigrate beta")
        s.expect(r"Token of[^\x1b]* the day, please\r+\n[^\r\n]*beta's password: ")
        s.send("wrong\r")
        s.expect(r"Permission denied, please try again.\r+\n[^\r\n]*beta's password: ")
        s.send("secret\r")
        s.prompt("beta")
        true("and not after it", b"Token" not in s.log[s.mark:])
        s.move("home")


def what_ssh_warns_of_is_shown(c):
    """Banner, changed key, no X11: after a move that was typed, as ssh does; cleaned, and not with -q."""
    c.write("issue", "".join("Rule %d of\x1b[2J the house\n\n" % i for i in range(100)), 0o644)
    known = open(c.home + "/.ssh/known_hosts").read()
    gamma = next(l for l in known.splitlines() if l.startswith("gamma")).split(None, 1)[1]
    config = "StrictHostKeyChecking no\nForwardAgent yes\nUserKnownHostsFile ~/.ssh/known\nGlobalKnownHostsFile /nonexistent\n"

    def go(flags=""):
        start = len(s.log)
        s.line("smigrate %sbeta" % flags)
        s.prompt("beta")
        s.move("home")
        return bytes(s.log[start:]).decode()
    with server(c, "beta", "Banner /home/mia/issue", "X11Forwarding no"), Session(c) as s:
        with file(c, ".config/mish/transport", "* openssh\n"):
            got = go()
            true("the last of the banner: %r" % got, re.search(r"Rule 99 of[^\x1b]* the house\r\n\r\n", got))
            true("not all of it", len(got) < 8192 and "\x1b[2J" not in got)
        with file(c, ".ssh/config", config), file(c, ".ssh/known", "beta %s\n" % gamma):
            c.write("issue", "", 0o644)
            got = go()
            for text in ("WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED", "Password authentication is disabled", "Agent forwarding is disabled"):
                true("%s: %r" % (text, got), text in got)
            true("-q", "WARNING" not in go("-q "))
        s.run("export DISPLAY=localhost:42")
        with file(c, ".ssh/config", "ForwardX11 yes\nForwardX11Trusted yes\n"):
            true("no X11", "\r\nX11 forwarding request failed on channel 0\r\n" in go())
        with file(c, ".ssh/config", "LogLevel DEBUG3\n" + ODD):
            true("no log", "debug" not in go())


def proxies_end_with_a_move_that_is_called_off(c):
    """^C, a link that is killed, and one that is told to end: nothing of what ssh(1) started is left."""
    def left():
        return c.root("alpha", "pgrep -u mia -x sleep; pgrep -u mia -x ssh; pgrep -u mia -x mish-keeper || true")
    with file(c, ".ssh/config", "Host beta\n ProxyCommand sh -c 'sleep 1000'\nHost gamma\n ProxyCommand sleep 1000\n"), Session(c) as s:
        for host, end in (("beta", lambda: s.send("\x03")), ("gamma", lambda: s.send("\x03")), ("gamma", lambda: c.root("alpha", "pkill -9 -x mish-link")),
                          ("beta", lambda: c.root("alpha", "pkill -x mish-link"))):
            s.line("smigrate " + host)
            wait_until("it runs", lambda: "1000" in c.root("alpha", "pgrep -u mia -ax sleep"))
            end()
            s.expect(r"\(staying on alpha\)\r\n")
            s.prompt()
            wait_until("all gone: " + left(), lambda: left() == "", 3)


def a_master_that_stays_is_made(c):
    """As by ssh itself: the next login asks nobody, also when the session has gone home; and a cut is noticed."""
    config = "ControlMaster %s\nControlPath ~/.ssh/master-%%C\nControlPersist %s\nServerAliveInterval 1\nServerAliveCountMax 2\n"
    there = "ls ~/.ssh/master-* 2>/dev/null | wc -l"
    for transport in ("", "* openssh\n"):
        with server(c, "beta", "PasswordAuthentication yes", "PubkeyAuthentication no"), file(c, ".config/mish/transport", transport), Session(c) as s:
            for master, persist, stays in (("no", "20", 0), ("auto", "no", 0), ("auto", "20", 1)):
                with file(c, ".ssh/config", config % (master, persist)):
                    s.line("smigrate beta")
                    s.expect("password: ")
                    s.send("secret\r")
                    s.prompt("beta")
                    equal("%s %s" % (master, persist), c.as_user("alpha", there).strip(), str(stays))
                    s.move("home")
            with file(c, ".ssh/config", config % ("auto", "20")):
                equal("ssh goes, too", "in\n", ssh(c, "beta", "echo in"))
                s.move("beta")
                s.run("x=kept", "beta")
                c.tool("cut", "beta")
                s.expect("beta: no answer", 20)
                wait_until("the master has noticed", lambda: c.as_user("alpha", there).strip() == "0")
                c.tool("join", "beta")
                s.expect("log in", 30)
                s.send("\x1dlogin\r")
                s.expect("password: ", 30)
                s.send("secret\r")
                s.settle(1)
                s.line("")
                equal("it goes on", s.run("echo $x", "beta")[0], "kept\n")
                s.move("home")
                c.as_user("alpha", "ssh -O exit beta 2>&1")


def what_ssh_runs_may_ask_at_the_terminal(c):
    """A proxy, or Match exec: it gets the terminal while it asks, in a move that was typed; and nobody hears the answer but it."""
    proxy = "Host %s\n ProxyCommand sh -c 'echo -n \"Pin: \" >/dev/tty; %s read p </dev/tty; test \"$p\" = hello && exec ssh -F none -W %s:22 alpha'\n"
    hidden = proxy % ("beta", "stty -echo </dev/tty;", "beta")
    c.write("ask", "#!/bin/sh\nprintf 'Use VPN? ' >/dev/tty; read a </dev/tty; test \"$a\" = hello\n", 0o755)

    def asked(to, question, at="alpha"):
        s.line("smigrate " + to)
        s.expect(question)
        wait_until("it has the terminal", lambda: c.root("alpha", "ps -e -o pgid=,tpgid=,comm= | awk '$1 == $2 && $3 == \"ssh\"'"))
    for config, question, shown in ((proxy % ("beta", "", "beta"), "Pin: ", True), (hidden, "Pin: ", False),
                                    ("Match exec /home/mia/ask\n ConnectTimeout 7\n", r"Use VPN\? Use VPN\? ", True)):
        with file(c, ".ssh/config", config), Session(c) as s:
            asked("beta", question)
            s.send("hello\r")
            s.prompt("beta")
            equal("shown", b"hello" in s.log, shown)
            equal("modes", s.run("stty -a | grep -cw -e '-icanon' -e '-echo'", "beta")[0], "0\n")
            equal("no command", b"not found" in s.log, False)
            s.move("home")
    with server(c, "beta", "PasswordAuthentication yes", "PubkeyAuthentication no"), file(c, ".ssh/config", hidden), Session(c) as s:
        asked("beta", "Pin: ")
        s.send("hello\r")
        s.expect("password: ")
        s.send("secret\recho typed-ahead\r")
        s.expect("\r\ntyped-ahead\r\n")
        s.prompt("beta")
        true("hidden", b"secret" not in s.log and b"hello" not in s.log)
    with file(c, ".ssh/config", hidden + proxy % ("gamma", "", "gamma")), Session(c) as s:
        asked("beta", "Pin: ")
        s.send("bye\r")
        s.expect(r"mish: smigrate: beta: [^\r\n]*\(staying on alpha\)\r\n")
        s.prompt()
        asked("beta", "Pin: ")
        s.send("\x03")
        s.expect(r"mish: smigrate: beta: interrupted \(staying on alpha\)\r\n")
        s.prompt()
        asked("beta", "Pin: ")
        s.send("hello\r")
        s.prompt("beta")
        asked("gamma", "Pin: ", "beta")
        s.send("\x03")
        s.expect(r"mish: smigrate: gamma: interrupted \(staying on beta\)\r\n")
        s.prompt("beta")
        asked("gamma", "Pin: ", "beta")
        s.send("hello\r")
        s.prompt("gamma")
        s.run("x=kept", "gamma")
        c.root("alpha", "pkill -9 -x mish-link")
        s.expect("asks at the terminal|log in", 30)
        s.send("\x1dlogin\r")
        s.expect("Pin: ")
        wait_until("it has the terminal", lambda: c.root("alpha", "ps -e -o pgid=,tpgid=,comm= | awk '$1 == $2 && $3 == \"ssh\"'"))
        s.send("hello\r")
        s.settle(1)
        s.line("")
        equal("it goes on", s.run("echo $x", "gamma")[0], "kept\n")
        s.move("home")


@contextlib.contextmanager
def another_user(c, name, uid):
    """With a home of the same kind, to which the user's key leads."""
    home = c.dir + "/home/" + name
    with open(c.dir + "/etc/passwd", "a") as f:
        f.write("%s:x:%d:%d::/home/%s:/opt/mish/bin/mish\n" % (name, uid, uid, name))
    os.makedirs(home + "/.ssh")
    for source, at in ((".ssh/id_ed25519.pub", ".ssh/authorized_keys"), (".profile", ".profile")):
        shutil.copy(os.path.join(c.home, source), os.path.join(home, at))
    subprocess.run(["chown", "-R", "%d:%d" % (uid, uid), home], check=True)
    yield home


def other_users_and_ports(c):
    """user@host, host:port, ssh://…: another user's, or server's, and nobody that is trusted with the node."""
    c.root("beta", "/usr/sbin/sshd -f %s/nodes/beta/ssh/sshd_config -o PidFile=none -p 2222" % c.dir)
    known = next(l for l in open(c.home + "/.ssh/known_hosts") if l.startswith("beta"))
    with another_user(c, "tom", 20099), file(c, ".ssh/known_hosts2", "[beta]:2222 " + known.split(None, 1)[1]), Session(c) as s:
        s.run("x=kept; cd /tmp")
        s.line("smigrate tom@beta")
        s.expect("mish: tom@beta is not in ~/.config/mish/nodes")
        s.prompt("beta")
        true("told", b"you are tom: HOME, USER, LOGNAME and SHELL" in s.log)
        equal("who", s.run("echo $x $PWD $USER $LOGNAME $HOME; id -un", "beta")[0], "kept /tmp tom tom /home/tom\ntom\n")
        c.root("alpha", "pkill -9 -x mish-link")  # the next link goes there, too
        equal("still", s.run("id -un", "beta")[0], "tom\n")
        s.line("smigrate home")
        s.expect("state")
        s.send("state\r")
        s.prompt("alpha")
        equal("back", s.run("echo $x $USER $HOME; id -un")[0], "kept mia /home/mia\nmia\n")
        for to in ("beta:2222", "ssh://mia@beta:2222", "mia@beta:2222"):
            s.line("smigrate -q " + to)
            s.prompt("beta")
            equal(to, s.run("echo ${SSH_CONNECTION##* }", "beta")[0], "2222\n")
            s.line("smigrate home")
            s.expect("state")
            s.send("state\r")
            s.prompt("alpha")
        for to, why in (("beta:2223", "connection refused|failed to connect"), ("[::1]:2222", "run: ssh -p 2222 ::1 true|connection refused"), ("eve@beta", "permission denied.*run: ssh eve@beta true"),
                        ("beta:0", "not a host name"), ("beta:x", "resolve|not known"), ("a@b@beta", "permission denied"), ("beta:", "not a host name"), ("'a;b@beta'", "not a host name.*use a Host alias"),
                        ("-l@beta", "unknown option"), ("ssh://", "not a host name"), ("'tom@-oX'", "not a host name"), ("beta:99999", "not a host name")):
            out, status = s.run("smigrate " + to)
            true("%s: %s" % (to, out), re.search(r"(?i)mish: smigrate: %s.*(%s)" % (re.escape(to.strip("'"))[:3], why), out) and status != 0)
    c.root("beta", "pkill -f 'sshd.*-p 2222'")


def users_and_aliases_that_only_ssh_knows(c):
    """Users of a directory, and what a Host line may have: ssh goes there, and so do we; a hop of such a name is refused."""
    config = "Host gpu/01 m%n prod:web über\n HostName beta\n"
    users = ("tom@example.org", "DOM\\tom", "tom+x")
    with contextlib.ExitStack() as stack:
        for i, user in enumerate(users):
            stack.enter_context(another_user(c, user, 20101 + i))
        s = stack.enter_context(Session(c))
        for transport, user in [(t, u) for t in ("", "* openssh\n") for u in users]:
            to = user + "@beta"
            with file(c, ".config/mish/transport", transport), file(c, ".config/mish/nodes", "alpha beta %s\n" % to):
                equal("ssh", c.as_user("alpha", "ssh -T %s id -un" % shlex.quote(to)), user + "\n")
                s.line("x=kept; smigrate '%s'" % to)
                s.prompt("beta")
                equal("who", s.run("echo $x; id -un", "beta")[0], "kept\n%s\n" % user)
                c.root("alpha", "pkill -9 -x mish-link")  # the next link goes there, too
                equal("still", s.run("id -un", "beta")[0], user + "\n")
                s.move("home")
        with file(c, ".ssh/config", config), file(c, ".config/mish/nodes", "alpha gpu/01 m%n prod:web über\n"):
            for alias in ("gpu/01", "m%n", "prod:web", "über", "tom+x@prod:web"):
                equal("ssh", ssh(c, "-T", alias, "hostname"), "beta\n")
                s.line("smigrate " + alias)
                if "@" in alias:
                    s.expect("mish: tom.x@prod:web is not in ~/.config/mish/nodes")
                s.prompt("beta")
                s.line("smigrate home")
                if "@" in alias:
                    s.expect("state")
                    s.send("state\r")
                s.prompt("alpha")
            with file(c, ".config/mish/transport", "* libssh\n"):
                for to in ("prod:web", "'DOM\\tom@beta'"):
                    out, status = s.run("smigrate " + to)
                    true(out, "%s: its ssh configuration" % to.strip("'") in out and status != 0)
        with file(c, ".config/mish/nodes", "alpha beta tom@example.org@beta\n"):
            equal("ssh", ssh(c, "-T", "ssh://tom%40example.org@beta", "id -un"), users[0] + "\n")
            s.line("smigrate ssh://tom%40example.org@beta")
            s.prompt("beta")
            equal("who", s.run("id -un", "beta")[0], users[0] + "\n")
            s.move("home")
        for hop in ("gpu/01", "m%n", "'DOM\\tom@beta'"):
            out, status = s.run("smigrate %s,gamma" % hop)
            true(out, "not a host name that can be used on the way; use a Host alias" in out and status == 2)
        out, status = s.run("smigrate 'DOM\\eve@beta'")  # the command in it can be typed as it is
        true(out, "run: ssh 'DOM\\eve@beta' true" in out and status != 0)


def what_is_for_other_hosts_does_not_matter(c):
    """Where the configuration has more than libssh knows, what counts is what ssh(1) makes of it for this host."""
    for config, by_ssh in (("Host other\n ProxyJump gamma\n", False), ("Match host other exec true\n PubkeyAuthentication no\n", False),
                           ("Host b*\n Ciphers aes256-ctr\n MACs hmac-sha2-256\n KexAlgorithms curve25519-sha256\n"
                            " HostKeyAlgorithms ssh-ed25519\n PubkeyAcceptedAlgorithms ssh-ed25519\nHost x !y\n Port 1\n", False),
                           ("Match final all\n RequiredRSASize 2048\n IdentityFile ~/.ssh/id_ed25519\n ConnectTimeout 20\n", False),
                           ("Host b !other\n HostName beta\n User mia\n Port 22\n UserKnownHostsFile ~/.ssh/known_hosts\n", False),
                           ("Match final all\n CASignatureAlgorithms ssh-ed25519\n HostbasedAcceptedAlgorithms ssh-ed25519\n", False),
                           ("Match final all\n AddKeysToAgent yes\n SetEnv FOO=bar NAME=other\n", False),
                           ("Match final all\n IdentityFile ~/.ssh/none\n IdentityFile ~/.ssh/id_ed25519\n", False),
                           ("UpdateHostKeys yes\n", False), ("UpdateHostKeys no\n", False), ("UpdateHostKeys ask\n", False),
                           ("Host beta\n ProxyJump gamma\n", True), ("ForwardAgent yes\n", True), ("IdentitiesOnly yes\n", True),
                           ("StrictHostKeyChecking no\n", True), ("UserKnownHostsFile ~/.ssh/known_hosts ~/.ssh/more\n", True),
                           ("CertificateFile ~/.ssh/id-cert.pub\n", True), ("HostbasedAuthentication yes\nBindAddress 10.77.0.1\n", True)):
        with file(c, ".ssh/config", config), file(c, ".config/mish/nodes", "alpha beta gamma b\n"), Session(c) as s:
            s.line("smigrate -v " + ("b" if "HostName beta" in config else "beta"))
            s.prompt("beta")
            equal(config, b"by ssh(1)" in s.log, by_ssh)
            s.move("home")
    told = b"ports that ssh forwards there (LocalForward and the like) stay with an ssh of your own"
    for config, transport in (("AddressFamily inet\nLocalForward 7777 localhost:22\n", ""), ("RemoteForward 7777 localhost:22\n", "* openssh\n"),
                              ("DynamicForward 7777\nLogLevel QUIET\n", "* openssh\n")):
        with file(c, ".ssh/config", config), file(c, ".config/mish/transport", transport), Session(c) as s:
            s.line("smigrate beta")
            s.prompt("beta")
            true(config, told in s.log)
            s.move("home")
    with file(c, ".ssh/config", "Host beta\n LocalForward 7777 localhost:22\n"), Session(c) as s:
        s.line("smigrate beta")
        s.prompt("beta")
        true("told", told in s.log)
        s.move("gamma")
        s.line("smigrate beta")
        s.prompt("beta")
        equal("once", s.log.count(told), 1)
        s.move("home")
    with file(c, ".ssh/config", "Host beta\n IdentitiesOnly yes\n"), file(c, ".config/mish/transport", "beta libssh\n"), Session(c) as s:
        s.line("smigrate beta")
        s.expect(r"mish: smigrate: beta: its ssh configuration, keys or known_hosts have what libssh cannot do, and ~/.config/mish/transport allows no other way \(staying")
        s.prompt()
    with file(c, ".ssh/config", "Host other\n ProxyJump gamma\nHost beta\n User nobody\n"), Session(c) as s:
        s.line("smigrate -v beta")
        s.expect(r"mish: smigrate: beta: permission denied")
        s.prompt()


def what_the_origin_cannot_reach_is_reached_from_the_node(c):
    c.root("alpha", "ip route add unreachable 10.77.0.3/32")
    try:
        with Session(c) as s:
            s.line("smigrate gamma")
            s.expect(r"mish: smigrate: gamma: [^\r\n;]*\(staying on alpha\)\r\n", 20)
            s.prompt()
            s.run("x=kept")
            s.move("beta")
            s.line("smigrate gamma")
            s.expect("mish: gamma: reached through beta: if that ends, so does this connection", 20)
            s.prompt("gamma")
            equal("no shell is left there", c.root("beta", "pgrep -u mia mish || true"), "")
            s.line("echo $x; sleep 1; echo after-$x")
            c.root("alpha", "pkill -9 -x mish-link")
            s.expect("after-kept")
            s.prompt("gamma")
            s.line("smigrate nowhere")
            s.expect(r"mish: smigrate: nowhere: [^\r\n;]* \(staying on gamma\)\r\n", 20)
            s.prompt("gamma")
            s.move("home")
            equal("home", s.run("echo $x")[0], "kept\n")
            s.line("smigrate beta,gamma")  # as for ssh -J
            s.prompt("gamma")
            s.move("home")
    finally:
        c.root("alpha", "ip route del unreachable 10.77.0.3/32")


def what_keeps_one_from_the_way_through_a_node_is_told(c):
    """A name that only the node between knows: its key is not known, its login wants a password, forwarding is forbidden; smigrate VIA,HOST asks."""
    known = open(c.home + "/.ssh/known_hosts").read()
    others = "".join(l + "\n" for l in known.splitlines() if not l.startswith("gamma"))
    password = ("PasswordAuthentication yes", "PubkeyAuthentication no")
    c.root("alpha", "sed /gamma/d /etc/hosts >/run/hosts; mount --bind /run/hosts /etc/hosts")

    def refused(why):
        s.line("smigrate gamma")
        s.expect(r"mish: smigrate: gamma: [^\r\n]*resolve[^\r\n]*; through beta: %s \(staying on beta\)\r\n" % why)
        s.prompt("beta")
    try:
        with Session(c) as s:
            s.move("beta")
            with server(c, "gamma", *password):
                refused(r"permission denied \(password\); to see why, run: smigrate beta,gamma")
                s.line("smigrate beta,gamma")
                s.expect("gamma's password: ")
                s.send("secret\r")
                s.prompt("gamma")
                s.move("beta")
            with server(c, "beta", "AllowTcpForwarding no"):
                s.move("home")  # sshd has read it before the next connection
                s.move("beta")
                refused(r"the node between forbids forwarding \(AllowTcpForwarding\)")
            with file(c, ".ssh/known_hosts", others):
                refused("its host key is not known; to accept it, run: smigrate beta,gamma")
                s.line("smigrate beta,gamma")
                s.expect(r"\(yes/no")
                s.send("yes\r")
                s.prompt("gamma")
                s.move("home")
    finally:
        c.root("alpha", "umount /etc/hosts")


@contextlib.contextmanager
def without_mish(c, node, shell="/bin/sh"):
    """A node that has none, nor the libraries that it wants; whose users have another shell."""
    libraries = " ".join("/lib/x86_64-linux-gnu/" + l for l in ("libedit.so.2", "libmsgpackc.so.2", "libbsd.so.0", "libsodium.so.23"))
    c.root(node, "mount -t tmpfs none /opt; sed s,/opt/mish/bin/mish,%s, /etc/passwd >/run/passwd; mount --bind /run/passwd /etc/passwd; "
           "for l in %s; do mount --bind /dev/null $(realpath $l); done" % (shell, libraries))
    try:
        yield
    finally:
        c.root(node, "for l in %s; do umount $(realpath $l); done; umount /etc/passwd /opt" % libraries)


def mish_goes_along(c):
    for transport in ("", "gamma openssh\n"):
        with without_mish(c, "gamma"), file(c, ".config/mish/transport", transport), Session(c) as s:
            s.run("f() { echo f-$x; }; x=kept; cd /usr")
            s.line("smigrate gamma")
            s.expect(r"mish: smigrate: gamma: mish is not installed there, or not in PATH; smigrate -i takes it along \(staying on alpha\)\r\n")
            s.prompt()
            s.line("smigrate -iv gamma")
            s.prompt("gamma", 60)
            equal("it went along", b"mish goes along" in s.log, transport == "" or b"mish goes along" in s.log)
            equal("the same shell", s.run("f; pwd; echo $SHELL", "gamma")[0], "f-kept\n/usr\n/bin/sh\n")
            s.line("echo $((67))\x1b[D\x1b[D\x1b[D*")  # its editor is there, too
            s.expect("42")
            s.prompt("gamma")
            s.line("sleep 1; f")  # links find it
            c.root("alpha", "pkill -9 -x mish-link")
            s.expect("f-kept")
            s.prompt("gamma")
            s.line("smigrate beta")
            s.prompt("beta")
            start = len(s.log)
            s.line("smigrate -iv gamma")
            s.prompt("gamma", 60)
            equal("it is there already", b"mish goes along" in s.log[start:], False)
            # what was changed there is not run
            c.as_user("gamma", "cd ~/.cache/mish/*/ && chmod u+w mish-edit.so && echo x >>mish-edit.so")
            s.line("smigrate home")
            s.prompt("alpha")
            start = len(s.log)
            s.line("smigrate -iv gamma")
            s.prompt("gamma", 60)
            equal("it goes again", b"mish goes along" in s.log[start:], True)
            s.line("smigrate home")
            s.prompt("alpha")
            equal("as it was", s.run("f")[0], "f-kept\n")
            s.run("smigrate --forget gamma")
            equal("forgotten", c.as_user("gamma", "ls ~/.cache/mish 2>&1").strip().endswith("No such file or directory"), True)
    with without_mish(c, "gamma"), Session(c) as s:  # the cache is a link to where there is room
        c.as_user("gamma", "mkdir -p ~/room ~/.cache; echo mine >~/room/mine; ln -s ~/room ~/.cache/mish")
        s.line("smigrate -i gamma")
        s.prompt("gamma", 60)
        s.move("home", flags="-i ")
        true("it is there", "mish" in c.as_user("gamma", "ls ~/room/*-*/"))
        equal("status", s.run("smigrate --forget gamma")[1], 0)
        equal("what is the user's stays", c.as_user("gamma", "ls ~/room; readlink ~/.cache/mish; rm -r ~/.cache/mish ~/room"), "mine\n/home/mia/room\n")
        s.move("beta")
        s.move("alpha", flags="-i ")  # the origin's name
        true("at home", s.run("echo x${MISH_ORIGIN}x")[0] == "xx\n")
        s.line("smigrate -i home")
        s.expect(r"mish: smigrate: already at home \(staying on alpha\)\r\n")
        s.prompt()
    uname = "#!/bin/sh\necho Linux mips64\n"
    with without_mish(c, "gamma"), file(c, "bin/uname", uname, 0o755), Session(c) as s:
        c.root("gamma", "mount --bind /home/mia/bin/uname /usr/bin/uname")
        s.line("smigrate -i gamma")
        s.expect(r"gamma: [^\r\n]*the mish here is for Linux x86_64, and that node is Linux mips64: it has to be installed there \(staying on alpha\)\r\n")
        s.prompt()
        c.root("gamma", "umount /usr/bin/uname; mount -t tmpfs -o size=64k none /home/mia/.cache || { mkdir -p /home/mia/.cache; mount -t tmpfs -o size=64k none /home/mia/.cache; }; chown 20077 /home/mia/.cache")
        s.line("smigrate -i gamma")
        s.expect(r"gamma: [^\r\n]*did not arrive whole[^\r\n]*\(staying on alpha\)\r\n", 30)
        s.prompt()
        c.root("gamma", "umount /home/mia/.cache")


def what_keeps_mish_from_going_along_is_told(c):
    with without_mish(c, "gamma"), Session(c) as s:
        c.as_user("gamma", "mkdir -p ~/.cache")
        for options, why in (("mode=755,noexec,uid=20077", r"no program may run in /home/mia/.cache/mish \(permission denied; noexec\?\): let XDG_CACHE_HOME name"),
                             ("mode=755,ro", r"mkdir: [^\r\n]*: Read-only file system; it has to be writable, or XDG_CACHE_HOME to name another")):
            c.root("gamma", "mount -t tmpfs -o %s none /home/mia/.cache" % options)
            s.line("smigrate -i gamma")
            s.expect(r"mish: smigrate: gamma: [^\r\n]*%s[^\r\n]* in a start-up file of the login shell there \(staying on alpha\)\r\n" % why, 60)
            s.prompt()
            c.root("gamma", "umount /home/mia/.cache")


def from_csh_too(c):
    """Which ends with 1, and not 127, where there is no such command."""
    if shutil.which("tcsh") is None:
        print("skip from_csh_too: no tcsh")
        return
    with without_mish(c, "gamma", shutil.which("tcsh")), Session(c) as s:
        s.line("smigrate gamma")
        s.expect(r"mish: smigrate: gamma: mish is not installed there, or not in PATH; smigrate -i takes it along \(staying on alpha\)\r\n")
        s.prompt()
        s.line("smigrate -i gamma")
        s.prompt("gamma", 60)
        s.line("smigrate home")
        s.prompt("alpha")


def options_for_other_uses_of_ssh_do_not_matter(c):
    for config in ("RemoteCommand uptime\nAddKeysToAgent yes\n", "StdinNull yes\n", "ForkAfterAuthentication yes\n", "SessionType none\n", "SessionType subsystem\n"):
        for transport in ("", "* openssh\n"):
            with file(c, ".ssh/config", config), file(c, ".config/mish/transport", transport), Session(c) as s:
                s.line("smigrate -v beta")
                s.prompt("beta")
                equal(config, b"by ssh(1)" in s.log, transport != "")
                s.move("home")


@contextlib.contextmanager
def ssh_that_prints(c, s, script):
    """What an older ssh -G says, by sed; $none is set where it is to say so without any files."""
    text = '#!/bin/sh\ncase " $* " in *" -F none "*) none=y;; esac\nPATH=/usr/bin:/bin\ncase " $* " in *" -G "*) ssh "$@" | sed "%s";; *) exec ssh "$@";; esac\n'
    with file(c, "bin/ssh", text % script, 0o755):
        s.run("OLD=$PATH; PATH=/home/mia/bin:$PATH")
        yield
        s.run("PATH=$OLD")


def older_words_of_ssh_count(c):
    """Before OpenSSH 8.5 UpdateHostKeys had another default, and another word had its name: what is set goes by the one that can."""
    path = os.path.join(c.home, ".ssh/known_hosts")
    made = c.dir + "/nodes/beta/ssh/another"
    subprocess.run(["ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", made], check=True)
    public = open(made + ".pub").read().split()[1]
    keys = [l for l in open(c.dir + "/nodes/beta/ssh/sshd_config").read().splitlines() if l.startswith("HostKey ")]

    def goes(config, script, by_ssh):
        with file(c, ".ssh/config", config), Session(c) as s, ssh_that_prints(c, s, script):
            s.line("smigrate -v beta")
            s.prompt("beta")
            equal(config, b"by ssh(1)" in s.log, by_ssh)
            s.move("home")
    goes("PubkeyAcceptedAlgorithms ssh-ed25519\n", "s/^pubkeyacceptedalgorithms/pubkeyacceptedkeytypes/", False)
    with server(c, "beta", "HostKey " + made, *keys), file(c, ".ssh/known_hosts", open(path).read()):
        goes("UpdateHostKeys yes\n", "${none:+s/^updatehostkeys true/updatehostkeys false/}", True)
        true("learned", public in open(path).read())


def what_went_along_is_forgotten(c):
    """From home, and whatever the configuration has for other uses of ssh(1)."""
    config = "Host beta gamma\n RemoteCommand uptime\n RequestTTY force\n LocalForward 77 localhost:22\n ExitOnForwardFailure yes\n"
    left = "mkdir -p ~/.cache/mish/packed; echo x >~/.cache/mish/packed/x"
    with file(c, ".ssh/config", config + " ControlMaster yes\n ControlPath ~/.ssh/master-%n\n"), Session(c) as s:
        for to in ("beta", "+beta", "beta,gamma", "mia@beta:22"):
            c.as_user("alpha", left)
            out, status = s.run("smigrate --forget " + to)
            equal(to, (out, status), ("", 0))
            equal("gone", os.path.exists(c.home + "/.cache/mish"), False)
        c.as_user("alpha", left)
        s.move("beta")
        for to in ("gamma", "+beta", "beta,gamma"):
            out, status = s.run("smigrate --forget " + to, "beta")
            equal(to, (out, status), ("mish: smigrate: --forget: %s: not from beta: go home first (smigrate home)\n" % to, 1))
        equal("there", os.path.exists(c.home + "/.cache/mish/packed/x"), True)
        s.move("home")
        equal("again", s.run("smigrate --forget gamma")[1], 0)


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


LATE = """
import socket, sys, threading, time
s = socket.create_server(("::", 2200), family=socket.AF_INET6, dualstack_ipv6=True)
def carry(a, b):
    while data := a.recv(65536):
        b.sendall(data)
    b.shutdown(socket.SHUT_WR)
def serve(a):
    time.sleep(float(sys.argv[1]))
    b = socket.create_connection(("127.0.0.1", 22))
    threading.Thread(target=carry, args=(a, b)).start()
    if len(sys.argv) > 2:  # its greeting at once, and then nothing for a while
        a.sendall(b.recv(4096))
        time.sleep(float(sys.argv[2]))
    carry(b, a)
while True:
    threading.Thread(target=serve, args=(s.accept()[0],)).start()
"""


def a_server_may_be_slow(c):
    """Before it greets, as long as ssh(1) would wait; and after that, whatever ConnectTimeout is."""
    c.write("late.py", LATE, 0o644)
    key = next(l for l in open(c.home + "/.ssh/known_hosts") if l.startswith("beta")).split(None, 1)[1].strip()
    for seconds, config, goes in (("12", "", True), ("0 4", "ConnectTimeout 2\n", True), ("4", "ConnectTimeout 2\n", False)):
        c.root("beta", "setsid python3 %s/late.py %s </dev/null >/dev/null 2>&1 & echo $! >/run/late.pid" % ("/home/mia", seconds))
        try:
            wait_until("it listens", lambda: "2200" in c.root("beta", "ss -ltn"))
            with file(c, ".ssh/config", "Host beta\n Port 2200\n UserKnownHostsFile ~/.ssh/late\n" + config), \
                    file(c, ".config/mish/transport", "* libssh\n"), file(c, ".ssh/late", "[beta]:2200 %s\n" % key), Session(c) as s:
                took = time.monotonic()
                ok = "there" in ssh(c, "beta", "echo there")
                took = time.monotonic() - took
                equal("ssh with %s s" % seconds, ok, goes)
                s.line("smigrate beta")
                if goes:
                    s.expect(r"\[beta\]> ", 2 * took + 10)
                    s.move("home")
                else:
                    s.expect(r"mish: smigrate: beta: connection timed out \(staying on alpha\)\r\n")
                    s.prompt()
        finally:
            c.root("beta", "kill -9 $(cat /run/late.pid)")


def a_reconnect_waits_as_long(c):
    """For a server that greets after 12 s, whatever the transport; but not so for one that does not answer at all: that one is called again soon."""
    def busy(s):  # one that is idle would go home
        s.line("echo be''gun; sleep 15; echo still-$((40+2))")
        s.expect("begun")
    c.write("late.py", LATE, 0o644)
    key = next(l for l in open(c.home + "/.ssh/known_hosts") if l.startswith("beta")).split(None, 1)[1].strip()
    c.root("beta", "setsid python3 /home/mia/late.py 12 </dev/null >/dev/null 2>&1 & echo $! >/run/late.pid")
    try:
        wait_until("it listens", lambda: "2200" in c.root("beta", "ss -ltn"))
        for transport, config in (("libssh", ""), ("openssh", ""), ("openssh", "ConnectTimeout 20\n")):
            with file(c, ".ssh/config", "Host beta\n Port 2200\n UserKnownHostsFile ~/.ssh/late\n" + config), \
                    file(c, ".config/mish/transport", "* %s\n" % transport), file(c, ".ssh/late", "[beta]:2200 %s\n" % key), Session(c) as s:
                s.line("smigrate beta")
                s.expect(r"\[beta\]> ", 40)
                busy(s)
                c.root("beta", "pkill -f 'sshd: mia'")
                s.expect("still-42", 40)
                s.prompt("beta")
    finally:
        c.root("beta", "kill -9 $(cat /run/late.pid)")
    with file(c, ".config/mish/transport", "* openssh\n"), Session(c) as s:
        s.move("beta")
        busy(s)
        c.root("alpha", "ip neigh replace 10.77.0.2 lladdr 02:00:00:00:00:01 dev eth0 nud permanent")
        try:
            c.root("alpha", "pkill -9 -x mish-link")
            end = time.monotonic() + 17  # the kernel has called after 15 s, and would call again after 31
            while time.monotonic() < end:
                s.pump(0.2)
        finally:
            c.root("alpha", "ip neigh del 10.77.0.2 dev eth0")
        start = time.monotonic()
        s.expect("still-42", 40)
        true("called again soon", time.monotonic() - start < 10 * PATIENCE)
        s.prompt("beta")


# ---- what a row may need around it ----

def site(c, name):
    """A file of the /etc that all nodes have."""
    return os.path.join(c.dir, "etc", name)


@contextlib.contextmanager
def site_file(c, name, text, mode=0o644):
    path = site(c, name)
    old = open(path).read() if os.path.exists(path) else None
    with open(path, "w") as f:
        os.fchmod(f.fileno(), mode)
        f.write(text)
    try:
        yield
    finally:
        os.unlink(path)
        if old is not None:
            with open(path, "w") as f:
                f.write(old)


def hostbased(client="EnableSSHKeysign yes\n", trusted="alpha\n"):
    """ssh-keysign signs with alpha's key, where the site lets it; beta takes the word of whom it trusts."""
    @contextlib.contextmanager
    def around(c):
        key = open(c.dir + "/nodes/alpha/ssh/host_key").read()
        public = open(c.dir + "/nodes/alpha/ssh/host_key.pub").read()
        known = open(os.path.join(c.home, ".ssh/known_hosts")).read()
        with site_file(c, "ssh/ssh_config", client), site_file(c, "ssh/shosts.equiv", trusted), \
                site_file(c, "ssh/ssh_known_hosts", known), site_file(c, "ssh/ssh_host_ed25519_key", key, 0o600), \
                site_file(c, "ssh/ssh_host_ed25519_key.pub", public):
            yield
    return around


def host_certificate(options):
    """beta's key is signed by an authority; what mia knows of hosts is up to the row: CA is the authority, BETA beta's own key."""
    @contextlib.contextmanager
    def around(c):
        d = c.dir + "/nodes/beta/ssh/"
        run = "cd %s && rm -f ca ca.pub && ssh-keygen -q -t ed25519 -N '' -f ca && ssh-keygen -q -s ca -h -I beta %s host_key.pub"
        c.root("beta", run % (d, options))
        known = os.path.join(c.home, ".ssh/known")
        text = open(known).read().replace("CA", open(d + "ca.pub").read().strip())
        c.write(".ssh/known", text.replace("BETA", open(d + "host_key.pub").read().strip()))
        with server(c, "beta", "HostCertificate %shost_key-cert.pub" % d):
            yield
    return around


def questions(rules, script):
    """PAM asks, as that file of /etc/pam.d says; ./check is that program, with the answer on its standard input."""
    @contextlib.contextmanager
    def around(c):
        with site_file(c, "pam.d/sshd", rules + "account required pam_permit.so\nsession required pam_permit.so\n"), \
                site_file(c, "check", "#!/bin/sh\n" + script, 0o755):
            yield
    return around


@contextlib.contextmanager
def expired(c):
    with site_file(c, "pam.d/sshd", "account required pam_debug.so acct=new_authtok_reqd\nsession required pam_permit.so\n"):
        yield


@contextlib.contextmanager
def security_key(c):
    """tests/tool/sk.c, which every node has where it has mish."""
    c.install("sk.so")
    yield


@contextlib.contextmanager
def slow(c):
    """200 ms there and back."""
    c.tool("slow", "beta", "100")
    try:
        yield
    finally:
        c.tool("slow", "beta", "0")


# ---- a row for each set-up: where ssh goes, smigrate goes, and asks no more; what ssh refuses, it refuses ----

PASSWORD = [("password: ", "secret\r")]


def row(name, config="", server_lines=(), ask=(), goes=True, why="", transport="", files=(), before="", after="", host="beta",
        around=None, agent=False, rare=False):
    """`around` is a context of the cluster's; with `agent` before's ssh-agent, at ~/.ssh/agent, is there; `rare` rows take turns by the day."""
    return dict(name=name, config=config, server_lines=server_lines, ask=ask, goes=goes, why=why, transport=transport, files=files,
                before=before, after=after, host=host, around=around, agent=agent, rare=rare)


KEYS_OF_BETA = ("AuthorizedKeysFile .ssh/beta_keys",)


def key(kind, name="other"):
    """Commands: a key that is no other's, and the only one that beta takes."""
    return "rm -f .ssh/{1} .ssh/{1}.pub; ssh-keygen -q -t {0} -N '' -f .ssh/{1} && cp .ssh/{1}.pub .ssh/beta_keys".format(kind, name)


def certificate(options, key="id_ed25519"):
    """Commands: an authority for users, and mia's key signed by it."""
    return ("rm -f .ssh/ca .ssh/ca.pub; ssh-keygen -q -t ed25519 -N '' -f .ssh/ca && ssh-keygen -q -s .ssh/ca -I mia %s .ssh/%s.pub"
            % (options, key))


def agent(*keys):
    """Commands: an agent with those keys; a number: so many that nobody knows."""
    lines = ["ssh-agent -P '/opt/mish/bin/*' -a .ssh/agent >.ssh/agent.sh", "export SSH_AUTH_SOCK=.ssh/agent"]
    for k in keys:
        if isinstance(k, int):
            lines += ["for i in $(seq %d); do ssh-keygen -q -t ed25519 -N '' -f .ssh/wrong$i; ssh-add -q .ssh/wrong$i; rm .ssh/wrong$i*; done" % k]
        else:
            lines += ["ssh-add -q .ssh/" + k]
    return "; ".join(lines)


END_AGENT = ". .ssh/agent.sh >/dev/null; kill $SSH_AGENT_PID; rm -f .ssh/agent .ssh/agent.sh"
BY_AUTHORITY = ("TrustedUserCAKeys /home/mia/.ssh/ca.pub", "AuthorizedKeysFile none")
BY_HOST = ("HostbasedAuthentication yes", "PubkeyAuthentication no", "UseDNS yes")
BY_HOST_HERE = "HostbasedAuthentication yes\nPreferredAuthentications hostbased\n"
STRICTLY = "GlobalKnownHostsFile /nonexistent\nStrictHostKeyChecking yes\n"
KNOWN = "UserKnownHostsFile ~/.ssh/known\nGlobalKnownHostsFile /nonexistent\n"
TWO_QUESTIONS = ("auth requisite pam_exec.so quiet expose_authtok /etc/check\nauth required pam_permit.so\n", "read -r code; test \"$code\" = 123456\n")
BY_PAM = ("KbdInteractiveAuthentication yes", "UsePAM yes")
SK = "/opt/mish/bin/sk.so"
BY_TOUCH = "SecurityKeyProvider %s\nIdentityFile ~/.ssh/other\n" % SK
TOUCH = [("Confirm user presence for key ED25519-SK SHA256:", "")]
ODD = "AddressFamily inet\n"  # a keyword that libssh is not trusted with: ssh(1) is the way


def known_as(hosts, goes=True):
    """beta's key, with another first field."""
    return row("known as " + hosts, "UserKnownHostsFile ~/.ssh/known\n" + STRICTLY, goes=goes, why="host key is not known", rare=goes,
               before="sed -n 's/^beta[^ ]* /%s /p' .ssh/known_hosts >.ssh/known" % hosts, after="rm .ssh/known")


ROWS = [
    row("nothing special"),
    row("by ssh(1)", transport="* openssh"),
    row("by libssh alone", transport="beta libssh"),
    row("… where a password is wanted", "", ("PasswordAuthentication yes", "PubkeyAuthentication no"), transport="beta libssh", goes=False,
        why="libssh alone, as ~/.config/mish/transport has it, asks nobody: permission denied"),
    row("another word of the configuration", ODD),
    row("HostName", "Host b\n HostName beta\n", host="b"),
    row("HostName with a token", "Host bet\n HostName %ha\n", host="bet"),
    row("a pattern that excludes", "Host * !beta\n Port 2222\n"),
    row("Match", "Match originalhost b\n HostName beta\n", host="b"),
    row("Match user", "Match user mia\n PubkeyAuthentication yes\n"),
    row("Match final", "Host b\n HostName beta\nMatch final host beta\n PubkeyAuthentication yes\n", host="b"),
    row("Include", "Include more\n", files=((".ssh/more", "Host b\n HostName beta\n"),), host="b"),
    row("Include with ssh(1)'s words in it", "Include more\n", files=((".ssh/more", "Host b\n HostName beta\n AddressFamily inet\n"),), host="b"),
    row("AddressFamily", "AddressFamily inet\n"),
    row("another user", "User nobody\n", goes=False, why="permission denied"),
    row("ProxyJump", "Host beta\n ProxyJump gamma\n"),
    row("two hops", "Host beta\n ProxyJump gamma\nHost gamma\n ProxyJump alpha\n"),
    row("ProxyCommand", "Host beta\n ProxyCommand ssh -W %h:%p gamma\n"),
    row("ProxyCommand none", "ProxyCommand none\n"),
    row("a proxy that is not there", "Host beta\n ProxyCommand false\n", goes=False, why=""),
    row("several keys", "IdentityFile ~/.ssh/none\nIdentityFile ~/.ssh/id_ed25519\n"),
    row("IdentityFile names all keys there are", "IdentityFile ~/.ssh/none\n", goes=False, why="permission denied"),
    row("… also a usual one alone", "Host beta !x\n IdentityFile ~/.ssh/id_rsa\n", goes=False, why="permission denied"),
    row("… and the right one, by libssh", "IdentityFile ~/.ssh/none\nIdentityFile ~/.ssh/other\n", KEYS_OF_BETA, before=key("ed25519"),
        after="rm .ssh/other*", transport="beta libssh"),
    row("a comment behind Host", "Host x # was beta once\n HostName gamma\n"),
    row("a service for a port", "Port https\n", goes=False, why=""),
    row("a time with a unit", "ConnectTimeout 1m\n"),
    row("a switch that is none", "Compression perhaps\n", goes=False, why=""),
    row("a Host in an Include ends with it", "Include more\nUserKnownHostsFile ~/.ssh/none9\n" + STRICTLY, goes=False, why="host key is not known",
        files=((".ssh/more", "Host gamma\n ConnectTimeout 5\n"),)),
    row("… and with its file", "Include more*\n", goes=False, why="host key is not known",
        files=((".ssh/more1", "Host gamma\n ConnectTimeout 5\n"), (".ssh/more2", "UserKnownHostsFile ~/.ssh/none9\n" + STRICTLY))),
    row("IdentitiesOnly", "IdentitiesOnly yes\nIdentityFile ~/.ssh/id_ed25519\n"),
    row("IdentitiesOnly, and another key", "IdentitiesOnly yes\nIdentityFile ~/.ssh/none\n", goes=False, why="permission denied"),
    row("no public keys", "PubkeyAuthentication no\n", ("PasswordAuthentication yes",), PASSWORD),
    row("no public keys, and nobody to ask", "PubkeyAuthentication no\nBatchMode yes\n", ("PasswordAuthentication yes",), goes=False,
        why="permission denied"),
    row("PreferredAuthentications", "PreferredAuthentications password\n", ("PasswordAuthentication yes",), PASSWORD),
    row("a password", "", ("PasswordAuthentication yes", "PubkeyAuthentication no"), PASSWORD),
    row("the wrong password first", "", ("PasswordAuthentication yes", "PubkeyAuthentication no"), [("password: ", "wrong\r")] + PASSWORD),
    row("a password that is put right while it is typed", "", ("PasswordAuthentication yes", "PubkeyAuthentication no"),
        [("password: ", "wrong\x15secrx\u00e9\x7f\x7fet\r")]),
    row("a password and a key", "", ("PasswordAuthentication yes", "AuthenticationMethods publickey,password"), PASSWORD),
    row("a key and a key", "", ("AuthenticationMethods publickey,publickey",), goes=False, why="permission denied"),
    row("questions of the server's", "", ("KbdInteractiveAuthentication yes", "UsePAM yes", "PubkeyAuthentication no"), [("assword: ", "secret\r")]),
    row("a key and a code", "", BY_PAM + ("AuthenticationMethods publickey,keyboard-interactive:pam",), [("assword: ", "123456\r")],
        around=questions(*TWO_QUESTIONS)),
    row("a key and the wrong code first", "", BY_PAM + ("AuthenticationMethods publickey,keyboard-interactive:pam",),
        [("assword: ", "654321\r"), ("assword: ", "123456\r")], around=questions(*TWO_QUESTIONS)),
    row("a key and wrong codes", "", BY_PAM + ("AuthenticationMethods publickey,keyboard-interactive:pam",), [("assword: ", "654321\r")] * 3,
        goes=False, why="permission denied", around=questions(*TWO_QUESTIONS), rare=True),
    row("a code, and nobody to ask", "BatchMode yes\n", BY_PAM + ("AuthenticationMethods publickey,keyboard-interactive:pam",), goes=False,
        why="permission denied", around=questions(*TWO_QUESTIONS)),
    row("a code that is not the password, and the password", "", BY_PAM + ("PubkeyAuthentication no", "PasswordAuthentication no",
        "AuthenticationMethods keyboard-interactive:pam,keyboard-interactive:pam"), [("assword: ", "123456\r")] * 2,
        around=questions(*TWO_QUESTIONS)),
    row("an RSA key", "", KEYS_OF_BETA, transport="beta libssh", before=key("rsa -b 2048", "id_rsa"), after="rm .ssh/id_rsa*"),
    row("an RSA key, and SHA-512 only", "IdentityFile ~/.ssh/other\n", KEYS_OF_BETA + ("PubkeyAcceptedAlgorithms rsa-sha2-512",),
        before=key("rsa -b 2048"), after="rm .ssh/other*"),
    row("an ECDSA key", "", KEYS_OF_BETA, transport="beta libssh", before=key("ecdsa", "id_ecdsa"), after="rm .ssh/id_ecdsa*"),
    row("an ECDSA key of 521 bits, by ssh(1)", "IdentityFile ~/.ssh/other\n" + ODD, KEYS_OF_BETA, before=key("ecdsa -b 521"), after="rm .ssh/other*",
        rare=True),
    row("an Ed25519 key by another name", "IdentityFile ~/.ssh/other\n", KEYS_OF_BETA, transport="beta libssh", before=key("ed25519"),
        after="rm .ssh/other*", rare=True),
    row("an RSA key in PEM", "IdentityFile ~/.ssh/other\n", KEYS_OF_BETA, transport="beta libssh", before=key("rsa -b 2048 -m PEM"),
        after="rm .ssh/other*"),
    row("an ECDSA key in PEM", "IdentityFile ~/.ssh/other\n", KEYS_OF_BETA, transport="beta libssh", before=key("ecdsa -m PEM"),
        after="rm .ssh/other*"),
    row("an RSA key in PKCS8", "IdentityFile ~/.ssh/other\n", KEYS_OF_BETA, before=key("rsa -b 2048 -m PKCS8"), after="rm .ssh/other*", rare=True),
    row("a key in PEM with a passphrase", "IdentityFile ~/.ssh/other\n", KEYS_OF_BETA, [("passphrase for key .*: ", "open sesame\r")],
        before=key("rsa -b 2048 -m PEM") + "; ssh-keygen -q -p -m PEM -P '' -N 'open sesame' -f .ssh/other", after="rm .ssh/other*"),
    row("a key that others may read", "IdentityFile ~/.ssh/other\n", KEYS_OF_BETA, goes=False, why="permission denied",
        before=key("ed25519") + "; chmod 644 .ssh/other", after="rm .ssh/other*"),
    row("an agent", "", KEYS_OF_BETA, transport="beta libssh", agent=True, before=key("ed25519") + ";" + agent("other") + "; rm .ssh/other*",
        after=END_AGENT),
    row("an agent that the configuration names", "IdentityAgent ~/.ssh/agent\n", KEYS_OF_BETA,
        before=key("ed25519") + ";" + agent("other") + "; rm .ssh/other*", after=END_AGENT, rare=True),
    row("more keys in the agent than are let try", "", ("MaxAuthTries 3",), goes=False, why="oo many authentication failures", agent=True,
        before=agent(4), after=END_AGENT),
    row("… of which one is a file's", "", ("MaxAuthTries 3",), agent=True, before=agent(4, "id_ed25519"), after=END_AGENT),
    row("… and IdentitiesOnly", "IdentitiesOnly yes\n", ("MaxAuthTries 3",), agent=True, before=agent(4), after=END_AGENT, rare=True),
    row("… and IdentitiesOnly for a public key", "IdentitiesOnly yes\nIdentityFile ~/.ssh/other.pub\n", KEYS_OF_BETA + ("MaxAuthTries 3",),
        agent=True, before=key("ed25519") + ";" + agent(4, "other") + "; rm .ssh/other", after=END_AGENT + "; rm .ssh/other.pub"),
    row("a certificate beside the key", "", BY_AUTHORITY, before=certificate("-n mia"), after="rm .ssh/id_ed25519-cert.pub"),
    row("CertificateFile", "CertificateFile ~/.ssh/elsewhere\n", BY_AUTHORITY,
        before=certificate("-n mia") + "; mv .ssh/id_ed25519-cert.pub .ssh/elsewhere", after="rm .ssh/elsewhere"),
    row("a certificate in the agent", "", BY_AUTHORITY, agent=True,
        before=key("ed25519") + ";" + certificate("-n mia", "other") + ";" + agent("other") + "; rm .ssh/other*", after=END_AGENT),
    row("another's certificate", "", BY_AUTHORITY, goes=False, why="permission denied", before=certificate("-n root"),
        after="rm .ssh/id_ed25519-cert.pub", rare=True),
    row("a certificate that has expired", "", BY_AUTHORITY, goes=False, why="permission denied", before=certificate("-n mia -V 20200101:20200102"),
        after="rm .ssh/id_ed25519-cert.pub", rare=True),
    row("a certificate that may not have a terminal", "", BY_AUTHORITY, before=certificate("-n mia -O no-pty"), after="rm .ssh/id_ed25519-cert.pub",
        rare=True),
    row("a certificate for one command", "", BY_AUTHORITY, before=certificate("-n mia -O force-command='echo only this'"), goes=False,
        why="only this", after="rm .ssh/id_ed25519-cert.pub", rare=True),
    row("a host's certificate", KNOWN, files=((".ssh/known", "@cert-authority beta CA\n"),), around=host_certificate("-n beta")),
    row("… for another host", KNOWN, files=((".ssh/known", "@cert-authority beta CA\n"),), around=host_certificate("-n gamma"), goes=False,
        why="host key is not known", ask=[("\\(yes/no", "no\r")]),
    row("… strictly", KNOWN + "StrictHostKeyChecking yes\n", files=((".ssh/known", "@cert-authority beta CA\n"),),
        around=host_certificate("-n gamma"), goes=False, why="host key is not known", rare=True),
    row("… that has expired", KNOWN + "StrictHostKeyChecking yes\n", files=((".ssh/known", "@cert-authority beta CA\n"),),
        around=host_certificate("-n beta -V 20200101:20200102"), goes=False, why="host key is not known", rare=True),
    row("… by an authority for other hosts", KNOWN + "StrictHostKeyChecking yes\n", files=((".ssh/known", "@cert-authority gamma CA\n"),),
        around=host_certificate("-n beta"), goes=False, why="host key is not known", rare=True),
    row("… that has expired, and its key is known", KNOWN, files=((".ssh/known", "@cert-authority beta CA\nbeta BETA\n"),),
        around=host_certificate("-n beta -V 20200101:20200102")),
    row("… by an authority that is revoked, and its key is known", KNOWN, files=((".ssh/known", "@revoked * CA\nbeta BETA\n"),),
        around=host_certificate("-n beta"), goes=False, why="host key is revoked"),
    row("a FIDO key", BY_TOUCH, KEYS_OF_BETA, TOUCH, around=security_key, before=key("ed25519-sk -w " + SK), after="rm .ssh/other*"),
    row("a FIDO key of somebody else", BY_TOUCH, goes=False, why="permission denied", around=security_key,
        before="mv .ssh/id_ed25519 .ssh/id; " + key("ed25519-sk -w " + SK), after="mv .ssh/id .ssh/id_ed25519; rm .ssh/other*", rare=True),
    row("a FIDO key that needs no touch", BY_TOUCH, KEYS_OF_BETA, around=security_key,
        before=key("ed25519-sk -O no-touch-required -w " + SK) + "; sed -i 's/^/no-touch-required /' .ssh/beta_keys", after="rm .ssh/other*",
        rare=True),
    row("… where the server wants one", BY_TOUCH, KEYS_OF_BETA, goes=False, why="permission denied", around=security_key,
        before=key("ed25519-sk -O no-touch-required -w " + SK), after="rm .ssh/other*", rare=True),
    row("a FIDO key in the agent", "", KEYS_OF_BETA, agent=True, around=security_key,
        before=key("ed25519-sk -w " + SK) + "; export SSH_SK_PROVIDER=" + SK + "; " + agent("other") + "; rm .ssh/other*", after=END_AGENT),
    row("hostbased", BY_HOST_HERE, BY_HOST, around=hostbased()),
    row("hostbased, which this node does not do", BY_HOST_HERE, BY_HOST, around=hostbased(client=""), goes=False, why="permission denied", rare=True),
    row("hostbased, where this node is not trusted", BY_HOST_HERE, BY_HOST, around=hostbased(trusted="gamma\n"), goes=False,
        why="permission denied", rare=True),
    row("200 ms", around=slow, rare=True, transport="beta libssh"),
    row("200 ms, by ssh(1)", around=slow, rare=True, transport="beta openssh"),
    row("200 ms and a password", "", ("PasswordAuthentication yes", "PubkeyAuthentication no"), PASSWORD, around=slow, rare=True),
    row("Compression", "Compression yes\n"),
    row("restricted ciphers", "Ciphers aes256-ctr\n"),
    row("chacha20 at the server", "", ("Ciphers chacha20-poly1305@openssh.com",)),
    row("a MAC", "MACs hmac-sha2-512\nCiphers aes128-ctr\n"),
    row("a key exchange that libssh has not", "", ("KexAlgorithms sntrup761x25519-sha512@openssh.com",)),
    row("a key exchange that nobody has", "KexAlgorithms diffie-hellman-group14-sha256\n", ("KexAlgorithms curve25519-sha256",), goes=False,
        why="Their offer"),
    row("rekeying", "RekeyLimit 64K\n"),
    row("MaxSessions 1", "", ("MaxSessions 1",)),
    row("an unknown host key", "UserKnownHostsFile ~/.ssh/none\nGlobalKnownHostsFile /nonexistent\n", ask=[("\\(yes/no", "yes\r")], after="rm .ssh/none"),
    row("… which is not wanted", "UserKnownHostsFile ~/.ssh/none2\nGlobalKnownHostsFile /nonexistent\n", ask=[("\\(yes/no", "no\r")], goes=False,
        why="host key is not known"),
    row("… strictly", "UserKnownHostsFile ~/.ssh/none3\nGlobalKnownHostsFile /nonexistent\nStrictHostKeyChecking yes\n", goes=False,
        why="host key is not known"),
    row("… accept-new", "UserKnownHostsFile ~/.ssh/none4\nGlobalKnownHostsFile /nonexistent\nStrictHostKeyChecking accept-new\n"),
    row("a second known_hosts file", "UserKnownHostsFile ~/.ssh/none5 ~/.ssh/known_hosts\n"),
    known_as("beta"),
    known_as("*,!beta", goes=False),
    known_as("!beta,b*", goes=False),
    known_as("[beta]:22", goes=False),
    row("HostKeyAlias", "Host b\n HostName beta\n HostKeyAlias beta\n", host="b"),
    row("HostKeyAlias of another", "Host b\n HostName beta\n HostKeyAlias other\n StrictHostKeyChecking yes\n", host="b", goes=False,
        why="host key is not known"),
    row("KnownHostsCommand", "UserKnownHostsFile none\nGlobalKnownHostsFile none\nKnownHostsCommand /bin/cat /home/mia/.ssh/known_hosts\n"),
    row("RevokedHostKeys", "RevokedHostKeys ~/.ssh/beta.pub\n", goes=False, why="",
        before="grep '^beta' .ssh/known_hosts | head -1 | cut -d' ' -f2- >.ssh/beta.pub", after="rm .ssh/beta.pub"),
    row("UpdateHostKeys", "UpdateHostKeys yes\n"),
    row("LogLevel QUIET", "LogLevel QUIET\n" + ODD),
    row("LogLevel DEBUG by ssh(1)", "LogLevel DEBUG3\n" + ODD),
    row("ControlMaster", "ControlMaster auto\nControlPath ~/.ssh/master-%C\nControlPersist 5\n"),
    row("a master that is there", "ControlPath ~/.ssh/master\n", before="ssh -o ControlMaster=yes -o ControlPersist=60 -S .ssh/master -fN beta",
        after="ssh -S .ssh/master -O exit beta"),
    row("RemoteCommand", "RemoteCommand uptime\n"),
    row("RequestTTY", "RequestTTY force\n"),
    row("LocalForward", "LocalForward 7777 localhost:22\n"),
    row("ForwardX11, and no display", "ForwardX11 yes\n"),
    row("EscapeChar", "EscapeChar ~\n"),
    row("a password that has expired", "", ("UsePAM yes",), goes=False, around=expired,
        why="no mish answered there: Password change required but no TTY available. To change it, run: ssh beta "),
    row("SendEnv, SetEnv", "SendEnv LANG\nSetEnv FOO=bar\n"),
    row("what SetEnv sets is there", "SetEnv FOO=bar BAR=x\n",
        ("AcceptEnv FOO", 'ForceCommand test "$FOO$BAR" = bar && eval "$SSH_ORIGINAL_COMMAND"'), transport="beta libssh"),
    row("ForceCommand", "", ("ForceCommand echo only this",), goes=False, why="only this"),
    row("what runs before mish reads a line", "", ("ForceCommand read -t 1 -r x; eval \"$SSH_ORIGINAL_COMMAND\"",)),
    row("what runs instead reads", "", ("ForceCommand cat",), goes=False, why="no mish answered there; if this prints no version either, a start-up file", rare=True,
        transport="beta libssh"),  # ssh(1) is waited for two minutes: it may ask
    row("command= of the key", "", KEYS_OF_BETA, files=((".ssh/beta_keys", 'command="$SSH_ORIGINAL_COMMAND" KEY'),)),
    row("from= elsewhere", "", KEYS_OF_BETA, files=((".ssh/beta_keys", 'from="192.0.2.1" KEY'),), goes=False, why="permission denied"),
    row("restrict", "", KEYS_OF_BETA, files=((".ssh/beta_keys", "restrict KEY"),)),
    row("a broken configuration", "Nonsense yes\n", goes=False, why=""),
    row("an unknown word that is to be ignored", "IgnoreUnknown Nonsense\nNonsense yes\n"),
]


def goes_as_ssh(c, r, s, column=""):
    """A row at a real sshd, ssh first: no further and no less far; as mish chooses, or in the column of one transport. The session is at alpha, before and after."""
    public = open(os.path.join(c.home, ".ssh/id_ed25519.pub")).read()
    there = "export SSH_AUTH_SOCK=/home/mia/.ssh/agent; " if r["agent"] else "unset SSH_AUTH_SOCK; "
    with contextlib.ExitStack() as stack:
        for name, text in r["files"]:
            stack.enter_context(file(c, name, text.replace("KEY", public)))
        if r["around"]:
            stack.enter_context(r["around"](c))
        if r["server_lines"]:
            stack.enter_context(server(c, "beta", *r["server_lines"]))
        if r["config"]:
            stack.enter_context(file(c, ".ssh/config", r["config"]))
        if r["transport"] or column:
            stack.enter_context(file(c, ".config/mish/transport", (r["transport"] or "* " + column) + "\n"))
        if r["before"]:
            c.as_user("alpha", "cd; " + r["before"])
        try:
            if not any(answer for _, answer in r["ask"]):
                got = c.as_user("alpha", there + "ssh -T -o BatchMode=yes -o RemoteCommand=none %s echo in 2>/dev/null" % r["host"])
                equal("%s: ssh" % r["name"], got.strip().endswith("in"), r["goes"])
            s.line(there + "smigrate " + r["host"])
            for prompt, answer in r["ask"] if column != "libssh" else ():
                s.expect(prompt)
                s.send(answer)
            refused = r"mish: smigrate: %s: [^\r\n]*%s[^\r\n]*staying on alpha\)\r\n"
            if column == "libssh":  # what it cannot do is refused, with a reason; and it goes nowhere else
                m = s.expect(r"\[beta\]> |" + refused % (r["host"], ""), 40)
                true("libssh goes where ssh does not: %r" % m.group(0), r["goes"] or m.group(0) != b"[beta]> ")
                if m.group(0) == b"[beta]> ":
                    s.move("home")
                else:
                    s.prompt()
            elif r["goes"]:
                s.prompt("beta")
                s.run("echo here", "beta")
                s.move("home")
            else:
                s.expect(refused % (r["host"], r["why"]), 40)
                s.prompt()
        finally:
            if r["after"]:
                c.as_user("alpha", "cd; " + r["after"])


def wanted_rows():
    """Of the rare ones (slow, or much like others) another fifth each day, all with MISH_TEST_FULL=1; or those that the command line names a part of."""
    day = int(time.time() // 86400)
    rare = [r for r in ROWS if r["rare"]]
    if len(sys.argv) > 2:
        return [r for r in ROWS if sys.argv[2] in r["name"]]
    return [r for r in ROWS if not r["rare"] or os.environ.get("MISH_TEST_FULL") or (rare.index(r) + day) % 5 == 0]


def wanted_columns(r):
    """As mish chooses; and, where no transport is named, by each of them, one row in twelve each day, all with MISH_TEST_FULL=1."""
    if r["transport"] or not (os.environ.get("MISH_TEST_FULL") or (ROWS.index(r) + int(time.time() // 86400)) % 12 == 0):
        return ("",)
    return ("", "openssh", "libssh")


def rows_of_the_matrix(c):
    bad, s = [], None
    with file(c, ".config/mish/nodes", "alpha beta gamma b bet\n"):
        for r in wanted_rows():
            for column in wanted_columns(r):
                s = s or Session(c)
                try:
                    goes_as_ssh(c, r, s, column)
                except Exception as e:
                    bad.append("%s, %s: %s" % (r["name"], column or "as it chooses", e))
                    print("# " + bad[-1], flush=True)
                    s.kill()
                    s = None
    if s:
        s.kill()
    equal("rows that differ", bad, [])


def the_agent_comes_along(c):
    """Forwarded where ssh forwards it, by a path that stays, through a cut, too; and not where it does not."""
    with file(c, ".ssh/config", "ForwardAgent yes\n"), Session(c) as s:
        s.run("eval $(ssh-agent); ssh-add -q ~/.ssh/id_ed25519")
        fingerprint = s.run("ssh-add -l")[0].split()[1]
        s.line("smigrate beta")
        s.prompt("beta")
        equal("the agent", s.run("ssh-add -l", "beta")[0].split()[1], fingerprint)
        path = s.run("echo $SSH_AUTH_SOCK", "beta")[0]
        c.root("beta", "pkill -f 'sshd: mia'")
        wait_until("the agent again", lambda: fingerprint in s.run("ssh-add -l 2>&1", "beta")[0])
        equal("the path", s.run("echo $SSH_AUTH_SOCK", "beta")[0], path)
        s.move("home")
        equal("gone there", c.as_user("beta", "ls -d %s 2>&1" % path).strip().endswith("No such file or directory"), True)
        s.run("kill $SSH_AGENT_PID")
    with Session(c) as s:
        s.run("eval $(ssh-agent)")
        s.move("beta")
        equal("none", s.run("echo x${SSH_AUTH_SOCK}x", "beta")[0].strip(), "xx")
        s.move("home")
        s.run("kill $SSH_AGENT_PID")


def what_does_not_come_along_is_told(c):
    """Agent, display and tickets: not forwarded, refused, lost on the way on; once a move, not with -q, and nothing of what is there."""
    told = "mish: %s: did not come along: %s\r\n"
    agent_only, all_three = "ssh agent (ForwardAgent)", "ssh agent (ForwardAgent), display (ForwardX11), Kerberos tickets (GSSAPIDelegateCredentials)"
    with Session(c) as s:
        s.run("eval $(ssh-agent)")

        def go(to, expected, at=None):
            start = len(s.log)
            s.line("smigrate " + to)
            s.prompt(at or to)
            got = [l for l in bytes(s.log[start:]).decode(errors="replace").splitlines(True) if "did not come along" in l]
            equal(to, got, [told % (at or to, expected)] if expected else [])

        go("beta", agent_only)
        go("gamma", None)  # lost before
        go("home", None, "alpha")
        go("-q beta", None, "beta")
        go("home", None, "alpha")
        with file(c, ".ssh/config", "Host beta\n ForwardAgent yes\n"):
            with server(c, "beta", "AllowAgentForwarding no"):
                go("beta", agent_only)
                go("home", None, "alpha")
            s.run("export DISPLAY=:7 KRB5CCNAME=/tmp/none")
            go("beta", all_three[len(agent_only) + 2:])
            go("gamma", agent_only)  # forwarded to beta alone
            s.run("export SSH_AUTH_SOCK=/tmp/own", "gamma")
            s.run("unset KRB5CCNAME DISPLAY; DISPLAY=shell-only", "gamma")
            go("beta", None)
            s.run("export KRB5CCNAME=/tmp/there", "beta")
            go("home", None, "alpha")
        s.run("unset SSH_AUTH_SOCK")
        with file(c, ".ssh/config", "ForwardAgent no\n"):
            go("beta", all_three[len(agent_only) + 2:])
            s.run("export SSH_AUTH_SOCK=/tmp/own", "beta")
            go("home", "ssh agent", "alpha")
        s.run("kill $SSH_AGENT_PID")


X_SERVER = """
import socket
s = socket.create_server(("127.0.0.1", 6042))
while True:
    c = s.accept()[0]
    head = c.recv(12, socket.MSG_WAITALL)
    n, d = int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little")
    c.recv(-n % 4 + n, socket.MSG_WAITALL)
    cookie = c.recv(d, socket.MSG_WAITALL).hex()
    c.send(b"\\1" if cookie == "00112233445566778899aabbccddeeff" else b"\\0")
    c.close()
"""
X_CLIENT = """
import os, socket, subprocess
display = os.environ["DISPLAY"]
cookie = bytes.fromhex(subprocess.check_output(["xauth", "list", display], text=True).split()[2])
c = socket.create_connection(("127.0.0.1", 6000 + int(display.split(":")[1].split(".")[0])), 5)
name = b"MIT-MAGIC-COOKIE-1"
c.send(b"l\\0" + bytes((11, 0, 0, 0, len(name), 0, len(cookie), 0, 0, 0)) + name + b"\\0\\0" + cookie)
print("welcome=" + c.recv(1).hex())
"""


def x11_follows(c):
    """Where ForwardX11 says so, programs show their windows here: after a move, through a cut; a display of one's own stays."""
    if shutil.which("xauth") is None:
        print("skip x11_follows: no xauth")
        return
    c.write("x_server.py", X_SERVER)
    c.write("x_client.py", X_CLIENT)
    c.as_user("alpha", "setsid python3 ~/x_server.py >/dev/null 2>&1 </dev/null & xauth -q add localhost:42 . 00112233445566778899aabbccddeeff")
    shows = "python3 ~/x_client.py 2>&1 | tail -1"
    try:
        with server(c, "beta", "X11Forwarding yes"), file(c, ".ssh/config", "ForwardX11 yes\nForwardX11Trusted yes\n"), Session(c) as s:
            s.run("export DISPLAY=localhost:42")
            equal("here", s.run(shows)[0], "welcome=01\n")
            s.move("beta")
            equal("there", s.run(shows, "beta")[0], "welcome=01\n")
            first = s.run("echo $DISPLAY", "beta")[0]
            held = c.root("beta", "ss -tlnp sport = :%d" % (6000 + int(first.split(":")[1].split(".")[0])))
            c.root("beta", "kill -STOP %s" % re.search(r"pid=(\d+)", held).group(1))  # as after a cut: it keeps its display
            c.root("alpha", "pkill -9 -x mish-link")
            wait_until("the display again", lambda: "welcome=01" in s.run("timeout 3 " + shows, "beta")[0])
            true("another one", s.run("echo $DISPLAY", "beta")[0] != first)
            s.run("DISPLAY=elsewhere:7", "beta")
            link = c.root("alpha", "pgrep -x mish-link")
            c.root("alpha", "pkill -9 -x mish-link")
            wait_until("another link", lambda: c.root("alpha", "pgrep -x mish-link") not in ("", link))
            s.settle(1)
            equal("one's own", s.run("echo $DISPLAY", "beta")[0], "elsewhere:7\n")
            c.root("beta", "pkill -CONT -u mia sshd")
            s.move("home")
            equal("here again", s.run("echo $DISPLAY")[0], "localhost:42\n")
    finally:
        c.as_user("alpha", "pkill -f x_server.py; rm -f .Xauthority x_server.py x_client.py")


def git_pushes_with_the_agent(c):
    """From beta to a repository on gamma, which takes a key that only the agent has: over a forwarded agent, and not without, as from an ssh."""
    c.as_user("gamma", "git init -q --bare /tmp/repo.git")
    c.as_user("beta", "cd /tmp; git init -q work; cd work; git config user.name mia; git config user.email mia@beta; git config push.default current; "
              "git remote add origin gamma:/tmp/repo.git")
    c.as_user("alpha", key("ed25519") + "; mv .ssh/beta_keys .ssh/gamma_keys;" + agent("other") + "; rm .ssh/other*")
    push = "cd /tmp/work && git commit -q --allow-empty -m 'from %s' && GIT_SSH_COMMAND='ssh -o BatchMode=yes' git push -q 2>&1"
    there = "export SSH_AUTH_SOCK=/home/mia/.ssh/agent; "
    refused = "Permission denied (publickey)"

    def head():
        return c.as_user("gamma", "git -C /tmp/repo.git log --all --format=%s -1").strip()

    try:
        with server(c, "gamma", "AuthorizedKeysFile .ssh/gamma_keys"), Session(c) as s:
            s.run(there + ":")
            for forward, name in (("yes", "there"), ("no", "nowhere")):
                with file(c, ".ssh/config", "Host beta\n ForwardAgent %s\n" % forward):
                    before = head()
                    got = c.as_user("alpha", there + "ssh -T beta %s" % shlex.quote(push % ("ssh " + name)))
                    equal("ssh", (refused in got, head()), (False, "from ssh there") if forward == "yes" else (True, before))
                    before = head()
                    s.move("beta")
                    got = s.run(push % name, "beta")[0]
                    equal("smigrate", (refused in got, head()), (False, "from there") if forward == "yes" else (True, before))
                    s.move("home")
    finally:
        c.as_user("alpha", END_AGENT + "; rm .ssh/gamma_keys")


if __name__ == "__main__":
    if shutil.which("git") is None:
        print("skip git_pushes_with_the_agent: no git", flush=True)
    main([a_passphrase_is_asked_for, a_passphrase_may_be_given_up, a_revoked_key_is_refused, a_key_and_a_password, a_password_and_then_a_key,
          a_banner_says_why_not, what_the_server_says_comes_before_its_question, what_ssh_warns_of_is_shown, proxies_end_with_a_move_that_is_called_off,
          what_ssh_runs_may_ask_at_the_terminal, a_master_that_stays_is_made,
          other_users_and_ports, users_and_aliases_that_only_ssh_knows, mish_goes_along, what_went_along_is_forgotten,
          what_the_origin_cannot_reach_is_reached_from_the_node, what_keeps_one_from_the_way_through_a_node_is_told,
         what_is_for_other_hosts_does_not_matter, rows_of_the_matrix, the_agent_comes_along,
          what_does_not_come_along_is_told, x11_follows]
         + ([git_pushes_with_the_agent] if shutil.which("git") else []) + [older_words_of_ssh_count, what_keeps_mish_from_going_along_is_told, from_csh_too, options_for_other_uses_of_ssh_do_not_matter,
            log_levels_are_not_on_the_screen, the_configured_time_out_counts, a_server_may_be_slow] +
         ([a_reconnect_waits_as_long] if os.environ.get("MISH_TEST_FULL") or int(time.time() // 86400) % 3 == 0 or sys.argv[1:] else []), tag="h")
