unset x; set -f; set -- ${x-d}; echo $# "$@"
	1 d
unset x; set -f; set -- "${x-d}"; echo $# "$@"
	1 d
unset x; set -f; set -- ${x:-d}; echo $# "$@"
	1 d
unset x; set -f; set -- "${x:-d}"; echo $# "$@"
	1 d
unset x; set -f; set -- ${x+d}; echo $# "$@"
	0
unset x; set -f; set -- "${x+d}"; echo $# "$@"
	1 
unset x; set -f; set -- ${x:+d}; echo $# "$@"
	0
unset x; set -f; set -- "${x:+d}"; echo $# "$@"
	1 
unset x; set -f; set -- ${x-}; echo $# "$@"
	0
unset x; set -f; set -- "${x-}"; echo $# "$@"
	1 
unset x; set -f; set -- ${x:-"d e"}; echo $# "$@"
	1 d e
unset x; set -f; set -- "${x:-"d e"}"; echo $# "$@"
	1 d e
unset x; set -f; set -- ${x#*/}; echo $# "$@"
	0
unset x; set -f; set -- "${x#*/}"; echo $# "$@"
	1 
unset x; set -f; set -- ${x##*/}; echo $# "$@"
	0
unset x; set -f; set -- "${x##*/}"; echo $# "$@"
	1 
unset x; set -f; set -- ${x%.*}; echo $# "$@"
	0
unset x; set -f; set -- "${x%.*}"; echo $# "$@"
	1 
unset x; set -f; set -- ${x%%.*}; echo $# "$@"
	0
unset x; set -f; set -- "${x%%.*}"; echo $# "$@"
	1 
unset x; set -f; set -- ${x#a}; echo $# "$@"
	0
unset x; set -f; set -- "${x#a}"; echo $# "$@"
	1 
unset x; set -f; set -- ${x%b}; echo $# "$@"
	0
unset x; set -f; set -- "${x%b}"; echo $# "$@"
	1 
unset x; set -f; set -- ${#x}; echo $# "$@"
	1 0
unset x; set -f; set -- "${#x}"; echo $# "$@"
	1 0
unset x; set -f; set -- ${x:-$(echo s)}; echo $# "$@"
	1 s
unset x; set -f; set -- "${x:-$(echo s)}"; echo $# "$@"
	1 s
unset x; set -f; set -- ${x:-${y-z}}; echo $# "$@"
	1 z
unset x; set -f; set -- "${x:-${y-z}}"; echo $# "$@"
	1 z
unset x; set -f; set -- ${x#"*"}; echo $# "$@"
	0
unset x; set -f; set -- "${x#"*"}"; echo $# "$@"
	1 
unset x; set -f; set -- ${x%/*}; echo $# "$@"
	0
unset x; set -f; set -- "${x%/*}"; echo $# "$@"
	1 
unset x; set -f; set -- ${x##*[ac]}; echo $# "$@"
	0
unset x; set -f; set -- "${x##*[ac]}"; echo $# "$@"
	1 
x=; set -f; set -- ${x-d}; echo $# "$@"
	0
x=; set -f; set -- "${x-d}"; echo $# "$@"
	1 
x=; set -f; set -- ${x:-d}; echo $# "$@"
	1 d
x=; set -f; set -- "${x:-d}"; echo $# "$@"
	1 d
x=; set -f; set -- ${x+d}; echo $# "$@"
	1 d
x=; set -f; set -- "${x+d}"; echo $# "$@"
	1 d
x=; set -f; set -- ${x:+d}; echo $# "$@"
	0
x=; set -f; set -- "${x:+d}"; echo $# "$@"
	1 
x=; set -f; set -- ${x-}; echo $# "$@"
	0
x=; set -f; set -- "${x-}"; echo $# "$@"
	1 
x=; set -f; set -- ${x:-"d e"}; echo $# "$@"
	1 d e
x=; set -f; set -- "${x:-"d e"}"; echo $# "$@"
	1 d e
x=; set -f; set -- ${x#*/}; echo $# "$@"
	0
x=; set -f; set -- "${x#*/}"; echo $# "$@"
	1 
x=; set -f; set -- ${x##*/}; echo $# "$@"
	0
x=; set -f; set -- "${x##*/}"; echo $# "$@"
	1 
x=; set -f; set -- ${x%.*}; echo $# "$@"
	0
x=; set -f; set -- "${x%.*}"; echo $# "$@"
	1 
x=; set -f; set -- ${x%%.*}; echo $# "$@"
	0
x=; set -f; set -- "${x%%.*}"; echo $# "$@"
	1 
x=; set -f; set -- ${x#a}; echo $# "$@"
	0
x=; set -f; set -- "${x#a}"; echo $# "$@"
	1 
x=; set -f; set -- ${x%b}; echo $# "$@"
	0
x=; set -f; set -- "${x%b}"; echo $# "$@"
	1 
x=; set -f; set -- ${#x}; echo $# "$@"
	1 0
x=; set -f; set -- "${#x}"; echo $# "$@"
	1 0
x=; set -f; set -- ${x:-$(echo s)}; echo $# "$@"
	1 s
x=; set -f; set -- "${x:-$(echo s)}"; echo $# "$@"
	1 s
x=; set -f; set -- ${x:-${y-z}}; echo $# "$@"
	1 z
x=; set -f; set -- "${x:-${y-z}}"; echo $# "$@"
	1 z
x=; set -f; set -- ${x#"*"}; echo $# "$@"
	0
x=; set -f; set -- "${x#"*"}"; echo $# "$@"
	1 
x=; set -f; set -- ${x%/*}; echo $# "$@"
	0
x=; set -f; set -- "${x%/*}"; echo $# "$@"
	1 
x=; set -f; set -- ${x##*[ac]}; echo $# "$@"
	0
x=; set -f; set -- "${x##*[ac]}"; echo $# "$@"
	1 
x='a b'; set -f; set -- ${x-d}; echo $# "$@"
	2 a b
x='a b'; set -f; set -- "${x-d}"; echo $# "$@"
	1 a b
x='a b'; set -f; set -- ${x:-d}; echo $# "$@"
	2 a b
x='a b'; set -f; set -- "${x:-d}"; echo $# "$@"
	1 a b
x='a b'; set -f; set -- ${x+d}; echo $# "$@"
	1 d
x='a b'; set -f; set -- "${x+d}"; echo $# "$@"
	1 d
x='a b'; set -f; set -- ${x:+d}; echo $# "$@"
	1 d
x='a b'; set -f; set -- "${x:+d}"; echo $# "$@"
	1 d
x='a b'; set -f; set -- ${x-}; echo $# "$@"
	2 a b
x='a b'; set -f; set -- "${x-}"; echo $# "$@"
	1 a b
x='a b'; set -f; set -- ${x:-"d e"}; echo $# "$@"
	2 a b
x='a b'; set -f; set -- "${x:-"d e"}"; echo $# "$@"
	1 a b
x='a b'; set -f; set -- ${x#*/}; echo $# "$@"
	2 a b
x='a b'; set -f; set -- "${x#*/}"; echo $# "$@"
	1 a b
x='a b'; set -f; set -- ${x##*/}; echo $# "$@"
	2 a b
x='a b'; set -f; set -- "${x##*/}"; echo $# "$@"
	1 a b
x='a b'; set -f; set -- ${x%.*}; echo $# "$@"
	2 a b
x='a b'; set -f; set -- "${x%.*}"; echo $# "$@"
	1 a b
x='a b'; set -f; set -- ${x%%.*}; echo $# "$@"
	2 a b
x='a b'; set -f; set -- "${x%%.*}"; echo $# "$@"
	1 a b
x='a b'; set -f; set -- ${x#a}; echo $# "$@"
	1 b
x='a b'; set -f; set -- "${x#a}"; echo $# "$@"
	1  b
x='a b'; set -f; set -- ${x%b}; echo $# "$@"
	1 a
x='a b'; set -f; set -- "${x%b}"; echo $# "$@"
	1 a 
x='a b'; set -f; set -- ${#x}; echo $# "$@"
	1 3
x='a b'; set -f; set -- "${#x}"; echo $# "$@"
	1 3
x='a b'; set -f; set -- ${x:-$(echo s)}; echo $# "$@"
	2 a b
x='a b'; set -f; set -- "${x:-$(echo s)}"; echo $# "$@"
	1 a b
x='a b'; set -f; set -- ${x:-${y-z}}; echo $# "$@"
	2 a b
x='a b'; set -f; set -- "${x:-${y-z}}"; echo $# "$@"
	1 a b
x='a b'; set -f; set -- ${x#"*"}; echo $# "$@"
	2 a b
x='a b'; set -f; set -- "${x#"*"}"; echo $# "$@"
	1 a b
x='a b'; set -f; set -- ${x%/*}; echo $# "$@"
	2 a b
x='a b'; set -f; set -- "${x%/*}"; echo $# "$@"
	1 a b
x='a b'; set -f; set -- ${x##*[ac]}; echo $# "$@"
	1 b
x='a b'; set -f; set -- "${x##*[ac]}"; echo $# "$@"
	1  b
x=/usr/lib/a.tar.gz; set -f; set -- ${x-d}; echo $# "$@"
	1 /usr/lib/a.tar.gz
x=/usr/lib/a.tar.gz; set -f; set -- "${x-d}"; echo $# "$@"
	1 /usr/lib/a.tar.gz
x=/usr/lib/a.tar.gz; set -f; set -- ${x:-d}; echo $# "$@"
	1 /usr/lib/a.tar.gz
x=/usr/lib/a.tar.gz; set -f; set -- "${x:-d}"; echo $# "$@"
	1 /usr/lib/a.tar.gz
x=/usr/lib/a.tar.gz; set -f; set -- ${x+d}; echo $# "$@"
	1 d
x=/usr/lib/a.tar.gz; set -f; set -- "${x+d}"; echo $# "$@"
	1 d
x=/usr/lib/a.tar.gz; set -f; set -- ${x:+d}; echo $# "$@"
	1 d
x=/usr/lib/a.tar.gz; set -f; set -- "${x:+d}"; echo $# "$@"
	1 d
x=/usr/lib/a.tar.gz; set -f; set -- ${x-}; echo $# "$@"
	1 /usr/lib/a.tar.gz
x=/usr/lib/a.tar.gz; set -f; set -- "${x-}"; echo $# "$@"
	1 /usr/lib/a.tar.gz
x=/usr/lib/a.tar.gz; set -f; set -- ${x:-"d e"}; echo $# "$@"
	1 /usr/lib/a.tar.gz
x=/usr/lib/a.tar.gz; set -f; set -- "${x:-"d e"}"; echo $# "$@"
	1 /usr/lib/a.tar.gz
x=/usr/lib/a.tar.gz; set -f; set -- ${x#*/}; echo $# "$@"
	1 usr/lib/a.tar.gz
x=/usr/lib/a.tar.gz; set -f; set -- "${x#*/}"; echo $# "$@"
	1 usr/lib/a.tar.gz
x=/usr/lib/a.tar.gz; set -f; set -- ${x##*/}; echo $# "$@"
	1 a.tar.gz
x=/usr/lib/a.tar.gz; set -f; set -- "${x##*/}"; echo $# "$@"
	1 a.tar.gz
x=/usr/lib/a.tar.gz; set -f; set -- ${x%.*}; echo $# "$@"
	1 /usr/lib/a.tar
x=/usr/lib/a.tar.gz; set -f; set -- "${x%.*}"; echo $# "$@"
	1 /usr/lib/a.tar
x=/usr/lib/a.tar.gz; set -f; set -- ${x%%.*}; echo $# "$@"
	1 /usr/lib/a
x=/usr/lib/a.tar.gz; set -f; set -- "${x%%.*}"; echo $# "$@"
	1 /usr/lib/a
x=/usr/lib/a.tar.gz; set -f; set -- ${x#a}; echo $# "$@"
	1 /usr/lib/a.tar.gz
x=/usr/lib/a.tar.gz; set -f; set -- "${x#a}"; echo $# "$@"
	1 /usr/lib/a.tar.gz
x=/usr/lib/a.tar.gz; set -f; set -- ${x%b}; echo $# "$@"
	1 /usr/lib/a.tar.gz
x=/usr/lib/a.tar.gz; set -f; set -- "${x%b}"; echo $# "$@"
	1 /usr/lib/a.tar.gz
x=/usr/lib/a.tar.gz; set -f; set -- ${#x}; echo $# "$@"
	1 17
x=/usr/lib/a.tar.gz; set -f; set -- "${#x}"; echo $# "$@"
	1 17
x=/usr/lib/a.tar.gz; set -f; set -- ${x:-$(echo s)}; echo $# "$@"
	1 /usr/lib/a.tar.gz
x=/usr/lib/a.tar.gz; set -f; set -- "${x:-$(echo s)}"; echo $# "$@"
	1 /usr/lib/a.tar.gz
x=/usr/lib/a.tar.gz; set -f; set -- ${x:-${y-z}}; echo $# "$@"
	1 /usr/lib/a.tar.gz
x=/usr/lib/a.tar.gz; set -f; set -- "${x:-${y-z}}"; echo $# "$@"
	1 /usr/lib/a.tar.gz
x=/usr/lib/a.tar.gz; set -f; set -- ${x#"*"}; echo $# "$@"
	1 /usr/lib/a.tar.gz
x=/usr/lib/a.tar.gz; set -f; set -- "${x#"*"}"; echo $# "$@"
	1 /usr/lib/a.tar.gz
x=/usr/lib/a.tar.gz; set -f; set -- ${x%/*}; echo $# "$@"
	1 /usr/lib
x=/usr/lib/a.tar.gz; set -f; set -- "${x%/*}"; echo $# "$@"
	1 /usr/lib
x=/usr/lib/a.tar.gz; set -f; set -- ${x##*[ac]}; echo $# "$@"
	1 r.gz
x=/usr/lib/a.tar.gz; set -f; set -- "${x##*[ac]}"; echo $# "$@"
	1 r.gz
x='*'; set -f; set -- ${x-d}; echo $# "$@"
	1 *
x='*'; set -f; set -- "${x-d}"; echo $# "$@"
	1 *
x='*'; set -f; set -- ${x:-d}; echo $# "$@"
	1 *
x='*'; set -f; set -- "${x:-d}"; echo $# "$@"
	1 *
x='*'; set -f; set -- ${x+d}; echo $# "$@"
	1 d
x='*'; set -f; set -- "${x+d}"; echo $# "$@"
	1 d
x='*'; set -f; set -- ${x:+d}; echo $# "$@"
	1 d
x='*'; set -f; set -- "${x:+d}"; echo $# "$@"
	1 d
x='*'; set -f; set -- ${x-}; echo $# "$@"
	1 *
x='*'; set -f; set -- "${x-}"; echo $# "$@"
	1 *
x='*'; set -f; set -- ${x:-"d e"}; echo $# "$@"
	1 *
x='*'; set -f; set -- "${x:-"d e"}"; echo $# "$@"
	1 *
x='*'; set -f; set -- ${x#*/}; echo $# "$@"
	1 *
x='*'; set -f; set -- "${x#*/}"; echo $# "$@"
	1 *
x='*'; set -f; set -- ${x##*/}; echo $# "$@"
	1 *
x='*'; set -f; set -- "${x##*/}"; echo $# "$@"
	1 *
x='*'; set -f; set -- ${x%.*}; echo $# "$@"
	1 *
x='*'; set -f; set -- "${x%.*}"; echo $# "$@"
	1 *
x='*'; set -f; set -- ${x%%.*}; echo $# "$@"
	1 *
x='*'; set -f; set -- "${x%%.*}"; echo $# "$@"
	1 *
x='*'; set -f; set -- ${x#a}; echo $# "$@"
	1 *
x='*'; set -f; set -- "${x#a}"; echo $# "$@"
	1 *
x='*'; set -f; set -- ${x%b}; echo $# "$@"
	1 *
x='*'; set -f; set -- "${x%b}"; echo $# "$@"
	1 *
x='*'; set -f; set -- ${#x}; echo $# "$@"
	1 1
x='*'; set -f; set -- "${#x}"; echo $# "$@"
	1 1
x='*'; set -f; set -- ${x:-$(echo s)}; echo $# "$@"
	1 *
x='*'; set -f; set -- "${x:-$(echo s)}"; echo $# "$@"
	1 *
x='*'; set -f; set -- ${x:-${y-z}}; echo $# "$@"
	1 *
x='*'; set -f; set -- "${x:-${y-z}}"; echo $# "$@"
	1 *
x='*'; set -f; set -- ${x#"*"}; echo $# "$@"
	0
x='*'; set -f; set -- "${x#"*"}"; echo $# "$@"
	1 
x='*'; set -f; set -- ${x%/*}; echo $# "$@"
	1 *
x='*'; set -f; set -- "${x%/*}"; echo $# "$@"
	1 *
x='*'; set -f; set -- ${x##*[ac]}; echo $# "$@"
	1 *
x='*'; set -f; set -- "${x##*[ac]}"; echo $# "$@"
	1 *
x=1; y=2; echo $x$y${x}y
	121y
set -- a "b c" d; echo "$*"; echo "$@"; echo $#
	a b c d
	a b c d
	3
set -- a b c; IFS=-; echo "$*"
	a-b-c
set -- a b; IFS=; echo "$*"
	ab
set -- "a b" c; for i in "$@"; do echo "<$i>"; done
	<a b>
	<c>
set -- "a b" c; for i in $@; do echo "<$i>"; done
	<a>
	<b>
	<c>
set -- ""; echo $# "$#"; set -- "$@"; echo $#
	1 1
	1
set --; set -- "$@"; echo $#
	0
set -- 1 2 3 4 5 6 7 8 9 10 11; echo $10 ${10} ${11}
	10 10 11
set -- a b c; shift; echo $1 $#; shift 2; echo $#
	b 2
	0
unset x; echo ${x=5} $x
	5 5
unset x; echo ${x:=7}; echo $x
	7
	7
x=; echo ${x:=7}
	7
x=; echo "${x=7}"
	
x=5; echo ${x?msg}
	5
x=abc; echo "${x#"a"}" "${x%"c"}"
	bc ab
x="a}b"; echo "${x%"}"b}"
	a
x='a\\b'; echo "${x#a\\\\}"
	b
echo $$ | grep -c "^[0-9]*$"
	1
false; echo $?; echo $?
	1
	0
(exit 7); echo $?
	7
true & wait $!; echo $?
	0
f() { echo $# $1; }; f "a b" c
	2 a b
x=abc; echo ${#x}${#}
	30
set -- a b c; echo ${#}
	3
x=äb; echo ${x#ä}
	b
readonly r=1; (r=2; echo no) 2>/dev/null; echo $r
	1
