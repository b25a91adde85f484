true; echo $?
	0
false; echo $?
	1
! true; echo $?
	1
! false; echo $?
	0
true && echo a || echo b
	a
false && echo a || echo b
	b
false || false; echo $?
	1
true | false; echo $?
	1
false | true; echo $?
	0
! false | true; echo $?
	1
{ echo a; echo b; }
	a
	b
(echo a; exit 3); echo $?
	a
	3
{ false; }; echo $?
	1
if true; then echo a; fi
	a
if false; then echo a; fi; echo $?
	0
if false; then :; elif true; then echo e; else echo f; fi
	e
if false; then :; elif false; then :; else echo f; fi
	f
for i in; do echo x; done; echo $?
	0
for i in a b; do echo $i; done
	a
	b
for i in a b c; do [ $i = b ] && continue; echo $i; done
	a
	c
for i in a b c; do [ $i = b ] && break; echo $i; done
	a
for i in 1 2; do for j in a b; do [ $j = b ] && continue 2; echo $i$j; done; done
	1a
	2a
for i in 1 2; do for j in a b; do break 2; done; done; echo $i$j
	1a
i=0; while [ $i -lt 3 ]; do i=$((i+1)); echo $i; done
	1
	2
	3
i=0; until [ $i -ge 3 ]; do i=$((i+1)); echo $i; done
	1
	2
	3
while false; do :; done; echo $?
	0
while :; do (exit 4); break; done; echo $?
	0
case a in a) echo 1;; a) echo 2;; esac
	1
case a in (a) echo p;; esac
	p
case a in b|a) echo or;; esac
	or
case "a b" in "a b") echo s;; esac
	s
case x in esac; echo $?
	0
case x in y) ;; esac; echo $?
	0
case x in x) ;; esac; echo $?
	0
case x in x) false;; esac; echo $?
	1
f() { echo f; }; f
	f
f() { return 3; }; f; echo $?
	3
f() { false; return; }; f; echo $?
	1
f() (x=2; echo $x); x=1; f; echo $x
	2
	1
f() { x=2; }; x=1; f; echo $x
	2
f() { echo $1; shift; echo $1; }; f a b; echo $#
	a
	b
	0
f() { f() { echo inner; }; }; f; f
	inner
f() { echo "$@"; }; f "a b" c
	a b c
unset -f nof; echo $?
	0
f() { :; }; unset -f f; f 2>/dev/null; echo $?
	127
x=1 true; echo ${x-unset}
	unset
x=1; x=2 true; echo $x
	1
x=1 :; echo $x
	1
x=1 eval "echo \\$x"; echo ${x-unset}
	1
	1
x=a; x=b sh -c "echo \\$x"; echo $x
	b
	a
x=1 y=$x; echo "$y"
	1
x=5 y=$((x+1)); echo $y
	6
echo a >/dev/null; echo $?
	0
echo a; exit 3; echo b
	a
	=3
exit 300; echo
	=44
sh -c "exit 300"; echo $?
	44
eval "echo a; echo b"
	a
	b
eval; echo $?
	0
eval false; echo $?
	1
eval "exit 4"
	=4
x="echo hi"; $x
	hi
x="echo hi; echo ho"; $x
	hi; echo ho
"echo" a
	a
e\\cho a
	a
ec""ho a
	a
\\\necho joined
	joined
echo a\\\nb
	ab
a=echo; $a $a
	echo
set -- x y; eval "echo \\$$#"
	y
: ${x:=1}; echo $x
	1
command -v :
	:
command -v if
	if
command echo c
	c
command false; echo $?
	1
nosuchcmd_ 2>/dev/null; echo $?
	127
/etc 2>/dev/null; echo $?
	126
./nosuch 2>/dev/null; echo $?
	127
cd /; pwd
	/
cd /usr/lib; cd ..; pwd
	/usr
cd /usr && cd lib && cd - >/dev/null && pwd
	/usr
(cd /tmp; pwd); cd /; pwd
	/tmp
	/
CDPATH=/usr; cd lib; pwd
	/usr/lib
	/usr/lib
cd -P /proc/self/cwd && pwd -P | grep -c .
	1
OLDPWD=/usr; cd -
	/usr
umask 022; umask
	0022
umask 077; umask -S
	u=rwx,g=,o=
umask u=rwx,g=rx,o=; umask
	0027
umask 022; umask g-r; umask
	0062
umask 22; umask -S
	u=rwx,g=rx,o=rx
true;true;echo x
	x
