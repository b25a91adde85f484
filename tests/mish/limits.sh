# What is bounded says so where the bound is met, and just below it works.
mish=${MISH_BUILDDIR:-.}/mish
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
check() { # NAME EXPECTED SHELL-ARGUMENT…
	name=$1 want=$2
	shift 2
	got=$("$mish" "$@" 2>&1)
	if [ "$got" = "$want" ]; then
		echo "ok $name"
	else
		printf 'not ok %s\n# expected %s\n# got      %s\n' "$name" "$want" "$(printf %s "$got" | head -c 300)"
		failed=1
	fi
}
repeat() { # repeat N TEXT
	i=0
	while [ $i -lt "$1" ]; do
		printf %s "$2"
		i=$((i + 1))
	done
}
aliases() { # aliases N: as many, one inside the other, of which the last is echo
	i=1
	while [ $i -lt "$1" ]; do
		echo "alias a$i=a$((i + 1))"
		i=$((i + 1))
	done
	printf 'alias a%s="echo in"\na1\n' "$1"
}
check 'aliases in aliases' 'in' -c "$(aliases 500)"
check 'too many aliases' 'mish: syntax error: aliases nested too deeply' -c "$(aliases 502)"
check 'commands in commands' 'in' -c "$(repeat 300 '{ ')echo in$(repeat 300 '; }')"
check 'too many commands' 'mish: syntax error: nested too deeply' -c "$(repeat 1001 '{ ')echo in$(repeat 1001 '; }')"
check 'substitutions in substitutions' 'in' -c "echo $(repeat 50 '$(echo ')in$(repeat 50 ')')"
check 'a subshell that looks like arithmetic' 'in' -c "echo $(repeat 6 '$((echo ')in$(repeat 6 '); )')"
check 'too many of those' "mish: syntax error: missing \`))' (a subshell in \`\$(' is written \`\$( (')" \
	-c "echo $(repeat 70 '$((echo ')in$(repeat 70 '); )')"
check 'parentheses in arithmetic' '3' -c "echo \$(($(repeat 1000 '(')1 + 2$(repeat 1000 ')')))"
check 'too many parentheses' "mish: arithmetic: nested too deeply: \"$(repeat 60 '(')...\"" -c "echo \$(($(repeat 50000 '(')1$(repeat 50000 ')')))"
check 'a variable that is itself' 'mish: arithmetic: nested too deeply: "x"' -c 'x=x; echo $((x))'
check 'signs' '1' -c "echo \$(($(repeat 2000 '- ')1))"
check 'too many signs' "mish: arithmetic: nested too deeply: \"$(repeat 8 '- - - -')- - ...\"" -c 'x=$(yes -- "- - - -" | head -n 100000 | tr -d "\n"); echo $((${x}1))'
long=$(repeat 20 'abcd')
check 'a long word in a message is cut, and seen to be' \
	"mish: syntax error: bad function name \`$(repeat 15 'abcd')…'" -c "$long~b() { :; }"
check 'braces in braces' '101' -c "set -- $(repeat 100 '{a,')b$(repeat 100 '}'); echo \$#"
check 'too many braces' 'mish: brace expansion: more than 200 braces in, or behind, each other' \
	-c "echo $(repeat 300 '{a,')b$(repeat 300 '}')"
check 'too many words from braces' 'mish: brace expansion: more than 4194304 words' -c 'echo {1..9223372036854775807}'
check 'a wide field' '2000000' -c 'printf %2000000d 1 | wc -c'
check 'too wide' 'mish: printf: %d: width, precision or number is too large
x1' -c 'printf "x%99999999999d" 1; echo $?'
check 'too wide by an argument' 'mish: printf: %s: width, precision or number is too large
1' -c 'printf "%*s" 99999999999 x; echo $?'
check 'too wide to the left' 'mish: printf: %s: width, precision or number is too large
1' -c 'printf "%*s" -9223372036854775808 x; echo $?'
check 'too precise' 'mish: printf: %d: width, precision or number is too large
1' -c 'printf "%.4294967297d" 1; echo $?'
cat >"$dir/grow" <<'E'
head -c "$1" /dev/zero | tr '\0' '#' >"$2"
E
edit() { # edit BYTES: what fc says of a command that became so long
	printf 'echo one\nfc -e "sh %s/grow %s"\necho "status $?"\n' "$dir" "$1" |
		HISTFILE=$dir/history PS1= "$mish" -i 2>&1 | tr -d '#' | grep -E 'fc:|status' | tr '\n' ' '
}
for bytes in 2000000 17000000; do
	said=$(edit $bytes)
	case $bytes,$said in
	2000000,"status 0 ") echo 'ok an edited command of 2 MB' ;;
	17000000,*"File too large status 1 ") echo 'ok an edited command that is too long' ;;
	*) echo "not ok an edited command of $bytes bytes: $said"; failed=1 ;;
	esac
done
exit ${failed:-0}
