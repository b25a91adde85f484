# Variables of the environment keep their text there until they change.
mish=${MISH_BUILDDIR:-.}/mish
check() { # NAME EXPECTED PROGRAM, with FOO=one and SECONDS=100 in its environment
	out=$(env -i FOO=one SECONDS=100 "a.b=odd" PATH="$PATH" "$mish" -c "$3" 2>&1)
	if [ "$out" = "$2" ]; then
		echo "ok $1"
	else
		printf 'not ok %s\n# expected %s\n# got      %s\n' "$1" "$2" "$out"
		failed=1
	fi
}
check 'what was not touched is passed on' 'one' 'env | sed -n s/^FOO=//p'
check 'names that are none, too' 'odd' 'env | sed -n s/^a.b=//p'
check 'changed, and longer' 'one-two' 'FOO=$FOO-two; env | sed -n s/^FOO=//p'
check 'for one command' 'x one' 'x=$(FOO=x env | sed -n s/^FOO=//p); echo $x $FOO'
check 'local' 'in one' 'f() { local FOO=in; echo $FOO; }; echo $(f) $FOO'
check 'unset, and made anew' '.two' 'unset FOO; printf .; env | sed -n s/^FOO=//p; export FOO=two; env | sed -n s/^FOO=//p'
check 'readonly' 'one 1' 'readonly FOO; (FOO=x) 2>/dev/null; s=$?; echo $FOO $s'
check 'SECONDS is as it was last looked at' '0' ': $SECONDS; env | sed -n s/^SECONDS=//p'
check 'SECONDS after a local one' '1' 'f() { local SECONDS=3; }; SECONDS=5; f; /bin/true; : $SECONDS; env | grep -c ^SECONDS='
check 'SECONDS below zero and far above' '-1000 4611686018427387' 'SECONDS=-1000; printf "$SECONDS "; SECONDS=9223372036854775807; echo $SECONDS'
check 'RANDOM is drawn once, however it is split' 'same' 'RANDOM=5; a="$RANDOM $RANDOM"; RANDOM=5; IFS=,; set -- $RANDOM $RANDOM; [ "$a" = "$1 $2" ] && echo same'
if unshare -rfp true 2>/dev/null; then # two numbers each: one is often the same by chance
	check 'RANDOM where every shell has the same pid' '8' '{ for i in 1 2 3 4 5 6 7 8; do unshare -rfp "$0" -c "echo \$RANDOM \$RANDOM" & done; wait; } | sort -u | wc -l'
else
	echo 'skip RANDOM where every shell has the same pid: no user namespaces here'
fi
exit ${failed:-0}