echo a;echo b
	a
	b
echo a&wait
	a
echo a # b
	a
echo a#b
	a#b
echo '#' a
	# a
#c\necho n
	n
{ echo a; } | cat
	a
(echo a) | cat
	a
if echo c; then echo d; fi | cat
	c
	d
for i in a b; do echo $i; done | cat
	a
	b
echo x | while read a; do echo "<$a>"; done
	<x>
echo a | (read b; echo $b)
	a
f() { cat; }; echo q | f
	q
times >/dev/null; echo $?
	0
wait; echo $?
	0
wait 99999 2>/dev/null; echo $?
	127
(exit 5) & wait $!; echo $?
	5
sleep 0 & sleep 0 & wait; echo $?
	0
trap "echo bye" EXIT; echo hi
	hi
	bye
trap "echo bye" EXIT; exit 3
	bye
	=3
(trap "echo sub" EXIT); echo main
	sub
	main
trap "echo usr" USR1; kill -USR1 $$; echo after
	usr
	after
trap "" USR1; kill -USR1 $$; echo alive
	alive
trap "echo x" USR1; trap - USR1; trap
trap "echo x" EXIT; trap - EXIT; echo y
	y
trap "exit 9" USR1; kill -USR1 $$; echo no
	=9
trap "echo t; false" USR1; kill -USR1 $$; echo $?
	t
	0
sh -c "kill -TERM \\$\\$"; echo $?
	143
kill -l 9
	KILL
kill -l 15
	TERM
kill -0 $$; echo $?
	0
getopts ab: o -a; echo $o $OPTIND
	a 2
getopts ab: o -b val; echo $o $OPTARG $OPTIND
	b val 3
set -- -a -b x y; while getopts ab: o; do echo $o ${OPTARG-}; done; shift $((OPTIND-1)); echo $*
	a
	b x
	y
getopts a o -x 2>/dev/null; echo "$o" $?
	? 0
getopts :a o -x; echo "$o" $OPTARG
	? x
getopts :a: o -a; echo "$o" $OPTARG
	: a
getopts a o; echo $? $o
	1 ?
set -- -ab; getopts ab o; getopts ab o; echo $o $OPTIND
	b 2
alias x=y; alias x
	x='y'
alias a=b; unalias a; alias a 2>/dev/null; echo $?
	1
readonly x=1; readonly | grep -c "x=" >/dev/null; echo $?
	0
export x=1; sh -c "echo \\$x"
	1
x=1; export x; x=2; sh -c "echo \\$x"
	2
export -p | grep -c . >/dev/null; echo $?
	0
unset x; export x; sh -c "echo \\${x-unset}"
	unset
x=1; unset x; echo ${x-unset}
	unset
unset nox; echo $?
	0
set -- a b; set --; echo $#
	0
set -- -a; echo $1
	-a
set a b c; echo $2
	b
set -e; false; echo no
	=1
set -e; false || true; echo yes
	yes
set -e; if false; then :; fi; echo yes
	yes
set -e; ! true; echo yes
	yes
set -e; (false); echo no
	=1
set -e; false && true; echo yes
	yes
set -e; true && false; echo no
	=1
set -e; f() { false; echo in; }; f; echo no
	=1
set -e; f() { false; echo in; }; f || echo or
	in
set -e; x=$(false); echo no
	=1
set -e; { false; echo in; } || :; echo yes
	in
	yes
set -e; while false; do :; done; echo yes
	yes
set -e; false | true; echo yes
	yes
set -e; eval false; echo no
	=1
set -u; echo ${nox-d}; echo yes
	d
	yes
set -u; set --; echo "$@" $*; echo yes
	
	yes
set -f; echo /et*
	/et*
set -n; echo no
set -x 2>/dev/null; echo y
	y
set -a; x=1; set +a; sh -c "echo \\$x"
	1
set -o noglob; echo *
	*
set +o | grep -c . >/dev/null; echo $?
	0
break; echo b
	b
continue; echo c
	c
hash >/dev/null; echo $?
	0
hash nosuch_ 2>/dev/null; echo $?
	1
type echo >/dev/null; echo $?
	0
ulimit -f >/dev/null; echo $?
	0
command . /nonexistent 2>/dev/null; echo yes
	yes
exec 2>/dev/null; nosuch_; echo $?
	127
exec echo replaced; echo no
	replaced
exec nosuch_; echo no
	=127
(exec nosuch_) 2>/dev/null; echo $?
	127
exec 3>&1; echo three >&3
	three
