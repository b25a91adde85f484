cat <(echo a) <(echo b; echo c); diff <(printf '1\n2\n') <(printf '1\n3\n'); echo $?; while read x; do echo "got $x"; done < <(seq 3); f() { cat "$1"; }; f <(echo fn); n=0; while read -r l; do ((n+=l)); done < <(seq 10); echo $n
	a
	b
	c
	2c2
	< 2
	---
	> 3
	1
	got 1
	got 2
	got 3
	fn
	55
[[ -e <(:) ]] && echo exists; x=<(echo v); case $x in /dev/fd/*) echo name;; esac; exec 3< <(echo three); cat <&3; paste <(seq 2) <(seq 3 4) | tr '\t' ,; echo hi | tee >(cat >/dev/null)
	exists
	name
	three
	1,3
	2,4
	hi
exec {fd}>/tmp/tbl.$$; echo to >&$fd; exec {fd}>&-; cat /tmp/tbl.$$; ((fd>=10)) && echo big; rm /tmp/tbl.$$
	to
	big
read -r a b <<< "x  y z"; echo "[$a][$b]"; read <<< "  whole  "; echo "[$REPLY]"; read -n 3 x <<< abcdef; echo $x; read -N 4 x <<< $'a b\nc'; echo "[$x]"; read -d : x <<< "k:v"; echo $x; read -u 3 x 3<<< three; echo $x; read -t 0.1 x < <(sleep 0.5); echo $(($? > 128))
	[x][y z]
	[  whole  ]
	abc
	[a b
	]
	k
	three
	1
shopt -s extglob; x="   trim  "; echo "[${x##*( )}]" "[${x%%*( )}]"; y=aaabbb; echo ${y/#+(a)/X} ${y//@(a|b)/-}\ncase foobar in @(foo|baz)*) echo y;; esac; case abc in !(abc)) echo no;; *) echo rest;; esac; case abd in !(abc)) echo yes;; esac; v='+([0-9])'; case 12 in $v) echo num;; esac
	[trim  ] [   trim]
	Xbbb ------
	y
	rest
	yes
	num
[[ hello == @(hi|hello) ]] && echo m; [[ aXb == a?(X|Y)b ]] && echo m2; [[ ab == +(a|b) ]] && echo m3; [[ "" == *(a) ]] && echo m4; [[ abc == !(abd) ]] && echo m5; [[ 'a(b)' == a\(b\) ]] && echo m6; v='@(a|b)'; case a in $v) echo var;; *) echo lit;; esac
	m
	m2
	m3
	m4
	m5
	m6
	lit
d=/tmp/eg.$$; mkdir -p $d/sub/deep; cd $d; touch a.c b.c c.h .hid sub/x.c sub/deep/y.c; shopt -s extglob\necho @(a|b).c; echo !(*.c); echo *.@(c|h); shopt -s nullglob; echo no*match x; shopt -u nullglob; echo no*match; shopt -s dotglob; echo *; shopt -u dotglob; shopt -s globstar; echo **/*.c; echo **; echo sub/**/; shopt -u globstar; shopt -s nocaseglob; echo A*; cd /; rm -r $d
	a.c b.c
	c.h sub
	a.c b.c c.h
	x
	no*match
	.hid a.c b.c c.h sub
	a.c b.c sub/deep/y.c sub/x.c
	a.c b.c c.h sub sub/deep sub/deep/y.c sub/x.c
	sub/ sub/deep/
	a.c
shopt -s nocasematch; [[ ABC == abc ]] && echo nc; case Foo in foo) echo nc2;; esac; [[ FOO =~ ^fo+$ ]] && echo nc3; shopt -u nocasematch; [[ A == a ]] || echo cs; shopt -q extglob; echo $?; shopt -s extglob; shopt -q extglob; echo $?; shopt -p dotglob
	nc
	nc2
	nc3
	cs
	1
	0
	shopt -u dotglob
	=1
