setenv EDITOR vi; echo $EDITOR; printenv EDITOR
	vi
	vi
setenv PAGER; printenv PAGER; unsetenv PAGER; printenv PAGER; echo done
	
	done
alias first 'echo \\!^'; eval 'first a b c'
	a
alias last 'echo \\!$'; eval 'last a b c'
	c
set prompt = "x> "; echo ok
	ok
set x = 5; echo $x
	5
set name = "a b"; echo "$name"
	a b
set path = (/usr/bin /bin); echo $PATH
	/usr/bin:/bin
set noclobber; echo hi >! /tmp/tcsh-t.$$; cat /tmp/tcsh-t.$$; rm /tmp/tcsh-t.$$
	hi
@ x = 3 + 4; echo $x
	7
@ x = 10; @ x = $x * 2; echo $x
	20
@ x = 1; @ x++; echo $x
	2
@ x = 5; @ x += 3; echo $x
	8
@ x=7; @ x+=2; @ x= $x - 1; @ x =$x*2; echo $x; @ x ++; @ x --; @ x--; echo $x
	16
	15
a=(1 2); @ a[1] += 3; @ a[0]++; echo ${a[@]}; @ b[1+1] = 4; echo ${!b[@]}
	2 5
	2
@ x == 1 2>/dev/null; echo $?; @ 2>/dev/null; echo $?; @ x 2>/dev/null; echo $?; @ 1 = 2 2>/dev/null; echo $?; @ x++ 3 2>/dev/null; echo $?
	1
	1
	1
	1
	1
repeat 3 echo hi
	hi
	hi
	hi
echo hi >& /tmp/tcsh-u.$$; cat /tmp/tcsh-u.$$; rm /tmp/tcsh-u.$$
	hi
pushd /tmp > /dev/null; pwd; popd > /dev/null
	/tmp
which echo
	echo: shell built-in command.
which cd
	cd: shell built-in command.
echo ~root
	/root
echo {a,b,c}.txt
	a.txt b.txt c.txt
echo file{1,2}
	file1 file2
echo a{b,c{d,e}}f
	abf acdf acef
ls -d /et[c]
	/etc
ls -d /us?
	/usr
false; echo $?
	1
true && echo yes
	yes
false || echo no
	no
echo a; echo b
	a
	b
(cd /tmp; pwd); echo back
	/tmp
	back
echo `echo sub`
	sub
echo "`echo quoted`"
	quoted
echo 'single $x'
	single $x
echo "double $HOME" | wc -w
	2
echo a\\ b
	a b
echo $HOME
	/root
echo $shell | wc -l
	1
echo $$ | wc -l
	1
hash -r; echo ok
	ok
rehash; echo ok
	ok
unalias ll; alias ll; echo none
	none
alias x echo; eval 'x y'
	y
nohup true; echo ok
	ok
echo a b c | tr ' ' '\\n' | sort -r | head -1
	c
test -d /tmp; echo $?
	0
[ -d /tmp ] && echo dir
	dir
expr 3 + 4
	7
source /dev/null; echo sourced
	sourced
exec echo replaced
	replaced
eval echo evaluated
	evaluated
echo ${HOME}x | wc -c
	7
set x; unset x; echo unset
	unset
exit 3
	=3
logout
	=1
echo -n no newline
	no newline\c
printf "%s\\n" formatted
	formatted
history | wc -l
	0
bg; echo $?
	1
onintr -; echo ok
	ok
sched; echo ok
	ok
setenv A b; env | grep '^A='
	A=b
printenv HOME | wc -l
	1
alias ll 'ls -l'; alias ll
	ll='ls -l'
alias gr 'grep \\!*'; echo hello | gr hel
	hello
set a = (one two three); echo $a[2]
	one[2]
set a = (one two three); echo $#a
	0a
@ y = (2 + 3) * 4; echo $y
	=2
ls /nonexistent-dir |& wc -l
	1
cd /usr/bin; echo $cwd
	
where cd
	cd: shell built-in command.
echo $status; false; echo $status
	
	
umask 022; umask
	0022
set a = `echo x y z`; echo $#a
	5a
set s = "hello"; echo ${#s}
	5
set f = /a/b.c; echo $f:t
	/a/b.c:t
set f = /a/b.c; echo $f:h
	/a/b.c:h
set f = /a/b.c; echo $f:r
	/a/b.c:r
set f = /a/b.c; echo $f:e
	/a/b.c:e
if (1 == 1) echo equal
	=2
foreach i (a b); echo $i; end
	=2
switch (a); case a: echo A; endsw
	=2
while (0); end; echo after
	=2
if ( -d /tmp ) echo is
	=2
glob /us?
	=127
stop %1; echo $?
	127
alias gr 'grep \\!*'; alias b=c; alias z 'x y'; alias; alias gr; alias gr 'echo plain'; unalias gr; gr x 2>/dev/null; echo $?
	b='c'
	gr	grep !*
	z='x y'
	gr	grep !*
	127
alias gr 'grep \\!*'; gr() { echo mine; }; alias gr; gr; unalias gr; gr
	mine
	mine
alias aa 'x \\!*'; alias ab=x; alias b=y; cd /; unalias a*; alias; unalias -a; alias; set -o posix; unalias 'b*' 2>/dev/null || echo none
	b='y'
	none
alias q 'echo \\!:2*'; alias r 'echo \\!:1-2, \\!:2-, \\!:2-$, \\!:-2, \\!:0, \\!:$, \\!^-2, \\!$'; eval 'q a b c; r a b c d; r a'
	b c
	a b, b c, b c d, r a b, r, d, a b, d
	a, , , r a, r, a, a, a
alias cd 'cd \\!*; echo now'; cd /; pwd; alias seq 'seq \\!* | tail -1'; seq 3; alias a 'b \\!*'; alias b 'a \\!*'; a x 2>/dev/null; echo $?; f() { seq 2; }; f; unalias seq; f
	now
	/
	3
	127
	2
	1
	2
@ x = 3; echo $x; a=(1 2 3); b=(0 1); @ a[b[1]] = 9; echo ${a[@]}; @ x '<<=' 2; echo $x; @ x '<=' 3 2>/dev/null; echo $?
	3
	1 9 3
	12
	1
