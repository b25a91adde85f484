for (( ; ; )); do echo one; break; done; for (( ;; )) { echo two; break; }; i=0; for ((  ; i < 2 ; i++ )); do echo $i; done
	one
	two
	0
	1
echo $[1+2] "$[3 * 4]" $[b[0]+1]; a=(1 2 3); echo $[a[1]+5]; v=2; echo $[$v*3]
	3 12 1
	7
	6
echo $"foo" $"a $v b"; [[ '|' =~ $"|" ]] && echo dq
	foo a  b
	dq
HOME=/h; a=([2]=~ [4]=~:~:~ ~/x); echo "${a[@]}"
	/h /h:/h:/h /h/x
HOME=/h; echo ~{/src,root}; a=(~{/s,/t}); echo "${a[@]}"; x=~{a,b}; echo "$x"
	/h/src /root
	/h/s /h/t
	~{a,b}
ble/foo() { echo hi; }; ble/foo; declare -F ble/foo; function a#b { echo c; }; a#b; f+x,y() { echo d; }; f+x,y
	hi
	ble/foo
	c
	d
[[ -f -f ]]; echo $?; [[ -f == ]]; echo $?; [[ -n =~ ]]; echo $?
	1
	1
	0
echo $'x\\0z'y; echo a$'\\x00'b; echo $'q\\u0000r\\'s'
	xy
	ab
	q
