# Who logs in and out (tcsh's watch, who and log), with a utmp(5) of the test's own.
. "${0%/*}/ok"
if [ "$(id -u)" -ne 0 ]; then
	echo "skip - needs root"
	exit 77
fi
if [ -z "$WATCH_OWN_RUN" ]; then
	WATCH_OWN_RUN=1 exec unshare -m sh -c 'mount -t tmpfs none /run && exec sh "$0"' "$0"
fi
mish=$(realpath "${MISH_BUILDDIR:-.}/mish")
d=$(mktemp -d /tmp/mish-watch-XXXXXX)
trap 'rm -rf "$d"' EXIT
cat >"$d/who.py" <<'EOF'
import os, struct, sys
records = [r.split(",") for r in sys.argv[1:]]  # user,line,host,seconds
with open("/run/utmp.new", "wb") as f:
    for user, line, host, seconds in records:
        f.write(struct.pack("<h2xi32s4s32s256shhiii16s20s", 7, 1, line.encode(), line[-4:].encode(), user.encode(), host.encode(), 0, 0, 0,
                            int(seconds), 0, b"", b""))
os.rename("/run/utmp.new", "/run/utmp")
EOF
mia=mia,pts/0,alpha.example.org,0 tom=tom,pts/1,,60
who() { python3 "$d/who.py" "$@"; }
# a shell with mia and tom there as it starts; what changes then; what it says at the next prompt
news() { # SETTING RECORD…
	setting=$1
	shift
	who $mia $tom
	printf '%s\n' "TZ=UTC0 HISTFILE=; $setting" "python3 $d/who.py $*" : exit | HOME=$d ENV= PS1= PS2= "$mish" -i 2>&1 |
		grep -v -e 'job control' -e '^exit$'
}
ok 'who is there already is no news' "$(news 'watch=(0 any any)' $mia $tom)" ''
ok 'who comes' "$(news 'watch=(0 any any)' $mia $tom eve,pts/2,beta.example.org,120)" 'eve has logged on pts/2 from beta.'
ok 'who goes' "$(news 'watch=(0 any any)' $mia)" 'tom has logged off pts/1.'
ok 'only those that are named' "$(news 'watch=(0 ann any any tty1)' $mia eve,pts/2,b,120 ann,pts/3,,0)" 'ann has logged on pts/3.'
ok 'a terminal' "$(news 'watch=(0 ann any any tty1)' $mia eve,tty1,,120 tom,tty2,,0)" 'eve has logged on tty1.'
ok 'as set has it' "$(news 'set watch = (0 any any)' $mia $tom eve,pts/2,,120)" 'eve has logged on pts/2.'
ok 'with a form' "$(news "watch=(0 any any) who='%n|%a|%l|%m|%M|%T|%t|%D|%%|%x'" $mia $tom eve,pts/2,b.c.d,120)" \
	'eve|logged on|pts/2|b|b.c.d|00:02|12:02am|1970-01-01|%|%x'
ok "zsh's" "$(news "watch=(0 any any) WATCHFMT='%n %a'" $mia)" 'tom logged off'
ok 'addresses stay whole' "$(news 'watch=(0 any any) who=%m' $mia $tom eve,pts/2,10.1.2.3,120)" 10.1.2.3
ok 'a name steers no terminal' "$(news 'watch=(0 any any)' $mia $tom "\$'e\\e]0;x\\ave,pts/2,,120'")" 'e?]0;x?ve has logged on pts/2.'
ok 'every ten minutes, else' "$(news 'watch=(any any)' $mia $tom eve,pts/2,,120)" ''
ok 'not in POSIX mode' "$(news 'watch=(0 any any); set -o posix' $mia $tom eve,pts/2,,120)" ''
who $mia $tom
ok 'log' "$("$mish" -c "watch='mia any'; log")" 'mia any
mia has logged on pts/0 from alpha.'
ok 'log, of nobody' "$("$mish" -c 'log' 2>&1; echo $?)" 'mish: log: nobody is watched: watch=(any any) watches all
1'
rm /run/utmp
ok 'no utmp' "$("$mish" -c "watch='any any'; log; echo \$?")" 'any any
0'
exit ${failed:-0}
