# `time` before a pipeline. XCU time allows a reserved word; in POSIX mode it is the utility.
mish=${MISH_BUILDDIR:-.}/mish
check() { # NAME PROGRAM EXPECTED: the output of both, digits of times as 0
	out=$("$mish" -c "$2" 2>&1 | sed -E 's/[0-9]+m[0-9.]+s/T/; s/^(real|user|sys) [0-9]+\.[0-9][0-9]$/\1 N/')
	if [ "$out" = "$3" ]; then
		echo "ok $1"
	else
		printf 'not ok %s\n# expected %s\n# got      %s\n' "$1" "$3" "$out"
		failed=1
	fi
}
p='real N
user N
sys N'
check 'of a command' 'time true' "$(printf '\nreal\tT\nuser\tT\nsys\tT')"
check 'of a pipeline, not of its first command' 'time -p echo a | cat' "a
$p"
check 'of compound commands' 'time -p { echo a; }; time -p for i in 1; do echo $i; done; time -p (echo b)' "a
$p
1
$p
b
$p"
check 'keeps the status' 'time -p (exit 3); echo $?' "$p
3"
check 'after a bang' '! time -p false; echo $?' "$p
0"
check 'alone' 'time -p; echo $?' "$p
0"
check 'in the background' 'time -p true & wait' "$p"
check 'in a function that was printed' 'f() { time -p echo x | cat; }; g=$(type f | tail -n +2); unset -f f; eval "$g"; f' "x
$p"
check 'an alias for it' "alias n='time -p'
n echo x" "x
$p"
check 'quoted it is a command' '"time" true 2>&1 | grep -c elapsed' 1
check 'in POSIX mode it is the utility' 'set -o posix; old=$PATH PATH=/nonexistent; time true; r=$? PATH=$old; echo $r' "mish: time: not found
127"
"$mish" -c 'x=$(time -p sleep 0.3 2>&1)' 2>&1 | grep -q '^real 0\.[3-9]' && echo 'ok it measures' || { echo 'not ok it measures'; failed=1; }
exit ${failed:-0}
