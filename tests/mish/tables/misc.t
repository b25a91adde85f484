echo -e 'a\tb'; echo -n x; echo; echo -ne 'c\n'; echo -en 'd\n'; echo -E 'a\tb'; echo -nE 'q\n'; echo; echo -e '\x41\u00e9\e[0m' | od -c | head -2; echo -x -e; echo - a; echo -- b
	a	b
	x
	c
	d
	a	b
	q
	
	0000000   A 303 251 033   [   0   m  \n
	0000010
	-x -e
	- a
	-- b
printf -v x '%s-%d' a 5; echo "$x"; printf -v y %05d 42; echo $y; printf '%b\n' '\141\0142\x63'; printf '\x41\101\n'; printf '%s\n' "$(printf -v w hi; echo "[$w]")" "[$w]"
	a-5
	00042
	abc
	AA
	[hi]
	[]
f() { local v; echo "[$v]"; v=in; echo $v; }; v=out; f; echo $v; g() { local v=1 w; w=2; h; }; h() { echo $v$w; }; g; k() { V=1 local q=2; echo $q; }; k; f2() { local a=1 b=$a c; echo "$a[$b]"; }; f2
	[]
	in
	out
	12
	2
	1[]
f() { return -1; }; f; echo $?; f() { return 257; }; f; echo $?; (exit -2); echo $?; (exit 300); echo $?
	255
	1
	254
	44
let x=1+2; echo $x; let 'y = x * 2' z=7; echo $y $z; let 0; echo $?; let 1; echo $?; let a=5 a-=2; echo $a
	3
	6 7
	1
	0
	3
cd /tmp; echo 'echo sourced $1 $#; return 3' >s.$$; source ./s.$$; echo $?; source ./s.$$ a b; . ./s.$$ x; set -- p; . ./s.$$; echo "$1"; source s.$$; rm s.$$; source /nosuch 2>/dev/null || echo no
	sourced 0
	3
	sourced a 2
	sourced x 1
	sourced p 1
	p
	sourced p 1
	no
mkdir /tmp/g.$$; cd /tmp/g.$$; touch .a .b c; echo .*; echo *; echo .[a-z]; rm -r /tmp/g.$$
	.a .b
	c
	.a .b
x=5; echo $((x++ + ++x)) $x $((x--)) $x $((1,2,3)) $((x=3,x+1)) $((0x1F)) $((-7/2)) $((-7%3)) $((1<<4|1)) $((!0)) $((~5)) $((5>3?1:0)); b='  '; echo $((b)) $((b+1))
	12 7 7 6 3 4 31 -3 -1 17 1 -6 1
	0 1
unset u; echo "${u-d}" ; for i in a b; do for j in 1 2; do [ $j = 2 ] && continue 2; echo $i$j; done; done; while :; do while :; do break 2; done; done; echo out
	d
	a1
	b1
	out
set -- a b; IFS=; echo "${*:-none}" ${*:-none}; unset IFS; set --; echo "${*:-none}" "${@:-none}"; set -- ''; echo "[${*:-n}]" "[${@:-n}]" "[${*-n}]"
	ab a b
	none none
	[n] [n] []
type -t cd if ls nosuch; type -p ls cd; type -P echo >/dev/null && echo P; type -t f;  f() { :; }; command -v f cd if /bin/ls; command -v nosuch; echo $?; command -v /tmp; echo $?; hash -r
	builtin
	keyword
	file
	/usr/bin/ls
	P
	f
	cd
	if
	/bin/ls
	1
	1
: 3>&3 2>/dev/null; echo alive; echo ${#}; true | false; echo $?; ! true; echo $?; echo a | { read x; echo "[$x]"; }
	alive
	0
	1
	1
	[a]
case abc in a*) echo 1;;& *c) echo 2;; *) echo 3;; esac; case x in x) echo a;& y) echo b;; z) echo c;; esac; case a in [[:alpha:]]) echo al;; esac; case "$x" in "") echo e;; esac
	1
	2
	a
	b
	al
	e
a=1 b=2; export a; readonly c=3; (c=4) 2>/dev/null || echo ro; unset a; echo "${a-unset}"; export -n b; env | grep -c '^b='; trap 'echo bye' EXIT; (trap 'echo sub' EXIT); echo end
	ro
	unset
	0
	sub
	end
	bye
mkdir /tmp/t.$$ && cp /bin/true /tmp/t.$$/zz && mkdir /tmp/u.$$ && cp /bin/true /tmp/u.$$/zz; PATH=/tmp/t.$$:/tmp/u.$$:$PATH; type -a zz | sed 's/[0-9]//g'; type -a echo | tail -1 | grep -c 'echo is /'; type -a nosuch 2>/dev/null || echo none; rm -r /tmp/t.$$ /tmp/u.$$
	zz is /tmp/t./zz
	zz is /tmp/u./zz
	1
	none
printf -v 1a x 2>/dev/null; echo $?; readonly R=1; (printf -v R 2) 2>/dev/null; echo $?; x=$(printf -v q 5; printf '%s' "[$q]"); echo "$x[$q]"; let '1 +' 2>/dev/null; echo $?
	2
	1
	[5][]
	1
