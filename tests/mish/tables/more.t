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
