echo a >/dev/null
echo a 2>/dev/null
	a
(echo out; echo err >&2) 2>&1
	out
	err
(echo out; echo err >&2) 2>/dev/null
	out
(echo out; echo err >&2) >/dev/null 2>&1
(echo err >&2) 2>&1 >/dev/null
	err
cat </dev/null; echo $?
	0
f=/tmp/mish-r.$$; echo a >$f; echo b >>$f; cat $f; rm $f
	a
	b
f=/tmp/mish-r.$$; echo abc >$f; read x <$f; echo $x; rm $f
	abc
f=/tmp/mish-r.$$; { echo 1; echo 2; } >$f; { read a; read b; echo $b$a; } <$f; rm $f
	21
f=/tmp/mish-r.$$; echo x 3>$f >&3; cat $f; rm $f
	x
f=/tmp/mish-r.$$; : >$f; echo y 1<>$f; cat $f; rm $f
	y
>/dev/null echo first
echo </dev/null a
	a
echo ok
	ok
(echo a >&-) 2>/dev/null; echo $?
	1
if true; then echo a; fi >/dev/null; echo b
	b
while read x; do echo "<$x>"; done <<E\n1\n2\nE
	<1>
	<2>
cat <<E\na $((1+1)) $(echo s) `echo t` \\$x \\\\ "q"\nE
	a 2 s t $x \ "q"
cat <<'E'\n$x `y` \\n\nE
	$x `y` \n
cat <<-E\n	a\n		b\n	E
	a
	b
cat <<A; cat <<B\n1\nA\n2\nB
	1
	2
cat <<E | tr a-z A-Z\nhi\nE
	HI
x=5; cat <<E\n${x:-d} ${y:-"d"}\nE
	5 d
cat <<\\E\n$x\nE
	$x
cat <<"E F"\nhi\nE F
	hi
f() { cat <<E\n$1\nE\n}; f arg
	arg
cat <<E\nE
cat 3<<E <&3\nthree\nE
	three
{ cat; } <<E\nblock\nE
	block
(cat) <<E\nsub\nE
	sub
for i in 1 2; do cat <<E\n$i\nE\ndone
	1
	2
cat <<E\na\\\nb\nE
	ab
read x <<E\n  sp  aced  \nE\necho "<$x>"
	<sp  aced>
read x y <<E\n1 2 3\nE\necho "$x|$y"
	1|2 3
IFS= read -r x <<E\n  keep  \nE\necho "<$x>"
	<  keep  >
read x <<\\E\na\\\nb\nE\necho $x
	ab
read x </dev/null; echo $? "<$x>"
	1 <>
printf "no newline" | { read x; echo $? $x; }
	1 no newline
echo "a:b" | { IFS=: read x y; echo $y $x; }
	b a
echo a b c | { read x; echo "$x"; }
	a b c
exec 4<<E\nfour\nE\ncat <&4
	four
echo a | cat - <<E\nx\nE
	x
echo a 1>&2 2>/dev/null
2>&1 nosuch_cmd_ | grep -c found
	1
command : >/nonexistent/f; echo yes
	yes
