"""The user's ssh set-up: whatever ssh asks for, smigrate asks for; what ssh refuses, it refuses."""

import contextlib
import os
import re
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

    def begin(text):
        open(config, "w").write(text)
        c.root(node, "kill -HUP $(cat /run/sshd.pid)")
        wait_until("sshd is back", lambda: "Permission" in c.as_user("alpha", "ssh -o BatchMode=yes -o PubkeyAuthentication=no %s true 2>&1" % node)
                   or "in" == c.as_user("alpha", "ssh -o BatchMode=yes %s echo in 2>/dev/null" % node).strip())
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
                        ("beta:0", "not a host name"), ("beta:x", "not a host name"), ("a@b@beta", "not a host name"),
                        ("-l@beta", "unknown option"), ("ssh://", "not a host name"), ("'tom@-oX'", "not a host name"), ("beta:99999", "not a host name")):
            out, status = s.run("smigrate " + to)
            true("%s: %s" % (to, out), re.search(r"(?i)mish: smigrate: %s.*(%s)" % (re.escape(to.strip("'"))[:3], why), out) and status != 0)
    c.root("beta", "pkill -f 'sshd.*-p 2222'")


def what_is_for_other_hosts_does_not_matter(c):
    """Where the configuration has more than libssh knows, what counts is what ssh(1) makes of it for this host."""
    for config, by_ssh in (("Host other\n ProxyJump gamma\n", False), ("Match host other exec true\n PubkeyAuthentication no\n", False),
                           ("Host b*\n Ciphers aes256-ctr\n MACs hmac-sha2-256\n KexAlgorithms curve25519-sha256\n"
                            " HostKeyAlgorithms ssh-ed25519\n PubkeyAcceptedAlgorithms ssh-ed25519\nHost x !y\n Port 1\n", False),
                           ("Match final all\n RequiredRSASize 2048\n IdentityFile ~/.ssh/id_ed25519\n ConnectTimeout 20\n", False),
                           ("Host b !other\n HostName beta\n User mia\n Port 22\n UserKnownHostsFile ~/.ssh/known_hosts\n", False),
                           ("Host beta\n ProxyJump gamma\n", True), ("ForwardAgent yes\n", True), ("IdentitiesOnly yes\n", True),
                           ("StrictHostKeyChecking no\n", True), ("UserKnownHostsFile ~/.ssh/known_hosts ~/.ssh/more\n", True),
                           ("CertificateFile ~/.ssh/id-cert.pub\n", True), ("HostbasedAuthentication yes\nBindAddress 10.77.0.1\n", True)):
        with file(c, ".ssh/config", config), file(c, ".config/mish/nodes", "alpha beta gamma b\n"), Session(c) as s:
            s.line("smigrate -v " + ("b" if "HostName beta" in config else "beta"))
            s.prompt("beta")
            equal(config, b"by ssh(1)" in s.log, by_ssh)
            s.move("home")
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


@contextlib.contextmanager
def without_mish(c, node):
    """A node that has none, nor the libraries that it wants; whose users have another shell."""
    libraries = " ".join("/lib/x86_64-linux-gnu/" + l for l in ("libedit.so.2", "libmsgpackc.so.2", "libbsd.so.0", "libsodium.so.23"))
    c.root(node, "mount -t tmpfs none /opt; sed s,/opt/mish/bin/mish,/bin/sh, /etc/passwd >/run/passwd; mount --bind /run/passwd /etc/passwd; "
           "for l in %s; do mount --bind /dev/null $(realpath $l); done" % libraries)
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


# ---- a row for each set-up: where ssh goes, smigrate goes, and asks no more; what ssh refuses, it refuses ----

PASSWORD = [("password: ", "secret\r")]


def row(name, config="", server_lines=(), ask=(), goes=True, why="", transport="", files=(), before="", after="", host="beta"):
    return dict(name=name, config=config, server_lines=server_lines, ask=ask, goes=goes, why=why, transport=transport, files=files,
                before=before, after=after, host=host)


