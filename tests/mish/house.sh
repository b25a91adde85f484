# The rules of the house that a script can check.
cd "${MISH_SRCDIR:-.}" || exit 99
bad() { echo "not ok $1"; sed 's/^/# /'; failed=1; }
none() { # none NAME: standard input must be empty
	out=$(cat)
	if [ -n "$out" ]; then echo "$out" | bad "$1"; else echo "ok $1"; fi
}
inc() { # inc FOLDER FOLDERS: where a file of the first includes one of the others; or it is gone
	ls $1/*.c >/dev/null 2>&1 || ls $1/*/*.c >/dev/null 2>&1 || echo "$1: no files"
	grep -rnE "^#include \"($2)/" $1 --include='*.c' --include='*.h'
}

inc rendezvous 'shell|migrate|pty|controller' | none 'rendezvous includes nothing of ours'
inc migrate 'shell|pty|controller' | none 'migrate includes only rendezvous'
inc pty 'shell|controller' | none 'pty includes no shell and no controller'
inc controller 'shell|pty' | none 'controller includes no shell and no pty'
inc shell 'pty|controller' | none 'shell includes no pty and no controller'
inc shell/parser 'shell/(expand|exec|builtin|interact)' | none 'parser is the lowest of shell'
inc shell/expand 'shell/(exec|builtin|interact)' | none 'expand is below exec'
inc shell/exec 'shell/(builtin|interact)' | none 'exec is below builtin'
inc shell/builtin 'shell/interact' | none 'builtin is below interact'
grep -rnwE 'strcpy|sprintf|strncpy|system|popen|setjmp' shell migrate rendezvous pty controller \
	--include='*.c' | grep -v '^\S*: \*\|/\*' | none 'no strcpy, sprintf, system, popen, setjmp'
grep -rnE '\b(TODO|FIXME|XXX|HACK)\b' shell migrate rendezvous pty controller | none 'no FIXME'
grep -rnE '\bv?fork\(' shell --include='*.c' | grep -v 'shell/exec/fork.c' | none 'one place that forks in shell'
for f in shell/*.h shell/*/*.h migrate/*.h rendezvous/*.h pty/*.h controller/*.h; do
	[ "$f" = migrate/config.h ] || head -1 $f | grep -q '^#ifndef MISH_' || echo $f
done | none 'every header is guarded'
# each field of struct shell says what a move does to it
awk '/^struct shell \{/ { on = 1; next } on && /^\};/ { exit }
	on && /;/ { n++ } on && /;/ && !/(travels|rebuilt|stays)/
	END { if (n < 10) print "no fields" }' shell/shell.h | none 'every field of struct shell is marked'
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
