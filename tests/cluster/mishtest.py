"""The driver of the cluster tests: clusters, and people who type at a real pty."""

import contextlib
import errno
import fcntl
import glob
import json
import os
import queue
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.environ.get("MISH_BUILDDIR", os.path.dirname(os.path.dirname(HERE)))
TOOL = os.path.join(HERE, "cluster")
AS_MISHD = ["setpriv", "--reuid=_mishd", "--regid=_mishd", "--clear-groups"]
# under sanitizers everything takes its time
PATIENCE = float(os.environ.get("MISH_TEST_PATIENCE", "1"))


with open(os.path.join(HERE, "../../Makefile.am")) as f:
    PROTOCOL = int(re.search(r"^PROTOCOL = (\d+)$", f.read(), re.M).group(1))


PLAIN = "PS1='[%m]%# ' HISTFILE= MISH_BASH_COMPLETION=; shopt -u suggest highlight marks title"  # what is typed and printed, and no more


class Failure(Exception):
    pass


def wait_until(what, condition, timeout=10.0):
    """Polls for an event that nobody announces; the value of condition() when it is true."""
    end = time.monotonic() + timeout * PATIENCE
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Failure("did not happen: " + what)
        select.select([], [], [], 0.02)


class Cluster:
    def __init__(self, nodes=3, tag="t", mishd=None, cpus=None):
        self.env = dict(os.environ)
        if mishd is not None:
            self.env["CLUSTER_MISHD"] = mishd + "\n"
        if cpus is not None:
            self.env["CLUSTER_CPUS"] = cpus
        self.prefix = "%s%d" % (tag, os.getpid())
        self.nodes = nodes
        self.dir = "/run/mish-cluster-" + self.prefix
        self.home = self.dir + "/home/mia"
        self.options = []
        if os.environ.get("MISH_INSTALL"):
            self.options = ["--install", os.environ["MISH_INSTALL"]]

    def tool(self, *args, check=True, **kw):
        r = subprocess.run([TOOL, "-p", self.prefix] + self.options + list(args),
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                           errors="replace", stdin=kw.pop("stdin", subprocess.DEVNULL),
                           env=self.env, **kw)
        if check and r.returncode != 0:
            raise Failure("cluster %s: %s" % (" ".join(args), r.stdout))
        return r

    def __enter__(self):
        self.tool("down")
        try:
            self.tool("up", str(self.nodes))
        except Failure:
            self.tool("down", check=False)  # what was half up
            raise
        return self

    def __exit__(self, *exc):
        self.tool("down", check=False)

    def root(self, node, command):
        return self.tool("exec", node, "sh", "-c", command, check=False).stdout

    def as_user(self, node, command):
        return self.tool("as", node, "sh", "-c", command, check=False).stdout

    def write(self, name, text, mode=0o644):
        path = os.path.join(self.home, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as f:
            f.write(text)
        os.chmod(path, mode)
        os.chown(path, 20077, 20077)
        return path

    def install(self, tool):
        """A program of tests/tool, for all nodes; the build tree may be where they cannot see it."""
        for top in [self.dir + "/opt"] + glob.glob(self.dir + "/nodes/*/opt"):  # their /opt/mish
            shutil.copy(os.path.join(BUILD, "tests/tool", tool), top + "/bin/")

    def own_installation(self, node):
        """Gives the node an installation of its own, as nodes have; where it is."""
        path = "%s/nodes/%s/opt" % (self.dir, node)
        if not os.path.exists(path):
            shutil.copytree(self.dir + "/opt", path, symlinks=True)
            self.root(node, "mount --bind %s /opt/mish" % path)
        return path

    def install_version(self, node, version, way):
        """Replaces the node's programs by "this" or the "next" version's: each by "rename", as a
        package manager does, or by "delete" and making it anew."""
        top = self.own_installation(node)
        for name in ("mish", "mish-stub", "mish-link", "mish-peer", "mish-edit.so", "mish-move.so"):
            source = os.path.join(BUILD, "tests/next" if version == "next" else "", name)
            target = os.path.join(top, "bin" if name == "mish" else "libexec/mish", name)
            shutil.copy2(source, target + ".new")
            if way == "rename":
                os.rename(target + ".new", target)
            else:  # while it is no program, sshd lets nobody in whose shell it is: that is to be short
                os.unlink(target)
                os.link(target + ".new", target)
                os.unlink(target + ".new")

    @contextlib.contextmanager
    def broken(self, node, name):
        """A file of the node's installation, itself, is no program meanwhile."""
        path = os.path.join(self.own_installation(node), name)
        with open(path, "rb") as f:
            whole = f.read()
        with open(path, "wb") as f:
            f.write(b"no program\n")
        try:
            yield
        finally:
            with open(path, "wb") as f:
                f.write(whole)

    def mishd_log(self, node):
        with open("%s/nodes/%s/mishd.log" % (self.dir, node)) as f:
            return f.read()

    def start_mishd(self, node, under=()):
        d = "%s/nodes/%s/mishd" % (self.dir, node)
        with open(d + ".log", "a") as log:
            subprocess.Popen([TOOL, "-p", self.prefix, "exec", node, "setsid"] + list(under) + AS_MISHD +
                             ["/opt/mish/bin/mishd", "-f", "-c", d + ".conf"],
                             stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log)
        wait_until("mishd is back", lambda: "pid" in self.root(node, "mishctl status"))

    def node_rows(self, at="alpha"):
        """What mishd knows of the nodes, by name."""
        return {n["node"]: n for n in json.loads(self.root(at, "mishctl --json nodes"))}

    def session_processes(self, node):
        """What belongs to sessions on a node: every process of the user's."""
        out = self.root(node, "ps -e -o uid=,pid=,args=")
        return [l for l in out.splitlines() if l.split()[:1] == ["20077"]]

    def connections(self, node):
        """Established SSH connections between nodes, as (local, remote)."""
        out = self.root(node, "ss -tnH state established")
        pairs = []
        for l in out.splitlines():
            f = l.split()
            local, remote = f[-2].rsplit(":", 1), f[-1].rsplit(":", 1)
            if "22" in (local[1], remote[1]) and "10.77.0.254" not in (local[0], remote[0]):
                pairs.append((local[0], remote[0]))
        return pairs


class Session:
    """A person at a terminal: `cluster login NODE` unless told otherwise."""

    def __init__(self, cluster, node="alpha", command=None, rows=24, cols=100, prompt=True):
        self.cluster = cluster
        self.log = bytearray()
        self.mark = 0
        self.rows, self.cols = rows, cols
        argv = command or [TOOL, "-p", cluster.prefix, "login", node]
        self.pid, self.fd = os.forkpty()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))  # before ssh asks
            os.environ["TERM"] = "xterm"
            os.environ.pop("COLUMNS", None)
            os.execvp(argv[0], argv)
        self.resize(rows, cols, note=False)
        if prompt:
            self.expect(r"mia@%s:.*> " % node)
            self.line(PLAIN)
            self.prompt(node)

    def resize(self, rows, cols, note=True):
        self.rows, self.cols = rows, cols
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
        if note:
            self.log += b"\033[8;%d;%dt" % (rows, cols)

    def send(self, text):
        data = text if isinstance(text, bytes) else text.encode()
        while data:
            n = os.write(self.fd, data)
            data = data[n:]

    def line(self, text):
        self.send(text if isinstance(text, bytes) else text + "\r")

    def pump(self, timeout=0.05):
        """Reads what is there; False at the end of the session."""
        if not select.select([self.fd], [], [], timeout)[0]:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError as e:
            if e.errno == errno.EIO:
                return False
            raise
        self.log += data
        return bool(data)

    def expect(self, pattern, timeout=15.0):
        """Waits for a match behind the last one; returns it."""
        regex = re.compile(pattern.encode() if isinstance(pattern, str) else pattern, re.S)
        end = time.monotonic() + timeout * PATIENCE
        while True:
            m = regex.search(self.log, self.mark)
            if m:
                self.mark = m.end()
                return m
            alive = self.pump()
            if time.monotonic() > end or not alive:
                if regex.search(self.log, self.mark):
                    continue
                raise Failure("expected %r, got %r%s" % (pattern, self.log[self.mark:][-2000:],
                              "" if alive else " and the end (before: %r)" %
                              self.log[self.mark - 300:self.mark]))

    def prompt(self, node="alpha", timeout=20.0):
        return self.expect(r"\[%s\]> " % node, timeout)

    def run(self, command, node="alpha", timeout=20.0):
        """Types a command; what it printed, and its status."""
        tail = " ; echo '<''<'$?'>''>'"
        self.line(command + tail)
        m = self.expect(r"(.*)<<(\d+)>>\r\n", timeout)
        out = m.group(1)
        self.prompt(node)
        mark = out.rfind(b"\033]133;C\a")  # before what a command prints; the line before it may have been drawn in pieces
        if mark >= 0:
            return out[mark + 8:].decode(errors="replace").replace("\r", ""), int(m.group(2))
        # the line may have been echoed more than once, and wrapped with a blank that makes the next row
        out = re.sub(r" \r(?!\n)|\x1b\[K", "", out.decode(errors="replace")).replace("\r", "")
        if tail[-12:] not in out:
            raise Failure("no echo of the command in %r" % m.group(1))
        return out[out.rindex(tail[-12:]) + 13:], int(m.group(2))

    def move(self, node, come_from="alpha", flags=""):
        self.line("smigrate %s%s" % (flags, node))
        self.prompt("alpha" if node == "home" else node)

    def screen(self):
        """The terminal as a person sees it."""
        r = subprocess.run([os.path.join(BUILD, "tests/tool/screen"), str(24), str(100)],
                           input=self.log, stdout=subprocess.PIPE, check=True)
        return r.stdout.decode(errors="replace")

    def settle(self, quiet=0.4):
        """Reads until nothing came for a while."""
        while True:
            n = len(self.log)
            self.pump(quiet * PATIENCE)
            if len(self.log) == n:
                return

    def finish(self, timeout=10.0):
        """Waits for the end; the exit status."""
        end = time.monotonic() + timeout * PATIENCE
        while self.pump():
            if time.monotonic() > end:
                self.kill()
                raise Failure("the session does not end: %r" % self.log[-500:])
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.fd)
        self.pid = 0
        return status

    def kill(self):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            os.close(self.fd)
            self.pid = 0

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.kill()


