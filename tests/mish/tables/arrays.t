a=(one "two words" three); echo "${a[1]}" "${#a[@]}" "${!a[@]}" "$a" "${a[@]:1}" "${a[*]:0:2}" "${#a[1]}"
	two words 3 0 1 2 one two words three one two words 9
a=(x y); a[5]=six; a+=(seven); echo "${a[@]}" "${!a[@]}" "${a[-1]}" "${a[-2]}"; a[0]+=z; echo $a; a+=q; echo ${a[0]}
	x y six seven 0 1 5 6 seven six
	xz
	xzq
a=("a b" c); for x in "${a[@]}"; do echo "<$x>"; done; for x in ${a[@]}; do echo "[$x]"; done; for x in "${a[*]}"; do echo "{$x}"; done
	<a b>
	<c>
	[a]
	[b]
	[c]
	{a b c}
a=(1 2 3 4); unset 'a[1]' a[3]; echo "${#a[@]}" "${!a[@]}" "${a[@]}"; unset a; echo "${a-unset}" "${#a[@]}" "${a[@]-none}"
	2 0 2 1 3
	unset 0 none
a=(foo bar); echo "${a[@]/o/0}" "${a[@]^}" "${a[@]%r}" "${a[@]#f}" "${a[@]^^[ao]}" "${a[*]//[aeiou]}"
	f0o bar Foo Bar foo ba oo bar fOO bAr f br
