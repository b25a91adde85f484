"""Nodes that are Debians of their own, for what a package does to a system: tests/cluster's share
this machine's files. Each has namespaces and a control group, a root file system (an overlay over
one debootstrap'ed Debian), and systemd, which starts sshd and mishd as Debian does; /home is shared."""

import ctypes
import glob
import os
import re
import shutil
import subprocess
import tempfile
import time

from mishtest import Failure, Session, wait_until
from packages import run

USER, UID = "mia", 20077
NAMES = ("alpha", "beta", "gamma")

# the first process of a node makes its root, and becomes its systemd
INIT = r"""
set -e
mount --make-rprivate /
echo 0 >"$GROUP/cgroup.procs"
mount -t overlay overlay -o "lowerdir=$BASE,upperdir=$NODE/upper,workdir=$NODE/work" "$NODE/root"
cd "$NODE/root"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
# a terminal of the machine's own would get a login prompt
mount -t tmpfs -o mode=755 tmpfs dev
mkdir dev/pts
mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 devpts dev/pts
ln -s pts/ptmx dev/ptmx
for d in null zero full random urandom tty; do
	: >dev/$d
	mount --bind /dev/$d dev/$d
done
mount --bind "$SHARED/home" home
mount --bind "$SHARED/packages" srv
n=${NODE##*/}
hostname "$n"
echo "$n" >etc/hostname
cp "$SHARED/hosts" etc/hosts
# what the Debian has would be every node's
: >etc/machine-id
rm -f etc/ssh/ssh_host_*
chroot . ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
pivot_root . mnt
# shared, as systemd would make it outside of a container: its credentials arrive that way
exec env -i container=mish PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot . unshare --cgroup sh -ec '
	umount -l /mnt
	mount --make-rshared /
	mount -t cgroup2 cgroup2 /sys/fs/cgroup
	exec /lib/systemd/systemd'
"""


def archives():
    """Where this machine gets Debian from: the lines of a sources.list, the release's first."""
    with open("/etc/os-release") as f:
        release = re.search(r"^VERSION_CODENAME=(\w+)", f.read(), re.M).group(1)
    out = run("apt-get", "indextargets", "--format", "$(ORIGIN) $(SITE) $(CODENAME) $(COMPONENT)",
              "Created-By: Packages")
    rows = {tuple(l.split()[1:]) for l in out.splitlines() if l.split()[0] == "Debian"}
    rows = sorted((r for r in rows if r[1].split("-")[0] == release and r[2] == "main"), key=lambda r: len(r[1]))
    if not rows or rows[0][1] != release:
        raise Failure("apt knows no archive of Debian %s; run apt-get update" % release)
    return rows


def dependencies(debs):
    """What must be there before the packages: the first of alternatives, without versions."""
    names = set()
    for deb in debs:
        for field in ("Pre-Depends", "Depends"):
            for item in run("dpkg-deb", "-f", deb, field).split(","):
                names.add(re.sub(r"[|(:].*", "", item, flags=re.S).strip())
    return sorted(n for n in names if n and not n.startswith("mish"))