def equal(what, got, expected):
    if got != expected:
        raise Failure("%s:\n  expected %r\n  got      %r" % (what, expected, got))


def true(what, value):
    if not value:
        raise Failure(what)


def table(cells, jobs, cluster, run):
    """Runs run(cluster, cell) for each cell, on `jobs` clusters side by side; cluster(lane) makes
    one. Prints a line for each cell, and returns what came of it: "FAIL" or what run() returned."""
    work, results, lock = queue.Queue(), {}, threading.Lock()
    for cell in cells:
        work.put(cell)

    def lane(number):
        with cluster(number) as c:
            while True:
                try:
                    cell = work.get_nowait()
                except queue.Empty:
                    return
                start = time.monotonic()
                try:
                    outcome, failed = run(c, cell), None
                except Exception as e:
                    outcome, failed = "FAIL", str(e) if isinstance(e, Failure) else traceback.format_exc()
                with lock:
                    results[cell] = outcome
                    print("%s %s: %s (%.1f s)" % ("not ok" if failed else "ok", cell, outcome,
                                                  time.monotonic() - start), flush=True)
                    if failed:
                        print("".join("# %s\n" % l for l in failed.splitlines()), flush=True)
                if failed:  # what it left must not be the next one's
                    c.tool("down", check=False)
                    c.tool("up", str(c.nodes))
    threads = [threading.Thread(target=lane, args=(i,)) for i in range(min(jobs, work.qsize()))]
    for t in threads:
        t.start()
        time.sleep(0.2)
    for t in threads:
        t.join()
    return results


def main(tests, nodes=3, tag="t", mishd=None):
    """Runs the tests on one cluster; prints a line for each, TAP's way."""
    failed = 0
    wanted = sys.argv[1:]
    if os.geteuid() != 0:
        print("skip: needs root for namespaces")
        sys.exit(77)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(99))
    with Cluster(nodes, tag, mishd) as cluster:
        for test in tests:
            name = test.__name__
            if wanted and name not in wanted:
                continue
            start = time.monotonic()
            try:
                test(cluster)
                print("ok %s (%.1f s)" % (name, time.monotonic() - start), flush=True)
            except Exception as e:
                failed += 1
                print("not ok %s" % name)
                if os.environ.get("MISH_TEST_PS"):
                    for node in ("alpha", "beta", "gamma"):
                        print(node, cluster.root(node, "ps axfj; ss -xlp | grep mish-"))
                text = str(e) if isinstance(e, Failure) else traceback.format_exc()
                print("".join("# %s\n" % l for l in text.splitlines()), flush=True)
                for node in ("alpha", "beta", "gamma")[: cluster.nodes]:  # what it cut must not fail the tests after it
                    cluster.tool("join", node)
    sys.exit(1 if failed else 0)
