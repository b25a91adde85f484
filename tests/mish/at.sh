# csh's arithmetic where commands can be placed (set -o remote): what stands behind the @ tells them apart.
mish=${MISH_BUILDDIR:-.}/mish
check() { # EXPECTED PROGRAM
	out=$("$mish" -c "set -o remote
x=7; a=(1 2)
$2" 2>&1)
	if [ "$out" = "$1" ]; then
		echo "ok $2"
	else
		printf 'not ok %s\n# expected %s\n# got      %s\n' "$2" "$1" "$out"
		failed=1
	fi
}
placed='@: no other nodes are configured here; name one: @HOST command'
check 5 '@ x = 5; echo $x'
check 5 '@ x=5; echo $x'
check 8 '@ x=5 + 3; echo $x'
check 12 '@ x += 5; echo $x'
check 12 '@ x+=5; echo $x'
check 8 '@ x++; echo $x'
check 6 '@ x --; echo $x'
check 1 '@ x %= 2; echo $x'
check 14 '@   x = $x * 2; echo $x'
check '1 9' '@ a[1] = 9; echo ${a[*]}'
check 3 '@ y=3 ; echo $y'
check "mish: $placed" '@ true'
check "mish: $placed" '@ X=1 true'
check "mish: $placed" '@ X=1 Y=2 true'
check "mish: $placed" '@ x == 5'
check "mish: $placed" '@ { echo a; }'
check "mish: $placed" '@ (echo a)'
check '@' 'echo @'
check 'a @ b' 'echo a @ b'
exit ${failed:-0}