select x in a "b c" d; do echo "$x $REPLY"; [ "$x" = d ] && break; done 2>/dev/null <<< $'1\n\n2\n9\n3'; echo $?; select z in q; do :; done 2>/dev/null </dev/null; echo $?; set -- p q; select w; do echo $w; break; done 2>/dev/null <<< 2
	a 1
	b c 2
	 9
	d 3
	0
	
	1
	q
trap 'echo ERR $?' ERR; false; true; ! true; false || true; if false; then :; fi; (exit 3); false | true; true | false; f() { false; true; }; f; set -E; f; set +E; trap - ERR; false; echo end
	ERR 1
	ERR 3
	ERR 1
	ERR 1
	end
trap 'echo "D:$BASH_COMMAND"' DEBUG; echo one; x=1; g() { echo in; }; g; trap - DEBUG; trap 'echo R' RETURN; g; set -T; g; set +T; trap - RETURN; trap 'e' ERR; trap -p ERR
	D:echo one
	one
	D:x=1
	D:g
	in
	D:trap - DEBUG
	in
	in
	R
	trap -- 'e' ERR
f() { echo "${FUNCNAME[@]}" ${#FUNCNAME[@]}; }; g() { f; }; g; echo "[${FUNCNAME[0]}]"; h() { caller 0; }; k() { h; }; k | cut -d' ' -f2; echo $((BASHPID == $$)) $(( $(echo $BASHPID) == $$ )) $BASH_SUBSHELL; (echo $BASH_SUBSHELL)
	f g 2
	[]
	k
	1 0 0
	1
mapfile -t a < <(printf 'x\ny z\n\nw'); echo "${#a[@]}|${a[1]}|${a[3]}"; readarray -n 2 -s 1 b <<< $'1\n2\n3\n4'; echo "${b[@]}"; mapfile -d : -t c <<< a:b:c; echo "${c[@]}"; mapfile -O 5 -t a <<< q; echo "${!a[@]}"; cb() { echo "cb $1 $2"; }; mapfile -t -C cb -c 2 z <<< $'p\nq\nr\ns'
	4|y z|w
	2
	 3
	
	a b c
	
	0 1 2 3 5
	cb 1 q
	cb 3 s
builtin echo hi; echo() { command printf 'fn\n'; }; echo; builtin echo no; unset -f echo; builtin nosuch 2>/dev/null; echo $?; (exec -a foo bash -c 'echo $0'); (exec -c env | wc -l); (exec -l bash -c 'echo $0'); command -V cd >/dev/null && echo V
	hi
	fn
	no
	1
	foo
	0
	-bash
	V
sleep 0.3 & sleep 0.1 & p=$!; wait -n -p w; echo $? $(( w == p )); wait; (exit 7) & wait -n; echo $?; wait -n; echo $?; (exit 5) & wait $!; echo $?
	0 1
	7
	127
	5
printf '%(%Y)T\n' 86400; printf '%(%s)T\n' -1 | grep -c '^[0-9]*$'; printf -v d '%(%d)T' 86400; echo $d; printf '%q %q %q\n' 'a b' x "it's"; printf '%s-%s\n' a b c; printf '%5s|%-5s|\n' x y
	1970
	1
	02
	a\ b x it\'s
	a-b
	c-
	    x|y    |
f() { g; }; g() { caller | cut -d' ' -f1; }; f; type -t mapfile builtin help logout | sort | uniq -c | tr -s ' '; sleep 5 & disown; jobs; kill $!; sleep 5 & disown -h; jobs | wc -l; kill $!; suspend 2>/dev/null || echo cannot
	1
	 4 builtin
	1
	cannot
cd /usr; cd /tmp; echo ~+ ~- ~+/x; pushd /var >/dev/null; echo ~0 ~1 ~+1 ~-0; echo "~+" '~-' ~nosuchuser; popd >/dev/null; echo ${DIRSTACK[0]}
	/tmp /usr /tmp/x
	/var /tmp /tmp /tmp
	~+ ~- ~nosuchuser
	/tmp
IFS=é; set -- $(echo aébéc); echo $# $1 $2; x="$*"; echo "$x"; a=(p q); echo "${a[*]}"; unset IFS; IFS=é read u v <<< 1é2; echo $v
	3 a b
	aébéc
	péq
	2
for i in 1 2; do ( for j in 1 2; do break 2; done; echo in $j ); done; for i in 1 2; do (continue; echo c) 2>/dev/null; done; x=$(for i in a b; do echo $i; break; done); echo $x
	in 1
	in 1
	c
	c
	a
f() { echo "f:$1"; }; export -f f; env | grep -c 'f%%='; export -nf f; env | grep -c 'f%%='; declare -F f; declare -F | grep -c ' f$'; declare -f nosuch; echo $?; unset -f f; declare -F f; echo $?
	1
	0
	f
	1
	1
	1
[ $EPOCHSECONDS -gt 1000000000 ] && echo now; [[ $EPOCHREALTIME == *.?????? ]] && echo real; echo $UID $EUID ${#GROUPS[@]} | grep -c '^[0-9]* [0-9]* [1-9]'; SECONDS=10; [ $SECONDS -ge 10 ] && echo secs; x=$RANDOM; [ $x -lt 32768 ] && echo rnd
	now
	real
	1
	secs
	rnd
trap 'echo err; [ "$n" ] || { n=1; break; }' ERR; for i in 1 2; do false; echo no; done; false; echo end; trap 'echo d; trap - DEBUG' DEBUG; :; :; trap - ERR; false
	err
	err
	end
	d
	=1
x=${ echo hi;}; echo "[$x]"; x=${ echo one; echo two; }; echo "[$x]"; f() { n=${ echo a; k=5; local z=3; return 3; }; echo $? $n $k "${z-unset}"; }; f
	[hi]
	[one
	two]
	3 a 5 unset
y=${|y=" reply var "; REPLY=$y; }; echo "[$y]" "${REPLY-unset}"; echo "a${ for i in a b; do echo -$i-; done; }b" ${ echo "q}"; }x; echo ${ printf 'x\\n\\n'; }. "${| REPLY=$'r\\n\\n'; }".
	[ reply var ] unset
	a-a-
	-b-b q}x
	x. r
	
	.
echo ${ cat <<Z\nhere\nZ\n} end; z=${ false; }; echo $?; echo ${ echo ${ echo nested; }; } $(echo ${ echo in; })
	here end
	1
	nested in
echo ${ a=(1 2 3); echo ${#a[@]}; } ${a[1]}; g() { printf '%s\\n' "${ echo $1; }"; }; g par; eval "$(declare -f g)"; g again
	3 2
	par
	again
for i in 1 2; do echo ${ { echo in; }; } $i; done; cd /; echo ${ cd /tmp; pwd; }; pwd; echo abc | ${ echo cat; }; echo $(( ${ echo 4; } + 1 )); (echo ${ echo sub; })
	in 1
	in 2
	/tmp
	/tmp
	abc
	5
	sub
echo ${ exit 7; }; echo not
	=7
echo ${myfunc;} 2>/dev/null; echo not
	=1
(echo ${ echo a) 2>/dev/null; echo not
	=2
trap 'echo "D:$BASH_COMMAND"' DEBUG; n=0; true | cat; (echo s) | cat; x=$(echo a | cat); echo b | { cat; } | cat; trap 'n=$((n + 1))' DEBUG; true | true | true; : & wait; trap - DEBUG; echo $n
	D:n=0
	D:true
	D:cat
	D:cat
	s
	D:x=$( echo a | cat;)
	D:echo b
	D:cat
	b
	D:trap 'n=$((n + 1))' DEBUG
	6
(trap 'exit 3' DEBUG; true | cat; echo no); echo $?; (trap 'exit 4' DEBUG; true & echo no); echo $?; shopt -s lastpipe; trap 'echo "$BASH_COMMAND"' DEBUG; echo a | read x; trap - DEBUG; echo $x
	3
	4
	echo a
	read x
	trap - DEBUG
	a
f() { trap 'trap - DEBUG; return 3' DEBUG; true | cat & }; f; echo $?; jobs
	3
