# What POSIX.1-2024 has and dash has not; the numbers are those of XCU.
mish=${MISH_BUILDDIR:-.}/mish
check() { # NAME PROGRAM EXPECTED
	out=$("$mish" -c "$2" 2>&1)
	if [ "$out" = "$3" ]; then
		echo "ok $1"
	else
		printf 'not ok %s\n# expected %s\n# got      %s\n' "$1" "$3" "$out"
		failed=1
	fi
}
tab=$(printf '\t')
check '2.2.4 dollar-single-quotes' "printf '%s|' \$'a\\tb' \$'\\x41\\101\\u00e9' \$'it\\'s' \"\$'x'\"" "a${tab}b|AAé|it's|\$'x'|"
check '2.2.4 escapes without digits, and NUL' "printf '%s|' \$'a\\u' \$'\\xg' \$'a\\0b'" 'a\u|\xg|a|'
check '2.5.2 $# and nothing else after it' 'set -- a b; echo "$#" ${#} ${#-} ${##}' "2 2 $("$mish" -c 'echo ${#-}') 1"
check '2.9.4.3 case falls through' 'case a in a) echo 1 ;& b) echo 2 ;; c) echo 3 ;; esac' '1
2'
check '2.9.2 pipefail' 'set -o pipefail; false | true; echo $?; (exit 3) | (exit 4) | true; echo $?; set +o pipefail; false | true; echo $?' '1
4
0'
check '2.15 trap -p with a condition' 'trap "echo x" INT; trap -p INT QUIT' "trap -- 'echo x' INT
trap -- - QUIT"
check '2.15 trap -p lists the default state, too' 'set -o posix; [ "$(trap -p | grep -c -e "^trap -- - ")" -gt 30 ] && trap -p | head -n 2; trap "" HUP; x=$(trap -p); trap - HUP; eval "$x"; trap' "trap -- - EXIT
trap -- - HUP
trap -- '' HUP"
check 'read -d' 'printf "a b:c\nd:e" | { read -d : x y; echo "$x,$y"; read -d : z; echo "$z"; read -d : z; echo "$? $z"; }' 'a,b
c
d
1 e'
check 'read -d with nothing: NUL' 'printf "a\nb\0c" | { read -d "" x; echo "$x"; }' 'a
b'
check 'cd -e' 'cd -P -e / && pwd; cd -e /nonesuch 2>/dev/null; echo $?' '/
1'
check 'test compares strings and files' 'test a \< b && echo lt; test b \> a && echo gt; test / -ef /. && echo same; test /etc -nt /nonesuch && echo newer; test /nonesuch -ot /etc && echo older' 'lt
gt
same
newer
older'
check 'export and readonly assign' 'v="a b"; export x=$v y=~; readonly z=$v; echo "$x,$z"; [ "$y" = "$HOME" ] && echo home' 'a b,a b
home'
check 'ulimit of several at once' 'ulimit -S -n 64; ulimit -n' '64'
check 'command -v of a reserved word' 'command -v if case' 'if
case'
check 'printf with numbered arguments' "printf '%2\$s %1\$s\\n' a b" 'b a'
check 'kill -l of a status' 'kill -l 130 15' 'INT
TERM'
# XCU test: what is no descriptor's number is no terminal, and no error
for x in '' x -1 99999999999; do
	test -t "$x"
	if [ $? -eq 1 ]; then echo "ok test -t '$x'"; else echo "not ok test -t '$x'"; failed=1; fi
done
exit ${failed:-0}