KEYS_OF_BETA = ("AuthorizedKeysFile .ssh/beta_keys",)
ODD = "AddressFamily inet\n"  # a keyword that libssh is not trusted with: ssh(1) is the way
ROWS = [
    row("nothing special"),
    row("by ssh(1)", transport="* openssh"),
    row("by libssh alone", transport="beta libssh"),
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
    row("Compression", "Compression yes\n"),
    row("restricted ciphers", "Ciphers aes256-ctr\n"),
    row("chacha20 at the server", "", ("Ciphers chacha20-poly1305@openssh.com",)),
    row("a MAC", "MACs hmac-sha2-512\nCiphers aes128-ctr\n"),
    row("a key exchange that libssh has not", "", ("KexAlgorithms sntrup761x25519-sha512@openssh.com",)),
    row("a key exchange that nobody has", "KexAlgorithms diffie-hellman-group14-sha256\n", ("KexAlgorithms curve25519-sha256",), goes=False,
        why="Their offer"),
    row("rekeying", "RekeyLimit 64K\n"),
    row("MaxSessions 1", "", ("MaxSessions 1",)),
    row("an unknown host key", "UserKnownHostsFile ~/.ssh/none\nGlobalKnownHostsFile /nonexistent\n", ask=[("\\(yes/no", "yes\r")]),
    row("… which is not wanted", "UserKnownHostsFile ~/.ssh/none2\nGlobalKnownHostsFile /nonexistent\n", ask=[("\\(yes/no", "no\r")], goes=False,
        why="host key is not known"),
    row("… strictly", "UserKnownHostsFile ~/.ssh/none3\nGlobalKnownHostsFile /nonexistent\nStrictHostKeyChecking yes\n", goes=False,
        why="host key is not known"),
    row("… accept-new", "UserKnownHostsFile ~/.ssh/none4\nGlobalKnownHostsFile /nonexistent\nStrictHostKeyChecking accept-new\n"),
    row("a second known_hosts file", "UserKnownHostsFile ~/.ssh/none5 ~/.ssh/known_hosts\n"),
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
    row("SendEnv, SetEnv", "SendEnv LANG\nSetEnv FOO=bar\n"),
    row("ForceCommand", "", ("ForceCommand echo only this",), goes=False, why="only this"),
    row("command= of the key", "", KEYS_OF_BETA, files=((".ssh/beta_keys", 'command="$SSH_ORIGINAL_COMMAND" KEY'),)),
    row("from= elsewhere", "", KEYS_OF_BETA, files=((".ssh/beta_keys", 'from="192.0.2.1" KEY'),), goes=False, why="permission denied"),
    row("restrict", "", KEYS_OF_BETA, files=((".ssh/beta_keys", "restrict KEY"),)),
    row("a broken configuration", "Nonsense yes\n", goes=False, why=""),
    row("an unknown word that is to be ignored", "IgnoreUnknown Nonsense\nNonsense yes\n"),
]


def goes_as_ssh(c, r):
    """A row at a real sshd, ssh first: no further and no less far."""
    public = open(os.path.join(c.home, ".ssh/id_ed25519.pub")).read()
    with contextlib.ExitStack() as stack:
        for name, text in r["files"]:
            stack.enter_context(file(c, name, text.replace("KEY", public)))
        if r["server_lines"]:
            stack.enter_context(server(c, "beta", *r["server_lines"]))
        if r["config"]:
            stack.enter_context(file(c, ".ssh/config", r["config"]))
        if r["transport"]:
            stack.enter_context(file(c, ".config/mish/transport", r["transport"] + "\n"))
        stack.enter_context(file(c, ".config/mish/nodes", "alpha beta gamma b bet\n"))
        if r["before"]:
            c.as_user("alpha", "cd; " + r["before"])
        try:
            if not r["ask"]:
                got = c.as_user("alpha", "ssh -T -o BatchMode=yes -o RemoteCommand=none %s echo in 2>/dev/null" % r["host"])
                equal("%s: ssh" % r["name"], got.strip().endswith("in"), r["goes"])
            with Session(c) as s:
                s.line("smigrate " + r["host"])
                for prompt, answer in r["ask"]:
                    s.expect(prompt)
                    s.send(answer)
                if r["goes"]:
                    s.prompt("beta")
                    s.run("echo here", "beta")
                    s.move("home")
                else:
                    s.expect(r"mish: smigrate: %s: [^\r\n]*%s[^\r\n]*staying on alpha\)\r\n" % (r["host"], r["why"]), 20)
                    s.prompt()
        finally:
            if r["after"]:
                c.as_user("alpha", "cd; " + r["after"])


def rows_of_the_matrix(c):
    bad = []
    for r in ROWS:
        if len(sys.argv) > 2 and sys.argv[2] not in r["name"]:
            continue
        try:
            goes_as_ssh(c, r)
        except Exception as e:
            bad.append("%s: %s" % (r["name"], e))
            print("# " + bad[-1], flush=True)
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


if __name__ == "__main__":
    main([a_passphrase_is_asked_for, a_passphrase_may_be_given_up, a_revoked_key_is_refused, a_key_and_a_password, a_password_and_then_a_key,
          a_banner_says_why_not, what_the_server_says_comes_before_its_question, other_users_and_ports, mish_goes_along, what_the_origin_cannot_reach_is_reached_from_the_node, what_is_for_other_hosts_does_not_matter, rows_of_the_matrix, the_agent_comes_along, log_levels_are_not_on_the_screen, the_configured_time_out_counts], tag="h")
