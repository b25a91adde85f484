"""Set-ups of ssh, a row for each: where ssh goes, smigrate goes, and asks no more; what ssh refuses, it refuses."""

import contextlib
import os
import sys
import time

from sshsite import *


# ---- what a row may need around it ----

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


def certificate(options, key="id_ed25519"):
    """Commands: an authority for users, and mia's key signed by it."""
    return ("rm -f .ssh/ca .ssh/ca.pub; ssh-keygen -q -t ed25519 -N '' -f .ssh/ca && ssh-keygen -q -s .ssh/ca -I mia %s .ssh/%s.pub"
            % (options, key))


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


if __name__ == "__main__":
    main([rows_of_the_matrix], tag="hr")