declare -A h=([k]=v ["a b"]=w ["]x"]=y); key='a b'; unset 'h[$key]'; echo ${#h[@]}; printf -v 'h["k"]' %s new; echo "${h[k]}"; k2=']x'; unset 'h[$k2]'; echo ${#h[@]}
	2
	new
	1
declare -A h=([k]=v); ref='h["k"]'; echo ${!ref}; k=k; ref='h[$k]'; echo ${!ref}; test -v 'h[$k]'; echo $?; test -v 'h[nope]'; echo $?; read 'h[$k]' <<< line; echo "${h[k]}"
	v
	v
	0
	1
	line
declare -A h; (( x = h['n'] = 5, h["n"]++ )); echo ${h[n]} $x
	6 5
a=(x y); b=1; r='a[$b]'; echo ${!r}; r='a[${c:-1}]'; echo ${!r}; r='a[$((3-2))]'; echo ${!r}; unset 'a[$b]'; echo ${#a[@]}
	y
	y
	y
	1
echo "a\\nb" \\\\ 'c\\td'; echo -e "a\\nb"; shopt -s xpg_echo; echo "a\\nb"; echo -E 'x\\ty'; shopt -u xpg_echo; echo 'a\\tb'
	a\nb \ c\td
	a
	b
	a
	b
	x\ty
	a\tb
shopt -s lastpipe; echo hi | read line; echo "line=$line"; i=0; seq 3 | while read n; do (( i++ )); done; echo $i; seq 2 | mapfile m; echo ${#m[@]}; false | true; echo ${PIPESTATUS[@]}; true | false | (exit 3); echo $? ${PIPESTATUS[@]}
	line=hi
	3
	2
	1 0
	3 0 1 3
cd "$(mktemp -d)"; touch one.md one.txt -f .h; mkdir foo; touch foo/two.md foo/two.txt; GLOBIGNORE=*.txt; echo *.* foo/*.*; GLOBIGNORE='*.md:one*'; echo *; GLOBIGNORE=; echo o*; GLOBIGNORE='f*/*.md'; echo foo/*
	.h one.md foo/two.md foo/two.txt
	.h foo
	one.md one.txt
	foo/two.txt
cd "$(mktemp -d)"; shopt -s failglob; touch yes; echo y*; (echo *nope*); echo $?
	yes
	1
cd "$(mktemp -d)"; echo hi there; echo "$_"; : a 'b c'; echo "[$_]"; mkdir -p sub/dir && cd $_ && echo ${PWD##*/}; for _ in 1 2; do :; done; read -r _ x <<< "a b"; echo $x
	hi there
	there
	[b c]
	dir
	b
cd "$(mktemp -d)"; echo hi > f1; echo more > f*; cat f1; cp f1 f2; echo x > f* ; echo $?; echo x > a-{1,2}; echo $?; f='a b'; echo y > $f; echo $?; echo y > "$f"; ls; echo z > $nope; echo $?; exec 3>&1; fd=3; echo three >&$fd
	more
	1
	1
	1
	a b
	f1
	f2
	1
	three
case :$SHELLOPTS: in *:nounset:*) echo on;; *) echo off; esac; set -u; case :$SHELLOPTS: in *:nounset:*) echo on;; esac; shopt -po nounset; shopt -o nounset | cut -f2
	off
	on
	set -o nounset
	on
shift; echo $?; shift 3; echo $?; set -- a b; shift 2; echo $? $#
	1
	1
	0 0
. /nope/nope 2>/dev/null; echo $?; export 1x 2>/dev/null; echo b; unset 1x 2>/dev/null; echo c; set -o nope 2>/dev/null; echo d; command . /nope 2>/dev/null; echo e
	1
	b
	c
	d
	e
type cd while export; alias ll='ls -l'; shopt -s expand_aliases; type ll; command -V if; ls() { :; }; type -f ls | sed 's,/usr/bin,,;s,/bin,,'; type -t ls
	cd is a shell builtin
	while is a shell keyword
	export is a shell builtin
	ll is aliased to `ls -l'
	if is a shell keyword
	ls is /ls
	function
umask 027; umask -p; umask -pS; umask
	umask 0027
	umask -S u=rwx,g=rx,o=
	0027
cd /; pushd /usr >/dev/null; pushd /tmp >/dev/null; dirs +1; dirs -l +2; popd -- >/dev/null; pwd; pushd . . 2>/dev/null; echo $(( $? != 0 )); dirs x 2>/dev/null; echo $(( $? != 0 ))
	/usr
	/
	/usr
	1
	1
PS4='> '; exec 2>&1; set -x; a=(1); a+=(2 x); a[1]=5; [[ -d / ]]; b=4; set +x
	> a=(1)
	> a+=(2 x)
	> a[1]=5
	> [[ -d / ]]
	> b=4
	> set +x
coproc cat; echo hi >&${COPROC[1]}; read -r x <&${COPROC[0]}; echo "got $x"; exec {COPROC[1]}>&-; wait $COPROC_PID; echo $?
	got hi
	0
coproc UP { while read -r l; do echo "${l^^}"; done; }; echo abc >&"${UP[1]}"; read -r -u ${UP[0]} y; echo $y; kill $UP_PID; coproc N (echo sub; exit 3); read -u ${N[0]} z; echo $z; wait $N_PID; echo $?
	ABC
	sub
	3
a=(1 2 3 4); i=0; ((a[i++]++)); echo $i ${a[@]}; ((a[i++]+=10)); echo $i ${a[@]}; ((++a[i++])); echo $i ${a[@]}; ((a[i++]=7)); echo $i ${a[@]}; ((a[-1]++)); echo ${a[@]}
	1 2 2 3 4
	2 2 12 3 4
	3 2 12 4 4
	4 2 12 4 7
	2 12 4 8
declare -A A=(['K']=val); declare -n ref='A["K"]'; echo before $ref; ref='val2'; echo after $ref ${A[K]}; key=K; declare -n r2='A[$key]'; r2=v3; echo ${A[@]}; typeset -n r='a[2]'; a=(zero one two three); echo $r; r+=x; echo ${a[2]}
	before val
	after val2 val2
	v3
	two
	twox
i=1; a=([100+i++]=$((i++)) [200+i++]=$((i++))); echo "${!a[@]} ${a[@]}"; a=([0]=1+2+3 [a[0]]=10 [a[6]]=hello); echo "${!a[@]} ${a[@]}"; b=(1 2); b+=([0]+=9 3 [7]=z w); declare -p b; c=x; c+=([3]=y); declare -p c
	103 204 1 2
	0 6 10 1+2+3 10 hello
	declare -a b=([0]="19" [1]="3" [7]="z" [8]="w")
	declare -a c=([0]="x" [3]="y")
p='\\u@\\h:\\w\\$ 50% \\D{%H}'; unset USER; cd /; x=${p@P}; echo "${x%% *} ${x#* }" | sed 's/@[^:]*:/@H:/; s/[0-9][0-9]$/HH/; s/[#$] /$ /'
	root@H:/$ 50% HH
declare -a a=({1..3}); declare -A A=([k]=v); echo "${a[@]@a}" "${A[@]@a}" "[${u[@]@a}]" "${?@a}"; set -- "${A[@]@k}"; echo $# "$1" "$2"; x=v; echo ${x@K} ${x@k} ${x@A}; echo ${x: } ${a[@]: }
	a a a A [] 
	2 k v
	'v' 'v' x='v'
	v 1 2 3
hello1=1 hello2=2; hello=(); echo ${!hello@}; a=(x y); echo "[${a[-5]}]"; echo "[${a[7]}]"
	hello hello1 hello2
	[]
	[]
set -- "" ""; IFS=; echo "[${*:-minus}]" "[${*:+plus}]"; echo [${*:-minus}]; a=("" ""); echo "[${a[*]:-none}]" "[${a[@]:-none}]"
	[minus] []
	[ ]
	[none] [ ]
f() { return oops; echo no; }; f 2>/dev/null; echo $?
	2
cd "$(mktemp -d)"; echo x 1>&nofile; echo $? *; ls -d /nope /etc >& both; wc -l < both; g() { ls >& out2; }; eval "$(declare -f g)"; g; cat out2
	0 nofile
	2
	both
	nofile
	out2
set +; set - +; echo "$@"; set -- 1; set -u + x; echo "$@"; umask 7777777; echo $?; kill -l 128; echo $?; kill -l 9 BAD 15; echo $?
	+
	x
	1
	1
	KILL
	TERM
	1
export TZ=Asia/Tokyo; printf '%(%H)T\\n' 0; TZ=UTC printf '%(%H)T\\n' 0; printf '%q %q\\n' $'\\xff' $'a\\nb\\xc3\\xa9'; x=$'one\\ntwo'; set | grep ^x=; declare -p x; echo "${x@Q}"; y="'"; set | grep ^y=
	09
	00
	$'\377' $'a\nbé'
	x=$'one\ntwo'
	declare -- x=$'one\ntwo'
	$'one\ntwo'
	y=\'
read -r -a arr extra <<< 'a b c'; echo "${arr[@]}" "[$extra]"; trap 'echo bye' EXIT; trap -p; wait -n 99999; echo $?
	a b c []
	trap -- 'echo bye' EXIT
	127
	bye
history -s one two; history -s three; history | tail -2 | tr '\\t' ' ' | tr -s ' '; history -d 1; history | wc -l; f=$(mktemp); HISTFILE=$f history -w; cat $f; history -c; history -r $f; history | wc -l; echo four >> $f; history -n $f; history | tail -1 | tr '\\t' ' ' | tr -s ' '
	 1 one two
	 2 three
	1
	three
	1
	 2 four
compgen -W "a\\ b 'c d' e:f"; IFS=:; compgen -W 'x:y\\:z'; compgen -A command whil; set -- -a; while getopts ab o; do :; done; set -- -b; getopts ab o; echo "$o" $OPTIND
	a b
	c d
	e:f
	x
	y:z
	while
	? 2
seq 1000 | while read -r x; do s=$x; [ $x = 5 ] && head -c 4; done | tail -1; seq 9 | { read a; read b; (read c; echo sub $c); read d; echo $a $b $d; head -n 1; wc -l; }
	7
	sub 3
	1 2 4
	5
	0
printf 'a b\\\\\nc d\nlast' | { read x y; echo "$x|$y"; read z; echo "$? $z"; }; printf 'abcdef\n' | { read -n 3 x; read -n 2 y; read z; echo $x $y $z; }; printf 'x\\0y\\0' | while read -r -d '' i; do echo $i; done
	a|bc d
	1 last
	abc de f
	x
	y
{ echo one; sleep 0.2; echo two; } | { read -t 0.05 a; echo $a; read -t 0.05 b; echo $(($? > 128)); read -t 2 b; echo $b; }; head -c 100000 /dev/zero | tr '\\0' x | { read x; echo ${#x}; }; seq 5 | { mapfile -n 2 a; mapfile b; echo ${#a[@]} ${#b[@]}; }
	one
	1
	two
	100000
	2 3
cd "$(mktemp -d)"; seq 3 | while read x; do exec 3<&0; read -u3 y; echo "$x $y"; done; while read x; do exec 3>>log; echo "$x" >&3; exec 3>&-; done < <(seq 3); cat log; printf "1\\n2\\n3\\n" | { read x; exec 3>&- 4>&-; while read x; do echo "$x"; done; }
	1 2
	3 
	1
	2
	3
	2
	3
a=foo; a+=([1]=$((a=5))); declare -p a; a=(1 2); a+=([5]=$((a[0]=7))); declare -p a
	declare -a a=([0]="5" [1]="5")
	declare -a a=([0]="7" [1]="2" [5]="7")
cd "$(mktemp -d)"; : abc; x=$_; echo "[$x]"; mkdir q; echo hi >$_/f; cat q/f; true abc; A=$_ env | grep ^A=; : q; z="a$_"; echo $z; : abc; (echo "$_"); : abc; x=(1 $_); echo ${x[1]}; f() { echo in $_; : z; }; : "x y"; f q; echo $_
	[abc]
	hi
	A=abc
	aq
	abc
	abc
	in x y
	q
line="PATH = /evil"; set $line; echo "$#:$1 $3"; echo {x[1],y[2]}; coproc cat; sleep 2 & S=$SECONDS; exec {COPROC[1]}>&-; wait $COPROC_PID; echo done $((SECONDS-S))
	3:PATH /evil
	x[1] y[2]
	done 0
cd "$(mktemp -d)"; HISTFILE=h; printf "l1\\n" >h; history -r; echo other >>h; history -w; printf "aaaaa\\nb\\n" >>h; history -n; history | tr '\\t' ' ' | tr -s ' '; HISTTIMEFORMAT='%Y '; history -c; history -s x; history | cut -c1-9
	 1 l1
	 2 aaaaa
	 3 b
	    1  20
y="%n"; x='$y \\t'; x=${x@P}; echo "${x% *}"; cd "$(mktemp -d)"; mkdir 'a$(echo x)%n'; cd a*; x='\\w'; x=${x@P}; echo "${x##*/}"; k=abc; echo "${k: }"; declare -A h=([x]=1); k="\\${y:='\\$(touch pwn6)'}\\${y@P}"; unset "h[$k]" 2>/dev/null; ls
	%n
	a$(echo x)%n
	abc
a='bad name'; echo ref ${!a}; echo no\necho status=$?
	status=1
a=(1 2 3); a[-9]=x; echo no\necho $? ${a[@]}; ref=; declare -n r='a[0]'; r[0]=foo 2>/dev/null; echo no\necho $? ${a[@]}
	1 1 2 3
	1 1 2 3
f() { echo ${!b}; echo no; }; b='a b'; f; echo no\necho $?; (echo ${!b}; echo no); echo sub $?; x=$(echo ${!b}; echo no); echo "[$x] $?"
	1
	sub 1
	[] 1
set -e; a='bad name'; echo ref ${!a}\necho no
	=1
shopt -s failglob; cd "$(mktemp -d)"; for x in *.ZZ; do echo $x; done; echo no\necho $?; echo a* 2>/dev/null || echo or\necho $?
	1
	1
set -e; cd "$(mktemp -d)"; for x in *.ZZ; do echo $x; done; shopt -s failglob; for x in *.ZZ; do echo $x; done\necho no
	*.ZZ
	=1
export a[7]=8 2>/dev/null; echo $(( $? != 0 )) ${a[@]}
	1
f() { local x; declare -p x; }; x=1; f; local_test() { local y=1; local y; declare -p y; }; local_test
	declare -- x
	declare -- y="1"
declare +a 'q=(2 3)'; declare -p q; declare -a 'w=(2 "3 4" [7]=x)'; declare -p w; declare -A 'h=([a]=b)'; declare -p h; declare -a 'v=2)'; declare -p v; declare -a "e=()"; declare -p e
	declare -- q="(2 3)"
	declare -a w=([0]="2" [1]="3 4" [7]="x")
	declare -A h=([a]="b" )
	declare -a v=([0]="2)")
	declare -a e=()
n=3; declare -a "x=($n \\$n $(echo sub))"; declare -p x; s='a b'; declare -a 'y=($s "$s")'; echo ${#y[@]}; f() { declare -a "z=(1 2)"; echo ${z[1]}; }; f; echo "[${z-}]"
	declare -a x=([0]="3" [1]="3" [2]="sub")
	3
	2
	[]
shopt -s extdebug; shopt -q extdebug; echo $?; g() {\n:; }; declare -F g | cut -d' ' -f1,2; shopt -u extdebug; declare -F g
	0
	g 1
	g
loop='i<=100&&(s+=i,i++,loop)' s=0 i=0; echo $((a=loop,s))
	5050
alias echo=false; f() { shopt -u expand_aliases; eval -- "$1"; shopt -s expand_aliases; }; f 'echo hello'; shopt expand_aliases | tr -s ' \\t' ' '
	hello
	expand_aliases on
shopt -s extglob; complete -W 'foo bar' mycommand; complete -p; complete -F myfunc other; complete; complete -F f 2>/dev/null; echo $?
	complete -W 'foo bar' mycommand
	complete -W 'foo bar' mycommand
	complete -F myfunc other
	2
f() { echo "$@" "${COMP_WORDS[@]}" "$COMP_CWORD" "[$COMP_LINE]" $COMP_POINT >&2; COMPREPLY=(one two); }; compgen -F f foo 2>&1 | grep -v warning
	compgen foo  -1 [] 0
	one
	two
PA_FUNC() { :; }; cd "$(mktemp -d)"; touch PA_FILE; compgen -A function -A variable -A file PA; compgen -A helptopic -S ___ fal; compgen -A enabled ech; compgen -u roo; compgen -g roo; compgen -A hostname localh | head -n 1; compgen -s telne | head -n 1
	PA_FUNC
	PATH
	PA_FILE
	false___
	echo
	root
	root
	localhost
	telnet
cd "$(mktemp -d)"; mkdir d; touch ..x; compgen -f .. | sort; compgen -d d/..; compgen -f ../.. | head -n 1
	..
	..x
	d/..
	../..
our_f() { :; }; alias our_a=x; compgen -A command our_; cd "$(mktemp -d)"; mkdir t1; touch t2; compgen -o default t | sort
	our_a
	our_f
	t1
	t2
help help >/dev/null; echo $?; help -- help >/dev/null; echo $?; read -n -1 2>/dev/null; echo $(( $? != 0 ))
	0
	0
	1
err() { echo "err $? [${PIPESTATUS[@]}]"; }; trap err ERR; false; (exit 3); true; ! true; echo B | grep zzz | cat; set -o pipefail; echo E | grep zzz | cat
	err 1 [1]
	err 3 [3]
	err 1 [0 1 0]
	=1
HOME=foo; [[ foo =~ ~ ]]; echo $?; [[ '~' =~ ~ ]]; echo $?; [[ foox =~ ^~ ]]; echo $?; [[ '~' =~ "~" ]]; echo $?
	0
	1
	1
	0
shopt -u globskipdots; cd "$(mktemp -d)"; touch .env; echo .*; GLOBIGNORE=.:..; echo .*; unset GLOBIGNORE; shopt -s globskipdots; echo .*; shopt -s dotglob; echo *
	. .. .env
	.env
	.env
	.env
shopt -s globstar; cd "$(mktemp -d)"; mkdir -p c/sub; touch {leaf.md,c/leaf.md,c/sub/leaf.md}; echo **/**/*.md; echo **/**; echo **/**/
	c/leaf.md c/sub/leaf.md leaf.md
	c c/leaf.md c/sub c/sub/leaf.md leaf.md
	c/ c/sub/
PS1='[\\x55]'; echo "${PS1@P}"; PS1='\\'; echo "${PS1@P}"; PS1='a\\qb\\"c\\`d'; echo "${PS1@P}"; PS1='foo \\D{} bar'; echo "${PS1@P}" | grep -c 'foo [0-9][0-9]:[0-9][0-9]:[0-9][0-9].* bar'
	[\x55]
	\
	a\qb"c`d
	1
(SHELLOPTS=x) 2>/dev/null; echo $?; [[ -v SHELLOPTS ]]; echo $?; [[ -v BASHOPTS ]]; echo $?; (BASHOPTS=x) 2>/dev/null; echo $?; shopt -s nullglob; case :$BASHOPTS: in *:nullglob:*) echo on;; esac
	1
	0
	0
	1
	on
shopt -s progcomp hostcomplete; echo $?; shopt -u progcomp hostcomplete; echo $?; shopt -q progcomp; echo $?
	0
	0
	1
a=(1 2 3); echo ${a[]} 2>/dev/null; echo no\necho $?; typeset -r k=1; typeset +r k 2>/dev/null; echo $(( $? != 0 ))
	1
	1
cd /usr; pushd /bin >/dev/null; pushd / >/dev/null; cd -1; cd +2; cd -0; cd -7; echo $?; d=$(mktemp -d); cd "$d"; mkdir +1; cd +1; echo ${PWD##*/}; set -o posix; cd -1 2>/dev/null; echo $?
	/bin
	/usr
	/usr
	1
	+1
	2
complete -W 'a b' foo; complete -W x fob; complete -W y bar; cd /; uncomplete fo*; complete; uncomplete *; complete; uncomplete
	complete -W 'y' bar
	=2
mkfifo f9; exec 9<>f9; : & wait; sleep 0.2 & read -t 0.01 -u 9 x; kill -STOP $!; read -t 0.1 -u 9 x; echo $(($? > 128)); kill -CONT $!; sleep 0.1 & read -t 0.3 -u 9 x; echo $(($? > 128)); wait
	1
	1
