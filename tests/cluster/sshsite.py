"""What the tests of ssh set-ups change around a test, and put back."""

import contextlib
import os

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


ODD = "AddressFamily inet\n"  # a keyword that libssh is not trusted with: ssh(1) is the way
END_AGENT = ". .ssh/agent.sh >/dev/null; kill $SSH_AGENT_PID; rm -f .ssh/agent .ssh/agent.sh"


def key(kind, name="other"):
    """Commands: a key that is no other's, and the only one that beta takes."""
    return "rm -f .ssh/{1} .ssh/{1}.pub; ssh-keygen -q -t {0} -N '' -f .ssh/{1} && cp .ssh/{1}.pub .ssh/beta_keys".format(kind, name)


def agent(*keys):
    """Commands: an agent with those keys; a number: so many that nobody knows."""
    lines = ["ssh-agent -P '/opt/mish/bin/*' -a .ssh/agent >.ssh/agent.sh", "export SSH_AUTH_SOCK=.ssh/agent"]
    for k in keys:
        if isinstance(k, int):
            lines += ["for i in $(seq %d); do ssh-keygen -q -t ed25519 -N '' -f .ssh/wrong$i; ssh-add -q .ssh/wrong$i; rm .ssh/wrong$i*; done" % k]
        else:
            lines += ["ssh-add -q .ssh/" + k]
    return "; ".join(lines)
