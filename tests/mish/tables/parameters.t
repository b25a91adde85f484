x=hello; echo "${x/l/L}" "${x//l/L}" "${x/#h/H}" "${x/%o/O}" "${x//}" "${x/l}" "${x//[el]/-}"
	heLlo heLLo Hello hellO hello helo h---o
x=hello; echo "${x/#/pre}" "${x/%/post}" "${x/#x/y}" "${x/*l/_}" "${x//?/.}"
	prehello hellopost hello _o .....
x=a.b.c; echo "${x//./}" "${x//./_}" "${x/./\/}" "${x//\./-}"
	abc a_b_c a/b.c a-b-c
p="a b/c.d/e"; echo "${p//\//_}" "${p//\/}" "${p// /}" "${p//" "/+}"
	a b_c.d_e a bc.de ab/c.d/e a+b/c.d/e
x=hello; n=x; echo "${x//l/$n}" "${x/"l"/"z"}" ${x/"l"/'q'} "${x/l/}}"
	hexxo hezlo heqlo helo}
x='a*b*c'; echo "${x//\*/-}" "${x//'*'/+}" "${x/*/all}"; y='*'; echo "${x//"$y"/=}" "${x//$y/=}"
	a-b-c a+b+c all
	a=b=c =
set -- foo bar baz; echo "${@/o/0}" "${*//a/4}" ${#@}; echo "${@/#/-}" "${*/%/;}"
	f0o bar baz foo b4r b4z 3
	-foo -bar -baz foo; bar; baz;
x=hello; echo "${x^}" "${x^^}" "${x^^[el]}" "${x^[x]}"; X=HELLO; echo "${X,}" "${X,,}" "${X,,L}"
	Hello HELLO hELLo hello
	hELLO hello HEllO
x="über"; echo "${x^^}" "${x^}" "${#x}"; set -- ab cd; echo "${@^}" "${*^^}"
	ÜBER Über 4
	Ab Cd AB CD
x=hello; echo "${x:1}" "${x:1:2}" "${x: -2}" "${x:1:-1}" "${x:0:1}" "${x:5}|" "${x:9}|"
	ello el lo ell h | |
x=hello; i=1; echo "${x:i}" "${x:i+1:i}" "${x:$i:2}" "${x:(-3)}" "${x:$((i*2))}"
	ello l el llo llo
x=añb; echo "${x:1:1}" "${x:1}" "${x: -1}"
	ñ ñb b
set -- one two three; echo "${@:2}" "${@:1:2}" "${*:2:1}" "${@: -1}" "${@:4}|"
	two three one two two three |
set -- a b c; for i in "${@:2}"; do echo "<$i>"; done; set --; echo "${@:1}|"
	<b>
	<c>
	|
x=hello; (echo "${x:2:-4}"; echo no) 2>/dev/null; echo "then $?"
	then 1
x=hello n=x; echo "${!n}" "${!n/l/1}" "${!n:-d}" "${!n:1:2}"; n=u; echo "${!n-unset}" "${!n:+set}|"
	hello he1lo hello el
	unset |
n=1; set -- first; echo "${!n}"; n='#'; echo "${!n}"; n=@; set -- a b; echo "${!n}"
	first
	1
	a b
ab1=1 ab2=2 abc=; echo ${!ab*}; for i in "${!ab@}"; do echo "<$i>"; done; echo "${!nosuchvar*}|"
	ab1 ab2 abc
	<ab1>
	<ab2>
	<abc>
	|
y="it's"; echo "${y@Q}"; y='a b'; echo ${y@Q}; echo "${y@U}" "${y@u}"; Y=ABC; echo "${Y@L}"; echo "${unset@Q}|"
	'it'\''s'
	'a b'
	A B A b
	abc
	|
f() { if false; then echo ${x!y} "${a@}" ${#x-y} ${} ${x[}; fi; echo ok; }; f
	ok
false && echo ${x[1]} ${x[@]:2}; if false; then y=${z(x)}; w="${z.y}"; fi; echo went on
	went on
(echo ${x!y}; echo no) 2>/dev/null || echo failed
	failed
echo "${u:-d}" "${u-d}" "${u:+x}|" "${u:=v}" "$u" "${#u}" "${u%v}|" "${u#x}"
	d d | v v 1 | v
x=/usr/local/lib; echo "${x##*/}" "${x%/*}" "${x%%/l*}" "${x#*/}" "${x:5:5}" "${x/local/share}"
	lib /usr/local /usr usr/local/lib local /usr/share/lib
x=abc; echo "${x/b/"x y"}" "${x/b/\"}" "${x/b/'}"; echo "${x/b/\\}" "${x/b/$(echo q)}" "${x/${x:1:1}/B}"
	=2
x='a  b'; echo ${x/a/c d}; echo "${x/a/c  d}"; set -- ${x//b/1 2}; echo $#
	c d b
	c  d  b
	3
x=aaa; echo ${x/a/b}${x//a/b}${x/#a/b}${x/%a/b}; x=; echo "${x/a/b}|${x//?/b}|${x:0:1}|${x^}|"
	baabbbbaaaab
	||||
x=file.tar.gz; echo ${x%.*} ${x%%.*} ${x#*.} ${x##*.} ${x/.tar/} ${x:0:4}
	file.tar file tar.gz gz file.gz file
set -- "a b" c; printf '<%s>' "${@/b/B}" ${@/b/B}; echo; printf '<%s>' "${*:1}"; echo
	<a B><c><a><B><c>
	<a b c>
x=hello; cat <<E\n${x^^} ${x/l/L} ${x:1:2}\nE
	HELLO heLlo el
