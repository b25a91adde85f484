echo 'a b'
	a b
echo "a b"
	a b
echo a\\ b
	a b
echo "a\\"b"
	a"b
echo "\\$x \\`"
	$x `
echo "$(echo "in ner")"
	in ner
echo "`echo \\"q\\"`"
	q
echo 'a'"b"c
	abc
echo ""''x
	x
set -- "" ''; echo $#
	2
echo "a\nb"
	a
	b
echo 'a\nb'
	a
	b
echo \\# \\; \\& \\|
	# ; & |
echo "'"
	'
echo '"'
	"
x="a  b"; echo $x "$x"
	a b a  b
echo "${x-"q r"}"
	q r
echo ~ | grep -c "^/"
	1
echo "~"
	~
echo \\~
	~
HOME=/h; echo ~ ~/x a~ "~" x=~
	/h /h/x a~ ~ x=~
HOME=/h; x=~/a:~/b; echo $x
	/h/a:/h/b
HOME=/h; echo x:~
	x:~
HOME=; echo "<"~">"
	<~>
echo *nomatch*
	*nomatch*
echo "*"
	*
echo /et[c]
	/etc
echo /etc/pass*d
	/etc/passwd
cd /; echo et*c
	etc
echo [
	[
echo []
	[]
echo [a
	[a
x="[e]tc"; cd /; echo $x
	etc
x="*"; echo "$x"
	*
echo \\*
	*
echo $(echo a; echo b)
	a b
echo "$(echo a; echo b)"
	a
	b
echo $(echo)x
	x
x=$(printf "a\\n\\n"); echo "<$x>"
	<a>
echo $(echo $(echo deep))
	deep
echo `echo \\`echo deep\\``
	deep
echo $( (echo sub) )
	sub
echo $(echo ")")
	)
echo "$(echo ')')"
	)
echo $(case a in a) echo c;; esac)
	c
echo $(case a in (a) echo c;; esac)
	c
echo $(cat <<E\nhere\nE\n)
	here
x=$(exit 3); echo $?
	3
echo $(exit 3); echo $?
	
	0
x=a$(echo b)c; echo $x
	abc
$(echo echo) cmd
	cmd
echo $(echo a b | tr " " "\\n")
	a b
echo "$(printf '%s' "a  b")"
	a  b
echo $(</dev/null)x
	x
x=1; echo $(x=2; echo $x) $x
	2 1
x=$(echo "$x" 2>&1); echo $?
	0
echo "a$(echo)b"
	ab
echo ${x:-$(echo a})}
	a}
echo "${x:-}}"
	}
echo "${x:-a b}"c
	a bc
echo x
	x
echo "$"
	$
echo $
	$
echo a$
	a$
echo "a$ b"
	a$ b
echo $ x
	$ x
echo y
	y
