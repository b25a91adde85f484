echo a{b,c}d {a,b}{1,2} {a,b{c,d},e} x{,y}z {a} {} {a,b {,} a{b}c "{a,b}" '{a,b}' \{a,b} {a\,b} {a,"b c"}
	abd acd a1 a2 b1 b2 a bc bd e xz xyz {a} {} {a,b a{b}c {a,b} {a,b} {a,b} {a,b} a b c
echo {1..5} {5..1} {1..10..3} {10..1..4} {-2..2} {01..03} {1..010..4} {a..e} {e..a} {a..i..3} {Z..X} {1..1} {1..a} {1..} {..2} {1...3}
	1 2 3 4 5 5 4 3 2 1 1 4 7 10 10 6 2 -2 -1 0 1 2 01 02 03 001 005 009 a b c d e e d c b a a d g Z Y X 1 {1..a} {1..} {..2} {1...3}
echo f{,.bak} /usr/{bin,lib} {/a,/b}/{c,d} pre{x,y}mid{1,2}post {{a,b},c} {a,{b,c}} {a,b}} {{a,b} {a,b}{ }{a,b}
	f f.bak /usr/bin /usr/lib /a/c /a/d /b/c /b/d prexmid1post prexmid2post preymid1post preymid2post a b c a b c a} b} {a {b a{ b{ }a }b
x=v; echo {$x,w} a{"$x y",z} {$(echo s),t} ${x}{1,2} {a,b}$x "$x"{1,2} {'a b',c}; for i in {1..3}; do echo -n "$i,"; done; echo; for i in {a,b}{1,2}; do echo $i; done
	v w av y az s t v1 v2 av bv v1 v2 a b c
	1,2,3,
	a1
	a2
	b1
	b2
y={a,b}; echo "$y"; case a in {a,b}) echo no;; *) echo lit;; esac; cat <<<{a,b}; echo {a,b} >/dev/null; [[ {a,b} == {a,b} ]] && echo same
	{a,b}
	lit
	{a,b}
	same
cd /; echo {etc,usr}/{passwd,bin}; echo ~/{a,b}; echo {a..c}{1..2}; echo {a,b,c}{,} ; echo {,,}x; echo a{,}; set -- {x,y,z}; echo $#; echo {"a,b",c}; echo {a,b}{c,d}{e,f}; echo ${x-{a,b}}
	etc/passwd etc/bin usr/passwd usr/bin
	/root/a /root/b
	a1 a2 b1 b2 c1 c2
	a a b b c c
	x x x
	a a
	3
	a,b c
	ace acf ade adf bce bcf bde bdf
	{a,b}
f() { echo $# "$@"; }; f {1..3} {a,b}; mkdir -p /tmp/br$$/{one,two}/{sub1,sub2}; (cd /tmp/br$$; echo */*); rm -r /tmp/br$$; cp /etc/{passwd,/dev/null} 2>/dev/null; echo {0..2}{0..2}; echo {00..11..5}; echo {-05..5..5}
	5 1 2 3 a b
	one/sub1 one/sub2 two/sub1 two/sub2
	00 01 02 10 11 12 20 21 22
	00 05 10
	-05 000 005
echo {a,b}*nosuch {*,?}nosuch; echo "a"{b,c}; echo {a,b}\ c; echo {x,{y,{z,w}}}; echo a{b,c}{d,e{f,g}}h; echo {a;}; set -o noglob; echo {a,b}*; echo {1..3}"x"; { echo group; }; echo {1,2}
	=2
