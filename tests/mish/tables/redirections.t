cd /tmp; sh -c 'echo out; echo err >&2' &>f.$$; cat f.$$; sh -c 'echo o2; echo e2 >&2' &>>f.$$; cat f.$$; rm f.$$
	out
	err
	out
	err
	o2
	e2
cd /tmp; sh -c 'echo out; echo err >&2' >&f.$$; cat f.$$; rm f.$$
	out
	err
cd /tmp; sh -c 'echo out; echo err >&2' >& f.$$; cat f.$$; rm f.$$; ls >&2 2>/dev/null /nosuch; echo $?
	out
	err
	2
sh -c 'echo out; echo err >&2' |& sort; (echo a; echo b >&2) |& tr a-z A-Z;
	err
	out
	A
	B
cat <<<hello; cat <<< "a  b $((1+1))"; x='c  d'; cat <<<$x; cat <<<'q$x'; cat <<<~ >/dev/null; read -r a b <<<"1 2 3"; echo "$b"
	hello
	a  b 2
	c  d
	q$x
	2 3
while read -r l; do echo "<$l>"; done <<<"$(printf 'a\nb')"; cat <<<""; tr a-z A-Z <<< abc | cat; cat <<<a 5<<<b <&5
	<a>
	<b>
	
	ABC
	b
echo content >/tmp/f.$$; x=$(</tmp/f.$$); echo "$x" "$(< /tmp/f.$$)" `</tmp/f.$$`; rm /tmp/f.$$
	content content content
x=$(</nosuch/file) 2>/dev/null; echo "$?[$x]"; n=/nosuch/b; (y=$(<"$n")) 2>/dev/null; echo $?
	1[]
	1
x=a; x+=b; x+="c d"; echo "$x"; y+=new; echo $y; x=1; x+=2; echo $x; export E+=q; E+=r; sh -c 'echo $E'; readonly R+=1; echo $R
	abc d
	new
	12
	qr
	1
x=a; x+=b true; echo "$x"; x+=c sh -c 'echo $x' x; PATH+=:/nosuch; case $PATH in *:/nosuch) echo y;; esac
	a
	ac
	y
exec 3>&1; echo three >&3; exec 4>&3-; echo four >&4; (echo gone >&3) 2>/dev/null || echo closed
	three
	four
	closed
exec 5<<<in 6<&5-; cat <&6; { echo moved; } 3>&1 1>&3-; cat <&5 2>/dev/null || echo five gone
	in
	moved
	five gone
: 1<&2; echo ok 2<&1; echo x 1>&2 2>/dev/null; exec 3</dev/null; echo w 2>/dev/null >&3 || echo badfd
	ok
	badfd
f() { x+=1; cat <<<"$x" |& cat; echo $? &>/dev/null; }; x=; f; f
	1
	11
echo a &> /dev/null; echo $?; true &>>/dev/null; (exec &>/dev/null; echo hidden); echo shown; if true; then echo in; fi &>/dev/null; for i in 1; do echo $i; done |& cat
	0
	shown
	1
cat <<<a\ b; cat <<<"a"'b'$((3)); cat <<< ${u:-def}; cat <<<*; cat <<<{a,b}; wc -c <<<abc
	a b
	ab3
	def
	*
	{a,b}
	4
