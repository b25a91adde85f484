"""Agent, display and tickets: they come along where ssh forwards them, and what does not is told."""

import os
import re
import shlex
import shutil
import subprocess

from sshsite import *


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
    main([the_agent_comes_along, what_does_not_come_along_is_told, x11_follows] + ([git_pushes_with_the_agent] if shutil.which("git") else []), tag="ha")