def debian(debs):
    """A Debian with what the packages depend on, made once: $MISH_TEST_DEBIAN, or under /var/tmp."""
    base = os.environ.get("MISH_TEST_DEBIAN", "/var/tmp/mish-test-debian")
    wanted = ["openssh-server", "openssh-client", "procps", "systemd-sysv"] + dependencies(debs)
    if os.path.exists(base):
        r = subprocess.run(["chroot", base, "dpkg-query", "-W"] + wanted, capture_output=True)
        if r.returncode == 0:
            return base
        raise Failure("%s: is no whole Debian for this test; remove it" % base)
    rows = archives()
    new = tempfile.mkdtemp(prefix=os.path.basename(base) + ".", dir=os.path.dirname(base))
    try:
        os.chmod(new, 0o755)
        run("nice", "debootstrap", "--variant=minbase", rows[0][1], new, rows[0][0])
        with open(new + "/etc/apt/sources.list", "w") as f:
            f.write("".join("deb %s %s %s\n" % r for r in rows))
        with open(new + "/etc/apt/apt.conf.d/50machine", "w") as f:  # a proxy, and what else it needs here
            f.write("\n".join(l for l in run("apt-config", "dump").splitlines()
                              if re.match(r'Acquire::(?!IndexTargets|Languages).* "[^"]', l)))
        chroot = ["nice", "chroot", new, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
        run(*chroot, "update")
        run(*chroot, "install", "-y", "--no-install-recommends", *wanted)
        run(*chroot, "clean")
        os.rename(new, base)
    finally:
        for d in "proc", "sys":  # of a debootstrap that was ended
            subprocess.run(["umount", "-ql", new + "/" + d], capture_output=True)
        shutil.rmtree(new, ignore_errors=True)
    return base


def own_mounts():
    """From here on what this process mounts is not seen outside of it, and goes with it."""
    if ctypes.CDLL(None, use_errno=True).unshare(0x00020000) != 0:  # CLONE_NEWNS
        raise Failure("no mount namespace: " + os.strerror(ctypes.get_errno()))
    run("mount", "--make-rprivate", "/")


class Nodes:
    def __init__(self, packages, work):
        self.packages, self.dir = packages, work + "/nodes"
        self.started, self.pids = [], {}
        self.groups = self.dir + "/cgroup/mish-test-%d" % os.getpid()

    def __enter__(self):
        try:
            self._up()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _up(self):
        self.base = debian(self.packages["this"].values())
        os.makedirs(self.dir + "/home")
        os.makedirs(self.dir + "/packages")
        for version, files in self.packages.items():
            os.mkdir(self.dir + "/packages/" + version)
            for f in files.values():
                shutil.copy(f, self.dir + "/packages/" + version)
        with open(self.dir + "/hosts", "w") as f:
            f.write("127.0.0.1 localhost\n" + "".join("10.78.0.%d %s\n" % (i + 1, n) for i, n in enumerate(NAMES)))
        os.mkdir(self.dir + "/cgroup")
        run("mount", "-t", "cgroup2", "cgroup2", self.dir + "/cgroup")
        switch = self._start(["unshare", "--net", "sleep", "infinity"])
        here = os.readlink("/proc/self/ns/net")
        wait_until("the switch has its network", lambda: os.readlink("/proc/%d/ns/net" % switch.pid) != here)
        self.switch = ["nsenter", "-t", str(switch.pid), "-n", "--"]
        for words in ("link set lo up", "link add br0 type bridge", "link set br0 up", "addr add 10.78.0.254/24 dev br0"):
            run(*self.switch, "ip", *words.split())
        for i, name in enumerate(NAMES):
            self._boot(name, "10.78.0.%d" % (i + 1))

    def _start(self, args, **kw):
        p = subprocess.Popen(args, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True, **kw)
        self.started.append(p)
        return p

    def _boot(self, name, address):
        d = "%s/%s" % (self.dir, name)
        for sub in ("upper", "work", "root"):
            os.makedirs("%s/%s" % (d, sub))
        os.chmod(d + "/upper", 0o755)
        group = self.groups + "/" + name
        os.makedirs(group)
        log = open(d + "/log", "w")
        u = self._start(["unshare", "--net", "--pid", "--mount", "--uts", "--ipc", "--fork", "--kill-child",
                         "sh", "-c", INIT], stderr=log, env=dict(os.environ, BASE=self.base, NODE=d, SHARED=self.dir, GROUP=group))
        log.close()

        def child():
            with open("/proc/%d/task/%d/children" % (u.pid, u.pid)) as f:
                return f.read().split()
        pid = int(wait_until(name + " has a first process", child)[0])
        self.pids[name] = pid
        run("ip", "link", "add", "v-" + name, "netns", self.switch[2], "type", "veth",
            "peer", "name", "eth0", "netns", str(pid))
        run(*self.switch, "ip", "link", "set", "v-" + name, "master", "br0", "up")
        for words in ("link set lo up", "addr add %s/24 dev eth0" % address, "link set eth0 up"):
            run("nsenter", "-t", str(pid), "-n", "--", "ip", *words.split())
        wait_until("systemd of %s has started sshd (its log: %s)" % (name, open(d + "/log").read()),
                   lambda: self.root(name, "systemctl is-active ssh", check=False) == "active\n", 30)

    def __exit__(self, *exc):
        for p in self.started:  # a node's first process dies with it, and all others with that
            p.kill()
            p.wait()
        for node, pid in self.pids.items():
            wait_until(node + " ends", lambda: not os.path.exists("/proc/%d" % pid))
        for d, _, _ in os.walk(self.groups, topdown=False):
            os.rmdir(d)
        if os.path.ismount(self.dir + "/cgroup"):
            run("umount", self.dir + "/cgroup")
        for node in NAMES:  # an overlay leaves a directory there that its owner may not enter
            for d in glob.glob("%s/%s/work/*" % (self.dir, node)):
                os.chmod(d, 0o700)

    def root(self, node, command, check=True):
        r = subprocess.run(["nsenter", "-t", str(self.pids[node]), "-n", "-p", "-m", "-u", "-i", "-C", "--",
                            "env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                            "DEBIAN_FRONTEND=noninteractive", "sh", "-c", command],
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                           text=True, errors="replace")
        if check and r.returncode != 0:
            raise Failure("%s: %s: status %d\n%s" % (node, command, r.returncode, r.stdout[-3000:]))
        return r.stdout

    def add_user(self):
        """A user whose shell is mish, who may go from node to node."""
        for node in NAMES:
            self.root(node, "useradd -u %d -M -s /usr/bin/mish %s" % (UID, USER))
        ssh = "/home/%s/.ssh" % USER
        self.root(NAMES[0], "mkdir -p {0} /home/{1}/.config/mish; ssh-keygen -q -t ed25519 -N '' -f {0}/id_ed25519; "
                  "cp {0}/id_ed25519.pub {0}/authorized_keys; chmod 700 {0}; echo {2} >/home/{1}/.config/mish/nodes".format(
                      ssh, USER, " ".join(NAMES)))
        for node in NAMES:
            self.root(node, "sed 's/^/%s /' /etc/ssh/ssh_host_ed25519_key.pub >>%s/known_hosts" % (node, ssh))
        self.root(NAMES[0], "chown -R %d:%d /home/%s" % (UID, UID, USER))

    def log_in(self, node):
        """A terminal on the node, by ssh from outside of the nodes."""
        ssh = "%s/home/%s/.ssh" % (self.dir, USER)
        key = self.dir + "/client_key"
        if not os.path.exists(key):  # ssh takes no other user's
            shutil.copy(ssh + "/id_ed25519", key)
            os.chmod(key, 0o600)
        return Session(None, node, self.switch + [
            "ssh", "-t", "-F", "none", "-l", USER, "-i", key, "-o", "LogLevel=ERROR", "-o", "HostKeyAlias=" + node,
            "-o", "UserKnownHostsFile=" + ssh + "/known_hosts", "10.78.0.%d" % (NAMES.index(node) + 1)])

    def users_processes(self, node):
        return [l for l in self.root(node, "ps -e -o uid=,pid=,args=").splitlines() if l.split()[:1] == [str(UID)]]