declare -A m=([k]=v ["a b"]=c); m[z]=1; echo "${m[k]} ${m[a b]} ${#m[@]}"; for k in "${!m[@]}"; do echo "$k=${m[$k]}"; done | sort; unset 'm[k]'; echo ${#m[@]} ${m[k]-gone}
	v c 3
	a b=c
	k=v
	z=1
	2 gone
declare -A n; n[x]=1 n[y]=2; (( n[x]++, n[y]+=5 )); echo ${n[x]} ${n[y]}; i=x; echo ${n[$i]} $((n[$i] + n[y])); [[ -v n[x] ]] && echo set; [[ -v n[q] ]] || echo not
	2 7
	2 9
	set
	not
a=([3]=c [1]=a d [10]=z); declare -p a; echo ${#a[@]}; a=(${a[@]} new); declare -p a
	declare -a a=([1]="a" [2]="d" [3]="c" [10]="z")
	4
	declare -a a=([0]="a" [1]="d" [2]="c" [3]="z" [4]="new")
i=1; b=(10 20 30); echo $((b[i]+b[2])) ${b[i+1]} ${b[$((i-1))]}; ((b[1]++)); echo ${b[1]}; b[i*2]=99; echo ${b[2]}; c=(b); echo ${b[${#c[@]}]}
	50 30 10
	21
	99
	21
x=(); echo "${#x[@]}" "${x[@]-empty}" "${x[@]+set}" "${x[0]:-d}"; set -- "${x[@]}"; echo $#; y=(""); set -- "${y[@]}"; echo $# "${y[@]:-null}" "${y[@]+set}"
	0 empty d
	0
	1 null set
a=(a b c); IFS=,; echo "${a[*]}"; s=${a[*]}; echo "$s"; t=${a[@]}; echo "$t"; IFS=; echo "${a[*]}"
	a,b,c
	a,b,c
	a b c
	abc
a=("x y" z); b=("${a[@]}"); b+=("${a[0]}"); echo ${#b[@]}; printf '<%s>' "${b[@]}"; echo; c=(${a[@]}); echo ${#c[@]}
	3
	<x y><z><x y>
	3
declare -a a=(1 2); declare -i n=3+4; n+=5; echo $n; n=x; echo $n; declare -u U=abc; U+=d; echo $U; declare -l L=ABC; echo $L; declare -i a2=(1+1 2*3); echo ${a2[@]}
	12
	0
	ABCD
	abc
	2 6
f() { local -a l=(1 2 3); local q=5; echo "${l[*]}" "${#l[@]}"; l[0]=x; echo "${l[0]}"; }; l=outer; f; echo "[${l[*]}]"; g() { local l; l[2]=z; echo "${!l[@]}"; }; g; echo $l
	1 2 3 3
	x
	[outer]
	2
	outer
declare -n ref=a; a=(1 2); ref[0]=ONE; echo "${a[0]} ${ref[1]} ${!ref} ${#ref[@]}"; h() { local -n r=$1; r=changed; }; v=old; h v; echo $v; unset -n ref; echo ${a[0]}
	ONE 2 a 2
	changed
	ONE
declare -r R=1; (R=2; echo no) 2>/dev/null; readonly -a ro=(1 2); (ro[0]=5; echo no) 2>/dev/null; echo ${ro[0]}; declare -p R ro
	1
	declare -r R="1"
	declare -ar ro=([0]="1" [1]="2")
declare -p nosuch 2>/dev/null; echo $?; x=5; declare -p x; declare -x E=6; declare -p E; declare -A m=([a]=1); declare -p m; q='a"b$c'; declare -p q; z=$'a\tb'; declare -p z
	1
	declare -- x="5"
	declare -x E="6"
	declare -A m=([a]="1" )
	declare -- q="a\"b\$c"
	declare -- z=$'a\tb'
a=(1 2 3); echo ${a[@]@Q} "${a[@]@A}" ${a@a}; x=val; echo ${x@Q} ${x@A}; declare -A m=([k]='v w'); echo "${m[@]@K}"
	'1' '2' '3' declare -a a=([0]="1" [1]="2" [2]="3") a
	'val' x='val'
	k "v w" 
x='a[0]'; a=(first second); echo ${!x}; y='a[@]'; echo "${!y}"; z=1; w=a[$z]; echo ${!w}; p=x; echo ${!p}; prefix_a=1 prefix_b=2; echo ${!prefix_*} "${!prefix_@}"
	first
	first second
	second
	a[0]
	prefix_a prefix_b prefix_a prefix_b
a=(5 3 1); for ((i=0; i<${#a[@]}; i++)); do printf '%s ' "${a[i]}"; done; echo; echo $(( a[0] > a[1] ? a[0] : a[1] )) $((${a[2]} + 1)); echo "${a[@]: -1}" "${a[@]:1:1}"
	5 3 1 
	5 2
	1 3
read -ra w <<< "the quick  brown"; echo ${#w[@]} ${w[1]}; IFS=: read -ra p <<< /bin:/usr; echo ${p[1]}; mapfile -t l <<< $'1\n2 3'; echo "${l[1]}" ${#l[@]}
	3 quick
	/usr
	2 3 2
false | true | (exit 3); echo "${PIPESTATUS[@]}"; ! false; echo "${PIPESTATUS[@]}"; true; echo $PIPESTATUS; (exit 4); echo ${PIPESTATUS[0]} ${#PIPESTATUS[@]}
	1 0 3
	1
	0
	4 1
[[ "foo-12bar" =~ ([a-z]+)-([0-9]+)(x)? ]] && echo "${BASH_REMATCH[@]}" "${#BASH_REMATCH[@]}" "${BASH_REMATCH[2]}"; [[ x =~ y ]] || echo ${#BASH_REMATCH[@]}
	foo-12 foo 12  4 12
	0
printf -v 'z[3]' %03d 7; echo "${z[3]}" ${!z[@]}; [[ -v z[3] ]] && echo set; [[ -v z ]] || echo z0; test -v 'z[3]' && echo T; read 'q[2]' <<< hi; echo "${q[2]}"
	007 3
	set
	z0
	T
	hi
a=(x); a=5; echo ${a[0]} ${#a[@]}; b=7; b[1]=8; echo "${b[@]}"; declare -a c=single; echo ${c[0]}; d[2]=two; echo ${#d} "${d[*]}"
	5 1
	7 8
	single
	0 two
f() { typeset -i n=2*3; echo $n; declare -g G=glob; }; f; echo $G ${n-unset}; e() { export V=1; }; e; env | grep ^V=; typeset -x W=2; env | grep ^W=
	6
	glob unset
	V=1
	W=2
set -u; a=(1); echo ${a[0]} "${a[@]}"; (echo ${a[5]}) 2>/dev/null || echo unset; e=(); echo "${e[@]}" ${#e[@]}
	1 1
	unset
	0
a=(1 2 3); cp=("${a[@]:1}"); a=("${a[@]:0:1}"); echo ${a[@]} ${cp[@]}; a=( # a comment\n x\n y )\necho ${a[@]}; n=(\n); echo ${#n[@]}
	1 2 3
	x y
	0
case x in x) a=(in case);; esac; echo ${a[1]}; if a=(t); then echo ${a[0]}; fi; a=(b) true; echo ${a[0]}
	case
	t
	t
a=(*.nosuch [x] {1..3} ~ $((1+1)) $(echo q r) "$(echo s t)"); echo ${#a[@]} ${a[2]} "${a[${#a[@]}-1]}"; unset IFS; echo "${a[@]:2:3}"
	10 1 s t
	1 2 3
echo hi > >(while read x; do echo got $x; done; echo eof); sleep 0.2
	got hi
	eof
a=('a[0]=5,a[0]=777777777777,a[1]=3'); echo $((a[0])) ${a[@]}; x='x=5,x=123456789123,y=3'; echo $((x)) $y
	3 777777777777 3
	3 3
n=$(ls /dev/fd/ | wc -l); for i in 1 2 3; do [[ -e <(:) ]]; done; f(){ for x in <(echo a); do cat $x; done; }; f; f; case <(:) in /dev/*) echo c;; esac; [ $(ls /dev/fd/ | wc -l) = $n ] && echo same
	a
	a
	c
	same
for ((i=0;i<60;i++)); do a+=(x$i); done; a+=("${a[@]:0:2}" z); echo ${#a[@]} ${a[-1]} ${a[60]}; declare -ai n=(1 2); n+=(3+4); echo ${n[2]}; readonly r=(1); (r+=(2)) 2>/dev/null || echo ro; b=([5]=x); b+=(y [9]=z); echo ${!b[@]}
	63 z x0
	7
	ro
	5 6 9
declare -n ref=q; q=(1); ref+=(2 3); echo ${q[@]}; g() { local q=(9); q+=(8); echo ${q[@]}; }; g; echo ${q[@]}; s=v; s+=(w); echo ${s[@]}; e=(); e+=(1); echo ${e[@]}
	1 2 3
	9 8
	1 2 3
	v w
	1
mapfile -O 9223372036854775807 a <<< x 2>/dev/null || echo big
	big
i=0; a[i++]=x; a[i++]+=y; declare -p a i; declare -A m=([k]=1); m[k]+=2; echo ${m[k]}; j=0; declare -a z=(1 2); declare z[j++]+=5; echo ${z[@]} $j; b=(1 2 3); b[-1]+=x; echo ${b[@]}; (unset a; a[-5]+=x) 2>/dev/null; echo $?; declare -i c=(1 2); c[1]+=5; echo ${c[1]}
	declare -a a=([0]="x" [1]="y")
	declare -- i="2"
	12
	15 2 1
	1 2 3x
	1
	7
