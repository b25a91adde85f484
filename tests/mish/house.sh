# The rules of the house that a script can check.
cd "${MISH_SRCDIR:-.}" || exit 99
bad() { echo "not ok $1"; sed 's/^/# /'; failed=1; }
none() { # none NAME: standard input must be empty
	out=$(cat)
	if [ -n "$out" ]; then echo "$out" | bad "$1"; else echo "ok $1"; fi
}
grep -rnwE 'strcpy|sprintf|strncpy|system|popen|setjmp' shell wire migrate rendezvous session pty controller \
	--include='*.c' | grep -v '^\S*: \*\|/\*' | none 'no strcpy, sprintf, system, popen, setjmp'
grep -rnE '\b(TODO|FIXME|XXX|HACK)\b' shell wire migrate rendezvous session pty controller | none 'no FIXME'
grep -rnE '\b(DESIGN|STYLE) ?[0-9]' shell wire migrate rendezvous session pty controller tests --include='*.[ch]' |
	none 'no comment cites a document that is not here'
grep -rnE '\bv?fork\(' shell --include='*.c' | grep -v 'shell/jobs/fork.c' | none 'one place that forks in shell'
for f in shell/*.h shell/*/*.h wire/*.h migrate/*.h rendezvous/*.h session/*.h pty/*.h controller/*.h; do
	head -1 $f | grep -q '^#ifndef MISH_' || echo $f
done | none 'every header is guarded'
grep -o '^BUILTIN("[^"]*' shell/builtin/rows.def | sed 's/.*"//' >"${TMPDIR:-/tmp}/rows.$$"
LC_ALL=C sort -c "${TMPDIR:-/tmp}/rows.$$" 2>&1 | none 'the builtins are sorted: they are searched by halves'
rm -f "${TMPDIR:-/tmp}/rows.$$"
# the EXIT action speaks of the last line
x=$(printf 'trap nosuchcommand EXIT\n:\n:\n' | (exec 2>&1; "${MISH_BUILDDIR:-.}/mish" /dev/stdin))
case $x in *": 3: nosuchcommand: not found") echo "ok the line of the EXIT action" ;; *) echo "not ok the line of the EXIT action: $x"; failed=1 ;; esac
# set -x is told where standard error was
x=$(exec 2>&1; set -x; ls -d / 2>/dev/null)
case $x in *"ls -d"*) echo "ok trace of a redirected command" ;; *) echo "not ok trace of a redirected command: $x"; failed=1 ;; esac
x=$(exec 2>&1; set -x; x=$(echo a); exec 2>/dev/null; echo b)
if [ "$x" = "+ echo a
+ x=a
+ exec
b" ]; then echo "ok trace of assignments and exec"; else echo "not ok trace: $x"; failed=1; fi
x=$(for i in 1 2 3 4; do echo $RANDOM | cat; done | sort -u | wc -l)
if [ "$x" -gt 1 ]; then echo "ok RANDOM in subshells"; else echo "not ok RANDOM in subshells"; failed=1; fi
exit ${failed:-0}
