[[ abc == a* ]] && echo y; [[ abc == "a*" ]] || echo n; [[ abc = a?c ]] && echo y; [[ abc != b* ]] && echo y; x='a*'; [[ abc == $x ]] && echo y; [[ abc == "$x" ]] || echo n
	y
	n
	y
	y
	y
	n
x='a b'; [[ $x == 'a b' ]] && echo y; [[ -n $x ]] && echo y; [[ -z $u ]] && echo y; [[ $u == "" ]] && echo y; [[ $x ]] && echo y; [[ $u ]] || echo n
	y
	y
	y
	y
	y
	n
[[ a < b ]] && echo lt; [[ b > a ]] && echo gt; [[ 10 -gt 9 && 2 -lt 3 ]] && echo num; [[ 1+1 -eq 2 ]] && echo ar; x=3; [[ x -eq 3 ]] && echo var; [[ 1 -ge 2 ]] || echo no
	lt
	gt
	num
	ar
	var
	no
[[ -f /etc/passwd && -r /etc/passwd ]] && echo file; [[ -d / ]] && echo dir; [[ ! -e /nosuch ]] && echo none; [[ / -ef /. ]] && echo same; [[ /etc/passwd -nt /nosuch ]] && echo newer
	file
	dir
	none
	same
	newer
[[ abc =~ ^a.c$ ]] && echo re; [[ abc =~ b ]] && echo "$BASH_REMATCH"; [[ a.c =~ a"."c ]] && echo q; [[ abc =~ a"."c ]] || echo n; re='^[a-z]+$'; [[ abc =~ $re ]] && echo v; [[ aXb =~ (X|Y)b ]] && echo grp
	re
	b
	q
	n
	v
	grp
[[ "a b" =~ a\ b ]] && echo esc; [[ 'x(y)' =~ \(y\) ]] && echo par; [[ foo =~ ^(foo|bar)$ && 1 -eq 1 ]] && echo and; [[ abc =~ (a b|c) ]] && echo blank; [[ 1.5 =~ ^[0-9]+(\.[0-9]+)?$ ]] && echo num
	esc
	par
	and
	blank
	num
[[ a == a || b == c && c == d ]] && echo prec; [[ (a == b || c == c) && d == d ]] && echo grp; [[ ! (a == a) ]] || echo not; [[ ! a == b ]] && echo nn; [[ a == a &&\n b == b ]] && echo nl; [[ ! ! a ]] && echo dbl
	prec
	grp
	not
	nn
	nl
	dbl
x=1; [[ -v x ]] && echo set; [[ -v nope ]] || echo unset; [[ -o errexit ]] || echo off; set -e; [[ -o errexit ]] && echo on; if [[ a == b ]]; then echo no; fi; [[ a == b ]] || echo ok
	set
	unset
	off
	on
	ok
if [[ $# -eq 0 && -z $1 ]]; then echo noargs; fi; f() { [[ $1 == -* ]] && { echo opt; return; }; echo arg; }; f -x; f y; while [[ $i -lt 3 ]]; do i=$((i+1)); done; echo $i; until [[ $i == 5 ]]; do ((i++)); done; echo $i
	noargs
	opt
	arg
	3
	5
[[ ~ == /root ]] && echo tilde; [[ $(echo a) == a ]] && echo sub; [[ a == $(echo 'a') ]] && echo s2; [[ '' ]] || echo e; [[ "*" == \* ]] && echo star; [[ a* == 'a*' ]] && echo lit; [[ [ == [ ]] && echo br
	tilde
	sub
	s2
	e
	star
	lit
	br
(( 1 + 1 == 2 )) && echo y; ((0)) || echo n; i=5; ((i++)); echo $i; ((i+=10)); echo $i; ((i > 3 && i < 100)) && echo in; if ((i % 2 == 0)); then echo even; fi; (( x = 3 , y = x * 2 )); echo $x $y
	y
	n
	6
	16
	in
	even
	3 6
((a=1)); echo $?; ((a=0)); echo $?; (( a )) ; echo $?; while ((a < 3)); do ((a++)); done; echo $a; (( 2 ** 10 == 1024 )) && echo pow; echo $((2**3**2)) $((-2**2)) $((16#ff)) $((2#101)) $((36#z)) $((64#_)) $((010))
	0
	1
	1
	3
	pow
	512 4 255 5 35 63 8
for ((i=0; i<3; i++)); do echo -n "$i "; done; echo; for ((;;)); do break; done; for ((i=10; i; i-=5)) { echo $i; }; for (( i = 0, j = 5 ; i < j ; i++, j-- )); do echo $i$j; done; echo $i
	0 1 2 
	10
	5
	05
	14
	23
	3
for ((i=0;i<5;i++)); do ((i==2)) && continue; ((i==4)) && break; echo $i; done; f() { for ((n=0;n<9;n++)); do ((n==3)) && return 7; done; }; f; echo $? $n; for ((k=1;k<=2;k++))\ndo\necho $k\ndone
	0
	1
	3
	7 3
	1
	2
((echo a); echo b); ( (echo c) ); echo $((1+(2*3))); ((x=1 ? 2 : 3)); echo $x; ((y = (1+2)*3)); echo $y; (( z = "5" )); echo $z; s='1+2'; ((t = s * 2)); echo $t
	a
	b
	c
	7
	2
	9
	5
	6
set -e; ((1)); echo one; ((0)) || true; if ((0)); then :; fi; echo two; ((0)); echo not reached
	one
	two
	=1
function f { echo fn $1; }; f 1; function g() { echo gn; }; g; function h-x.y { echo dash; }; h-x.y; my-func() { echo mf; }; my-func; function sub ( echo subshell ); sub; a::b() { echo cc; }; a::b
	fn 1
	gn
	dash
	mf
	subshell
	cc
function f\n{\necho nl\n}\nf; function k { local v=1; echo $v; } >&1; k; type f >/dev/null && echo is; unset -f f; f 2>/dev/null || echo gone; function if_it { echo i; }; if_it
	nl
	1
	is
	gone
	i
[[ ']' =~ ^[\\]a]$ ]] && echo first; [[ '-A' =~ ^(--?[\\]\\[a-zA-Z]+) ]] && echo two; [[ '\\' =~ ^[a\\]$ ]] || echo no; [[ '\\' =~ ^[\\\\a]$ ]] && echo back
	first
	two
	no
	back
[[ m =~ ^[a\\-z]+$ ]] && echo range; [[ . =~ ^[\\.]$ ]] && echo dot; [[ '\\' =~ ^[\\.]$ ]] || echo none; [[ 'a]b' =~ [a"]"]+ ]] && echo "${BASH_REMATCH[0]}"
	range
	dot
	none
	a]
re='[\\.]'; [[ '\\' =~ ^$re$ ]] && echo a; re='\\[a'; [[ '[a' =~ ^$re$ ]] && echo b; [[ 'a[b' =~ ^a\\[b ]] && echo c; [[ '[x' =~ ^"["x ]] && echo d; [[ - =~ ^[[:alpha:]-]$ ]] && echo e
	a
	b
	c
	d
	e
compgen -W 'one two' -- "''"; compgen -W 'one "two three"' -- '"tw'
	one
	two
	two three
kill -l 34 35 49 50 63 64; kill -l SIGRTMAX-3 RTMIN
	RTMIN
	RTMIN+1
	RTMIN+15
	RTMAX-14
	RTMAX-1
	RTMAX
	61
	34
