f(){ for i in 1 2; do local a; a="$a$i"; done; echo $a; }; f; g(){ local x=1; local x; echo "[$x]"; }; g; export LC_X=a; h(){ local LC_X; LC_X=C; env|grep ^LC_X; }; h; echo $LC_X
	12
	[1]
	LC_X=C
	a
(set -u; (( nope )); echo alive) 2>/dev/null || echo ended
	ended
(set -u; [[ nope -eq 0 ]]; echo alive) 2>/dev/null || echo ended
	ended
(set -u; let nope; echo alive) 2>/dev/null || echo ended
	ended
a=-v; [ "$a" -a "$a" ]; echo $?; [ -f -a x ]; echo $?; [ -o -o "" ]; echo $?; [ "" -a x ]; echo $?; [ -n x -a -n y ]; echo $?; [ x -a -v ]; echo $?
	0
	0
	0
	1
	0
	0
exec 2>&-; { echo a; echo b >&2; } >&/tmp/o.$$; cat /tmp/o.$$; rm /tmp/o.$$; { echo c >&2; } 2>/dev/null; echo d
	a
	b
	d
echo {~,x}/a; export x={a,b}; echo $x; echo {~root,~}; y=1 z={c,d}; echo $z
	/root/a x/a
	b
	/root /root
	{c,d}
set -- a b c; echo ${!#}; x=abcdef; echo ${x:(1?2:3)} ${x:1?2:3} ${x:(1):(2)}; y=; echo "[${y/*/foo}]" "[${y/?/foo}]" "[${y//*/z}]"
	c
	cdef cdef bc
	[foo] [] [z]
x=a/b/c; echo ${x////_} ${x///} ${x///_} ${x/#/pre} ${x/%/post} "${x//\//-}" ${x/#a/b} ${x//?/.}
	a_b_c abc a/b/c prea/b/c a/b/cpost a-b-c b/b/c .....
f(){ echo ${x:"-1"} ${x: -1} ${x: -2:1}; }; x=abc; f; [[ a =~ a$ ]] && echo an; [[ 'a$' =~ a"$" ]] && echo lit; [[ ab =~ ^(a|b)*$ ]] && echo st
	c c b
	an
	lit
	st
x=$(printf 'a%.0s' {1..20000}); y=${x//[^a-z]/}; echo ${#y}; y=${x//[b]/c}; echo ${#y}; y=${x//a?/bb}; echo ${#y}; y=${x//aa/b}; echo ${#y}
	20000
	20000
	20000
	10000
[[ a && b && c && '' || d ]] && echo y; [[ '' || '' || x ]] && echo y; [[ a && '' && c ]] || echo n; [[ ! a || b && c ]] && echo y; [[ ( a && '' ) || b ]] && echo y
	y
	y
	n
	y
	y
for ((i=0;i<30000;i++)); do :; done; echo $i
	30000
cd /tmp && mkdir tilde$$ && cd tilde$$ && : >'~ab'; echo ~*; [[ "~/x" == ~* ]] && echo m; case '~/x' in ~*) echo c;; esac; x='~/foo'; echo "<${x##~*}>" ~nosuch*; cd .. && rm -r tilde$$
	~ab
	m
	c
	<> ~nosuch*
