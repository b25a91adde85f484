"""A cluster (tests/cluster) that is Slurm's, too: munge, slurmctld and slurmd's, as Debian has them.

alpha is the login node, with slurmctld; the others run a slurmd each, and let in by ssh, through
pam_slurm_adopt, who has a job there, whose processes that ssh becomes."""

import glob
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../cluster"))

from mishtest import *

PROGRAMS = ("munged", "slurmctld", "slurmd", "salloc", "scancel", "scontrol", "squeue")
PACKAGES = "slurm-wlm munge libpam-slurm-adopt"
NODES = ("alpha", "beta", "gamma", "delta")
KILL_WAIT = 5  # seconds from SIGTERM to SIGKILL

CONF = """
ClusterName=mish
SlurmctldHost=alpha
SlurmUser=root
StateSaveLocation=/run/slurmctld
SlurmctldPidFile=/run/slurmctld.pid
SlurmctldLogFile={dir}/slurmctld.log
SlurmdSpoolDir=/run/slurmd
SlurmdPidFile=/run/slurmd.pid
SlurmdLogFile={dir}/slurmd-%n.log
ProctrackType=proctrack/cgroup
PrologFlags=Contain
TaskPlugin=task/none
SelectType=select/linear
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
KillWait={kill_wait}
SlurmdTimeout=10
ReturnToService=2
{nodes}
PartitionName=all Nodes={names} Default=YES MaxTime=INFINITE State=UP
"""


def pam_module():
    """Debian's is where PAM does not look by itself."""
    found = glob.glob("/usr/lib/*/security/pam_slurm_adopt.so") + glob.glob("/usr/lib/security/pam_slurm_adopt.so")
    return found[0] if found else None


def missing():
    """What keeps Slurm from running here, NULL nothing."""
    if os.geteuid() != 0:
        return "needs root for namespaces"
    absent = [p for p in PROGRAMS if shutil.which(p, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin") is None]
    if absent or pam_module() is None:
        return "no %s here: apt-get install --no-install-recommends %s" % (" ".join(absent) or "pam_slurm_adopt", PACKAGES)
    if not os.path.exists("/sys/fs/cgroup/freezer/release_agent"):
        return "pam_slurm_adopt needs proctrack/cgroup, and this machine has no freezer of control groups, version 1"
    return None


class SlurmCluster(Cluster):
    def __init__(self, tag="sl", mishd=None):
        super().__init__(len(NODES), tag, mishd)

    def __enter__(self):
        super().__enter__()
        try:
            self.start_slurm()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc):
        super().__exit__(*exc)
        for node in NODES:  # what slurmd made; its pids went with the node
            for top, dirs, _ in os.walk("/sys/fs/cgroup/freezer/slurm_" + node, topdown=False):
                with contextlib.suppress(OSError):
                    os.rmdir(top)

    def must(self, node, command):
        return self.tool("exec", node, "sh", "-c", command).stdout

    def start_slurm(self):
        etc = self.dir + "/etc"
        nodes = "\n".join("NodeName=%s NodeAddr=10.77.0.%d CPUs=1" % (n, i + 1) for i, n in enumerate(NODES) if i > 0)
        os.makedirs(etc + "/slurm", exist_ok=True)
        with open(etc + "/slurm/slurm.conf", "w") as f:
            f.write(CONF.format(dir=self.dir, nodes=nodes, names=",".join(NODES[1:]), kill_wait=KILL_WAIT))
        with open(etc + "/slurm/cgroup.conf", "w") as f:
            f.write("CgroupPlugin=cgroup/v1\nCgroupAutomount=no\n")
        os.makedirs(etc + "/munge", exist_ok=True)
        with open(etc + "/munge/munge.key", "wb") as f:
            f.write(os.urandom(128))
        self.must("alpha", "chmod 700 /etc/munge; chmod 400 /etc/munge/munge.key; chown -R munge:munge /etc/munge")
        for node in NODES:
            self.start_node(node)
        wait_until("the nodes are idle", lambda: self.states() == {n: "idle" for n in NODES[1:]}, 30)

    def start_node(self, node):
        """After each boot of a node."""
        self.must(node, "mkdir -p /run/munge/log && chown -R munge:munge /run/munge && "
                  "setpriv --reuid=munge --regid=munge --clear-groups munged --pid-file=/run/munge/log/pid "
                  "--log-file=/run/munge/log/log --seed-file=/run/munge/log/seed")
        if node == "alpha":
            self.must(node, "mkdir -p /run/slurmctld && slurmctld")
            return
        pam = "%s/nodes/%s/pam" % (self.dir, node)
        with open(pam, "w") as f:
            f.write("auth required pam_permit.so\naccount required %s\nsession required pam_permit.so\n" % pam_module())
        sshd = "%s/nodes/%s/ssh/sshd_config" % (self.dir, node)
        self.must(node, "mount --bind %s /etc/pam.d/sshd && sed -i 's/UsePAM no/UsePAM yes/' %s && "
                  "kill -HUP $(cat /run/sshd.pid) && mkdir -p /run/slurmd && slurmd -N %s" % (pam, sshd, node))

    def states(self):
        return dict(l.split() for l in self.root("alpha", "sinfo -h -N -o '%N %T'").splitlines() if len(l.split()) == 2)

    def jobs(self):
        """{id: (state, nodes)} of those that are not over."""
        rows = [l.split("|") for l in self.root("alpha", "squeue -h -o '%i|%T|%N'").splitlines()]
        return {r[0]: (r[1], r[2]) for r in rows if len(r) == 3}

    def no_jobs(self, what="no job is left"):
        wait_until(what, lambda: not self.jobs(), 30)

    def allocate(self, *options, user="mia"):
        """A job without a shell, as the user on alpha; its number."""
        command = "salloc --no-shell " + " ".join(options)
        out = self.as_user("alpha", command + " 2>&1") if user == "mia" else self.root("alpha", command + " 2>&1")
        m = re.search(r"Granted job allocation (\d+)", out)
        true("a job: " + out, m)
        return m.group(1)
