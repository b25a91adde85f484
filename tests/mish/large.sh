# Nothing is too long or too many: lines, words, values, names; and where the system has no
# more to give, a message tells where. MISH_TEST_FULL=1: as much as is promised, 100 MB and a
# million names; else a fiftieth.
mb=2 names=20000
if [ -n "${MISH_TEST_FULL-}" ]; then mb=100 names=1000000; fi
n=$((mb * 1000000))
self=$(readlink /proc/$$/exe)
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
failed=0

check() { # NAME EXPECTED SHELL-ARGUMENT…
	name=$1 want=$2
	shift 2
	got=$("$self" "$@" 2>&1)
	if [ "$got" = "$want" ]; then
		echo "ok $name"
	else
		echo "not ok $name: $(printf %s "$got" | head -c 300 | tr '\n' '~')"
		failed=1
	fi
}
fill() { head -c "$n" /dev/zero | tr '\0' "$1"; }

{ printf 'x='; fill y; printf '\necho ${#x}\n'; } >"$dir/script"
check 'a word of a script' "$n" "$dir/script"
{ printf 'set -- '; yes 'a b' | head -c "$n" | tr '\n' ' '; printf '\necho $#\n'; } >"$dir/script"
check 'a line of many words' "$((n / 2))" "$dir/script"
{ printf "x='"; fill '\n'; printf "'\necho \${#x} \$LINENO\n"; } >"$dir/script"
check 'a string of many lines' "$n $((n + 2))" "$dir/script"
{ printf 'cat <<E | wc -c\n'; fill z; printf '\nE\n'; } >"$dir/script"
check 'a here-document' "$((n + 1))" "$dir/script"
{ printf '#'; fill c; printf '\necho over\n'; } >"$dir/script"
check 'a comment' 'over' "$dir/script"
{ fill r; echo; } >"$dir/line"
check 'read' "$n" -c 'read -r x <$0; echo ${#x}' "$dir/line"
check 'a substitution' "$n" -c 'x=$(cat $0); echo ${#x}' "$dir/line"
check 'patterns' "0 $((n - 1)) yes" -c 'x=$(cat $0); y=${x%%r*}; z=${x#r}
	case $x in *r) echo ${#y} ${#z} yes ;; esac' "$dir/line"
check 'a pipe' "$((n + 1))" -c 'x=$(cat $0); echo "$x" | wc -c' "$dir/line"
check 'fields' "$((n / 10))" -c 'x=$(tr r "\n" <$0 | sed "s/.*/a/" | head -n $1); set -- $x; echo $#' "$dir/line" "$((n / 10))"
check 'an argument that is too long' "mish: /bin/true: Argument list too long
126" -c 'x=$(cat $0); /bin/true "$x"; echo $?' "$dir/line"
head -c "$n" /dev/urandom >"$dir/bytes"
check 'any bytes' "$(tr -d '\0' <"$dir/bytes" | sed '$a\' | cksum)" -c 'x=$(cat $0; echo x); x=${x%x}
	printf %s "$x" | sed "\$a\\" | cksum' "$dir/bytes"

mkdir "$dir/many"
(cd "$dir/many" && seq "$names" | xargs touch)
check 'a pattern of many names' "$names 1" -c 'cd $0; set -- *; echo $# $1' "$dir/many"
check 'a loop over them' "$names" -c 'cd $0; n=0; for f in *; do n=$((n + 1)); done; echo $n' "$dir/many"

cat >"$dir/script" <<'E'
ulimit -n 6
exec 3</dev/null 4</dev/null 5</dev/null
echo a >/dev/null; echo $?
echo a | cat; echo $?
(x=$(/bin/echo b)); echo $?
echo over
E
cd "$dir" || exit 1
check 'no descriptors' 'script: 3: /dev/null: Too many open files
1
script: 4: cannot start a pipeline: Too many open files
2
script: 5: command substitution: Too many open files
1
over' script
if [ -n "${MISH_TEST_PATIENCE-}" ]; then
	echo 'skip no memory, and a function without end: a sanitizer wants terabytes'
else
	printf '%s\n' 'ulimit -v 60000' 'x=0123456789' 'while :; do' 'x=$x$x' done >script
	check 'no memory' 'script: 4: out of memory' script
	printf '%s\n' 'ulimit -v 60000' '(x=$(cat /dev/zero | tr "\0" y))' 'echo $? over' >script
	check 'no memory in a subshell' 'script: 2: out of memory
2 over' script
	printf '%s\n' '' 'f() { f "$@"; }' '(f)' 'echo $? over' >script
	check 'a function without end' 'script: 2: nested too deeply
1 over' script
fi
chmod 755 "$dir"
cp "$self" ./mish-copy
printf '%s\n' 'ulimit -u 1' '/bin/true; echo $?' 'x=$(/bin/echo a); echo $?' 'echo b | cat; echo $?' >script
as_user= # root has as many as it likes
[ "$(id -u)" -ne 0 ] || as_user='exec setpriv --reuid 64999 --regid 64999 --clear-groups'
check 'no processes' 'script: 2: /bin/true: Resource temporarily unavailable
126
script: 3: command substitution: Resource temporarily unavailable' \
	-c "$as_user ./mish-copy script"
exit $failed
