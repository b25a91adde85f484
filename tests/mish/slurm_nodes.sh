# mish-slurm-nodes, with a scontrol that prints what Slurm 22.05 does: names, addresses, states, partitions, and the site's list.
script=${MISH_BUILDDIR:-.}/slurm/mish-slurm-nodes
d=$(mktemp -d) || exit 99
trap 'rm -rf "$d"' EXIT
. "${0%/*}/ok"
node() { # NAME ADDRESS STATE PARTITIONS [MORE]
	printf 'NodeName=%s Arch=x86_64 CoresPerSocket=1  CPUTot=2 AvailableFeatures=(null) NodeAddr=%s NodeHostName=%s Version=22.05.8 OS=Linux 6.1 #1 SMP  RealMemory=1 State=%s ThreadsPerCore=1 TmpDisk=0 Partitions=%s  BootTime=2026-11-29T14:15:36 %s\n' \
		"$1" "$2" "$1" "$3" "$4" "${5-}"
}
printf '#!/bin/sh\n[ "$*" = "-o show nodes" ] && cat "%s/out" && exit "$(cat "%s/status")"\n' "$d" "$d" >"$d/scontrol"
chmod +x "$d/scontrol"
echo 0 >"$d/status"
nodes() { PATH=$d:$PATH MISH_NODES_LIST=$d/list "$script" "$@"; }
all=
for state in IDLE MIXED ALLOCATED ALLOCATED+COMPLETING IDLE+PLANNED MIXED+RESERVED IDLE+CLOUD; do
	all="$all$(node a a $state p >"$d/out"; nodes)/"
done
ok 'states that take jobs' "$all" 'a/a/a/a/a/a/a/'
all=
for state in IDLE+DRAIN ALLOCATED+DRAIN DOWN 'DOWN*' 'IDLE*' IDLE+MAINTENANCE IDLE+POWERED_DOWN IDLE+CLOUD+POWERED_DOWN \
	IDLE+POWERING_UP IDLE+FAIL MIXED+REBOOT_REQUESTED IDLE+NOT_RESPONDING UNKNOWN ERROR; do
	all="$all$(node a a "$state" p >"$d/out"; nodes)/"
done
ok 'states that take none' "$all" "$(yes 'a drain/' | head -n 14 | tr -d '\n')"
{
	node a 10.0.0.1 IDLE interactive,batch
	node b b DOWN batch 'Reason=State=IDLE address=evil [root@2026-11-29T14:15:36]'
	node c 10.0.0.3 IDLE+DRAIN interactive
	node d 10.0.0.4 FUTURE batch
} >"$d/out"
ok 'without a list' "$(nodes)" 'a address=10.0.0.1
b drain
c address=10.0.0.3 drain'
cat >"$d/list" <<'END'
# made by mishctl keygen
node login1 key=L cpus=4 # no node of Slurm's
node a key=A
c key=C address=c-ib
END
ok 'with what the list says' "$(nodes)" 'a address=10.0.0.1 key=A
b drain
c key=C address=c-ib drain
login1 key=L cpus=4'
ok 'of a partition' "$(nodes interactive other)" 'a address=10.0.0.1 key=A
c key=C address=c-ib drain
login1 key=L cpus=4'
echo 1 >"$d/status"
nodes >"$d/none"
ok 'slurmctld does not answer' "$? $(cat "$d/none")" '1 '
exit ${failed:-0}
