"""The user's ssh set-up: whatever ssh asks for, smigrate asks for; what ssh refuses, it refuses."""

import contextlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import time

from sshsite import *


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


if __name__ == "__main__":
    main([a_passphrase_is_asked_for, a_passphrase_may_be_given_up, a_revoked_key_is_refused, a_key_and_a_password, a_password_and_then_a_key,
          a_banner_says_why_not, what_the_server_says_comes_before_its_question, what_ssh_warns_of_is_shown, proxies_end_with_a_move_that_is_called_off,
          what_ssh_runs_may_ask_at_the_terminal, a_master_that_stays_is_made,
          other_users_and_ports, users_and_aliases_that_only_ssh_knows, mish_goes_along, what_went_along_is_forgotten,
          what_the_origin_cannot_reach_is_reached_from_the_node, what_keeps_one_from_the_way_through_a_node_is_told,
          what_is_for_other_hosts_does_not_matter, older_words_of_ssh_count, what_keeps_mish_from_going_along_is_told,
          from_csh_too, options_for_other_uses_of_ssh_do_not_matter, log_levels_are_not_on_the_screen, the_configured_time_out_counts, a_server_may_be_slow]
         + ([a_reconnect_waits_as_long] if os.environ.get("MISH_TEST_FULL") or int(time.time() // 86400) % 3 == 0 or sys.argv[1:] else []), tag="h")
