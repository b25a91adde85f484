export PATH="$HOME/.local/bin:$PATH"; echo "${PATH%%:*}"
	/root/.local/bin
[ -d "$HOME/nosuch" ] && export PATH="$HOME/nosuch:$PATH"; echo $?
	1
if [[ ":$PATH:" != *":/opt/x/bin:"* ]]; then PATH="${PATH:+${PATH}:}/opt/x/bin"; fi; echo "${PATH##*:}"
	/opt/x/bin
PATH=/usr/bin:/bin; case ":${PATH}:" in *:"$HOME/.cargo/bin":*) ;; *) export PATH="$HOME/.cargo/bin:$PATH" ;; esac; echo ${PATH%%:*}
	/root/.cargo/bin
export NVM_DIR="$([ -z "${XDG_CONFIG_HOME-}" ] && printf %s "${HOME}/.nvm" || printf %s "${XDG_CONFIG_HOME}/nvm")"; echo ${NVM_DIR##*/}
	.nvm
[ -s "$NVM_DIR/nvm.sh" ] && \\. "$NVM_DIR/nvm.sh"; echo $?
	1
[[ -r /nosuch ]] && . /nosuch; echo $?
	1
eval "$(echo 'export FOO=bar; alias q=exit')"; echo $FOO
	bar
source <(echo 'f() { echo from file $1; }'); f x
	from file x
for i in {1..5}; do echo -n "$i "; done; echo
	1 2 3 4 5 
for i in {01..10..3}; do echo -n "$i "; done; echo; echo {a..e} {z..w}
	01 04 07 10 
	a b c d e z y x w
for ((i=0;i<3;i++)); do echo $i; done
	0
	1
	2
for f in *.nosuch; do [ -e "$f" ] || continue; echo "$f"; done; echo done
	done
i=0; while (( i++ < 3 )); do echo $i; done
	1
	2
	3
i=0; until [ $((i+=1)) -ge 3 ]; do :; done; echo $i
	3
while IFS= read -r line; do echo "<$line>"; done <<< $'a b\\n  c'
	<a b>
	<  c>
while IFS=: read -r u _ id _; do [ "$id" = 0 ] && echo $u; done < /etc/passwd
	root
	=1
while IFS='=' read -r k v; do echo "$k -> $v"; done < <(printf 'a=1\\nb=2\\n')
	a -> 1
	b -> 2
seq 3 | while read -r n; do echo $((n*n)); done
	1
	4
	9
seq 5 | xargs -n 2 echo
	1 2
	3 4
	5
printf '%s\\n' b a c | sort | head -n 1
	a
ls -d /etc /usr 2>/dev/null | wc -l | tr -d ' '
	2
echo one two | { read a b; echo $b; }
	two
find /etc -maxdepth 1 -name passwd -print0 | xargs -0 -I{} echo "file {}"
	file /etc/passwd
find /etc -maxdepth 1 -name 'pass*d' -exec basename {} \\;
	passwd
x=5; ((x++)); ((x+=10)); echo $x; ((x>10)) && echo big
	16
	big
let x=2+3 y=x*2; echo $x $y
	5 10
echo $((0x1f)) $((2#1010)) $((010)) $((2**10)) $((7/2)) $((-7%3))
	31 10 8 1024 3 -1
x=$(( $(echo 3) * 4 )); echo $x
	12
arr=(one two three); echo ${#arr[@]} ${arr[1]} ${arr[-1]} "${arr[@]:1}"
	3 two three two three
arr+=(four); for a in "${arr[@]}"; do echo "$a"; done
	four
declare -A m=([k]=v [x y]=z); for k in "${!m[@]}"; do echo "$k=${m[$k]}"; done | sort
	k=v
	x y=z
declare -A c; for w in a b a; do ((c[$w]++)); done; echo ${c[a]} ${c[b]}
	2 1
mapfile -t L < <(printf 'x\\ny\\n'); echo ${#L[@]} ${L[1]}
	2 y
readarray -t L <<< "$(seq 3)"; echo "${L[*]}"
	1 2 3
IFS=, read -ra P <<< "a,b,c"; echo ${P[2]} ${#P[@]}
	c 3
IFS=$'\\n' read -rd '' -a Q <<< $'l 1\\nl 2'; echo ${#Q[@]} "${Q[1]}"
	2 l 2
s=hello; echo ${s^} ${s^^} ${s:1:3} ${s: -2} ${#s} ${s/l/L} ${s//l/L} ${s/%o/0}
	Hello HELLO ell lo 5 heLlo heLLo hell0
f=/a/b/c.tar.gz; echo ${f##*/} ${f%/*} ${f%%.*} ${f#*.} ${f##*.}
	c.tar.gz /a/b /a/b/c tar.gz gz
p=HOME; echo ${!p}; echo ${!HOM*}
	/root
	HOME
x='a b'; printf '%q\\n' "$x"; echo ${x@Q}
	a\ b
	'a b'
name=world; cat <<EOF\nhello $name $((1+1)) $(echo sub)\nEOF
	hello world 2 sub
cat <<'EOF'\nno $expansion `here`\nEOF
	no $expansion `here`
cat <<-EOF\n\ttabs gone\n\tEOF
	tabs gone
cat <<EOF | tr a-z A-Z\nup\nEOF
	UP
cat > /tmp/p.$$ <<EOF && cat /tmp/p.$$ && rm /tmp/p.$$\nk=v\nEOF
	k=v
tee /tmp/p.$$ >/dev/null <<< text; cat /tmp/p.$$; rm /tmp/p.$$
	text
echo err >&2 2>/dev/null; { echo o; echo e >&2; } &> /tmp/p.$$; cat /tmp/p.$$; rm /tmp/p.$$
	o
	e
{ echo o; echo e >&2; } 2>&1 | sort; { echo o; echo e >&2; } |& sort -r
	e
	o
	o
	e
command -v nosuchcmd >/dev/null 2>&1 || echo "not installed"
	not installed
if ! type nosuchcmd &>/dev/null; then echo missing; fi
	missing
hash nosuchcmd 2>/dev/null || echo 'need it'
	need it
which nosuchcmd >/dev/null 2>&1 && echo found || echo absent
	absent
[[ "$OSTYPE" == linux* ]] && echo linux
	linux
[[ $- == *i* ]] || echo noninteractive
	noninteractive
[[ "abc123" =~ ^([a-z]+)([0-9]+)$ ]] && echo "${BASH_REMATCH[1]} ${BASH_REMATCH[2]}"
	abc 123
v=1.2.30; IFS=. read -r a b c <<< "$v"; echo $((a*10000+b*100+c))
	10230
[[ 10 -gt 9 && ! -e /nosuch || -n x ]] && echo ok
	ok
[[ -f /etc/passwd && -r /etc/passwd ]] && echo readable
	readable
[ -n "$x" -a -z "$nosuch" ] && echo a; [ a = b -o c = c ] && echo o
	o
test -t 0 || echo notty
	notty
case "$1" in start|stop) echo svc;; ''|*[!0-9]*) echo "not a number";; *) echo num;; esac
	not a number
case $(uname -s) in Linux*) os=linux;; Darwin*) os=mac;; esac; echo $os
	linux
case x in x) echo 1 ;& y) echo 2 ;;& x) echo 3;; esac
	1
	2
	3
function greet { local n=${1:-you}; echo "hi $n"; }; greet; greet bob
	hi you
	hi bob
mkcd() { mkdir -p "$1" && cd "$1"; }; mkcd /tmp/mk.$$ && pwd | sed 's/[0-9]*$//'; cd /; rmdir /tmp/mk.$$
	/tmp/mk.
extract() { case $1 in *.tar.gz) echo tar;; *.zip) echo unzip;; *) echo "unknown: $1" >&2; return 1;; esac; }; extract a.zip; extract b 2>/dev/null || echo $?
	unzip
	1
f() { while [ $# -gt 0 ]; do case $1 in -v) v=1;; -o) o=$2; shift;; --) shift; break;; *) echo arg $1;; esac; shift; done; echo $v $o; }; f -v -o out x
	arg x
	1 out
f() { local OPTIND o; while getopts ':ab:' o; do case $o in a) echo A;; b) echo B=$OPTARG;; :) echo need $OPTARG;; \\?) echo bad $OPTARG;; esac; done; shift $((OPTIND-1)); echo rest $*; }; f -a -b x -q y; f -b
	A
	B=x
	bad q
	rest y
	need b
	rest
set -euo pipefail; false || echo survived; echo ${nosuch:-unset}
	survived
	unset
set -e; f() { false; echo not; }; f || echo or; (exit 3) || echo $?
	not
	3
(set -o pipefail; false | true; echo $?); false | true; echo $? "${PIPESTATUS[@]}"
	1
	0 1 0
trap 'echo bye' EXIT; echo hi
	hi
	bye
trap 'rm -f /tmp/p.$$; echo cleaned' EXIT INT TERM; touch /tmp/p.$$; exit 2
	cleaned
	=2
trap 'echo "line err"' ERR; false; true; echo end
	line err
	end
tmp=$(mktemp); trap 'rm -f "$tmp"' EXIT; echo data > "$tmp"; cat "$tmp"
	data
tmpdir=$(mktemp -d) && (cd "$tmpdir" && touch a b && ls | wc -l | tr -d ' '); rm -rf "$tmpdir"
	2
sleep 0.1 & wait $!; echo $?; (exit 4) & wait $! || echo $?
	0
	4
for i in 1 2 3; do (sleep 0.0$i; echo $i) & done | sort; wait
	1
	2
	3
{ sleep 0.05; echo late; } & echo early; wait
	early
	late
timeout 1 true && echo in time; timeout 0.05 sleep 2; echo $?
	in time
	124
kill -0 $$ && echo alive; kill -l 15; kill -l TERM
	alive
	TERM
	15
date -d @0 -u +%Y; printf '%(%Y)T\\n' 86400
	1970
	1970
d=$(dirname -- /a/b/c); b=$(basename -- /a/b/c .x); echo $d $b
	/a/b c
DIR="$( cd "$( dirname "${BASH_SOURCE[0]:-$0}" )" >/dev/null 2>&1 && pwd )"; [ -n "$DIR" ] && echo ok
	ok
cd "$(mktemp -d)" && touch {a,b}.txt && for f in *.txt; do mv -- "$f" "${f%.txt}.md"; done; ls; rm -r "$PWD"
	a.md
	b.md
cd "$(mktemp -d)" && touch x && cp x{,.bak} && ls && rm -r "$PWD"
	x
	x.bak
cd "$(mktemp -d)" && mkdir -p src/{a,b}/{x,y} && find . -type d | wc -l | tr -d ' '; rm -r "$PWD"
	8
shopt -s nullglob; f=(/nosuch/*); echo ${#f[@]}
	0
shopt -s globstar; cd "$(mktemp -d)" && mkdir -p a/b && touch a/b/c && echo **/c; rm -r "$PWD"
	a/b/c
echo "a,b,c" | tr ',' '\\n' | paste -sd+ -; echo 'a b' | awk '{print $2}'; echo aXb | sed 's/X/-/'
	a+b+c
	b
	a-b
echo $'tab\\there' $'\\u00e9' "it's" 'say "hi"' \\$HOME
	tab	here é it's say "hi" $HOME
echo -e 'a\\tb\\nc'; echo -n x; echo; printf '%05.2f|%-5s|%5s|%x\\n' 3.14159 ab cd 255
	a	b
	c
	x
	03.14|ab   |   cd|ff
printf '%s=%s\\n' a 1 b 2; printf -v z '%03d' 7; echo $z
	a=1
	b=2
	007
printf '\\033[1;31m%s\\033[0m\\n' red | cat -v
	^[[1;31mred^[[0m
echo "${PWD/#$HOME/~}"; cd /usr; echo ${PWD/#\\/usr/U}
	/
	U
a=1 b=2 env | grep -c '^[ab]='; A=x bash -c 'echo $A'; echo "[$A]"
	2
	x
	[]
export EDITOR=vim VISUAL="$EDITOR"; echo "$VISUAL"; export -p | grep -c ' EDITOR='; declare -p EDITOR
	
	1
	declare -x EDITOR="vim"
export LESS_TERMCAP_mb=$'\\E[1;31m'; printf %s "$LESS_TERMCAP_mb" | cat -v; echo
	^[[1;31m
HISTCONTROL=ignoreboth HISTSIZE=1000; shopt -s histappend checkwinsize; echo $?
	0
shopt -q login_shell || echo nologin; shopt -oq posix || echo noposix
	nologin
	noposix
[ -x /usr/bin/lesspipe ] && eval "$(SHELL=/bin/sh lesspipe)"; echo ok
	ok
if [ -z "${debian_chroot:-}" ] && [ -r /etc/debian_chroot ]; then debian_chroot=$(cat /etc/debian_chroot); fi; echo "[${debian_chroot:+($debian_chroot)}]"
	[]
case "$TERM" in xterm*|rxvt*) t=1;; *) t=0;; esac; unset t; echo ok
	ok
umask 022; umask; umask -S
	0022
	u=rwx,g=rx,o=rx
ulimit -c 0; ulimit -c; ulimit -n >/dev/null && echo n
	0
	n
stty -ixon 2>/dev/null; [[ $- = *i* ]] && bind '"\\e[A": history-search-backward'; echo ok
	ok
pushd /usr >/dev/null; pushd /etc >/dev/null; dirs; popd >/dev/null; pwd; popd > /dev/null; dirs
	/etc /usr /
	/usr
	/
cd /usr; cd /etc; cd - ; echo $OLDPWD
	/usr
	/etc
(cd /tmp && pwd); pwd
	/tmp
	/
{ cd /usr; }; pwd; true && { echo a; } || echo b
	/usr
	a
! false && echo neg; ! true || echo no; time -p true 2>/dev/null; echo $?
	neg
	no
	0
read -p 'name? ' n < <(echo bob) 2>/dev/null; echo $n; read -r -s p <<< secret; echo $p
	bob
	secret
yes | head -n 2; yes no | head -n 1; : | cat; cat /dev/null
	y
	y
	no
a=$(cat <<X\nin sub\nX\n); echo "$a"; b=`echo \\`echo nested\\``; echo $b
	in sub
	nested
echo $(<  /etc/hostname) | wc -l | tr -d ' '; n=$(< /dev/null); echo "[$n]"
	1
	[]
"$(echo echo)" cmd; c=echo; $c var; cmd=(printf '%s\\n' 'a b'); "${cmd[@]}"
	cmd
	var
	a b
exec 3>&1; echo three >&3; exec 3>&-; { echo x >&3; } 2>/dev/null || echo closed
	three
	closed
exec 3< <(seq 2); read -u 3 a; read b <&3; echo $a $b; exec 3<&-
	1 2
exec 5<>/tmp/p.$$; echo rw >&5; cat /tmp/p.$$; rm /tmp/p.$$
	rw
echo a > /tmp/p.$$; echo b >> /tmp/p.$$; >| /tmp/p.$$; wc -c < /tmp/p.$$ | tr -d ' '; rm /tmp/p.$$
	0
set -o noclobber; > /tmp/p.$$; (echo x > /tmp/p.$$) 2>/dev/null || echo kept; echo y >| /tmp/p.$$; cat /tmp/p.$$; rm /tmp/p.$$
	kept
	y
diff <(echo a) <(echo b) > /dev/null; echo $?; comm -12 <(printf 'a\\nb\\n') <(printf 'b\\nc\\n')
	1
	b
join_by() { local d=$1; shift; local f=$1; shift; printf %s "$f" "${@/#/$d}"; echo; }; join_by , a b c
	a,b,c
confirm() { read -r -p "${1:-sure?} [y/N] " r; case "$r" in [yY][eE][sS]|[yY]) true;; *) false;; esac; }; confirm <<< y 2>/dev/null && echo yes; confirm <<< n 2>/dev/null || echo no
	yes
	no
retry() { local n=0; until "$@"; do ((++n >= 3)) && return 1; done; }; retry true && echo ok; retry false || echo gave up
	ok
	gave up
log() { echo "[${FUNCNAME[1]:-main}] $*"; }; f() { log in f; }; f
	[f] in f
usage() { cat <<EOF\nusage: ${0##*/} [-h]\nEOF\n}; usage | sed 's/: .*\\[/: [/'
	usage: [-h]
is_int() { [[ $1 =~ ^-?[0-9]+$ ]]; }; is_int 42 && echo int; is_int 4x || echo not
	int
	not
trim() { local s=$1; s="${s#"${s%%[![:space:]]*}"}"; s="${s%"${s##*[![:space:]]}"}"; printf '[%s]\\n' "$s"; }; trim '  a b  '
	[a b]
contains() { local e; for e in "${@:2}"; do [[ $e == "$1" ]] && return 0; done; return 1; }; contains b a b && echo in; contains z a || echo out
	in
	out
rev=; s=abc; for ((i=${#s}-1;i>=0;i--)); do rev+=${s:i:1}; done; echo $rev
	cba
max=0; for n in 3 9 4; do (( n > max )) && max=$n; done; echo $max; echo $(( max > 5 ? 1 : 0 ))
	9
	1
sum=0; for n in $(seq 100); do sum=$((sum+n)); done; echo $sum; awk 'BEGIN{print 1/4}'
	5050
	0.25
a=(3 1 2); IFS=$'\\n' s=($(sort <<<"${a[*]}")); unset IFS; echo ${s[@]}
	1 2 3
a=(x y z); unset 'a[1]'; echo "${!a[@]}" ${#a[@]}; a=("${a[@]}"); echo "${!a[@]}"
	0 2 2
	0 1
a=(a b c); echo "${a[@]/b/B}" "${a[@]^}" "${a[*]: -1}" "${a[@]%c}"
	a B c A B C c a b 
declare -i n=3; n+=4; echo $n; declare -r ro=1; (ro=2) 2>/dev/null || echo readonly; declare -l lo=ABC; echo $lo
	7
	readonly
	abc
declare -n ref=tgt; ref=5; echo $tgt; typeset -f nosuch || echo nofn; f() { :; }; declare -F f
	5
	nofn
	f
echo {1,2}{a,b} pre{x,y}post {a} {,} x{1..3}y {1..3}{a,b}
	1a 1b 2a 2b prexpost preypost {a} x1y x2y x3y 1a 1b 2a 2b 3a 3b
PS4='+ '; set -x; echo t 2>/dev/null; set +x
	t
bash -c 'echo "$0 $@"' zero a b; sh -c 'echo $#' x 1 2
	zero a b
	2
sudo() { "$@"; }; sudo sh -c 'echo root > /dev/null' && echo done
	done
echo "$(( $(date +%s) > 0 ))"; echo $SECONDS $((RANDOM >= 0)) ${#RANDOM} | cut -d' ' -f1,2; echo $LINENO
	1
	0 1
	1
test 1 -eq 1 && echo t; [ ! -d /nosuch ] && echo n; [ /etc -ef /etc/. ] && echo same; [ "a" \\< "b" ] && echo lt
	t
	n
	same
	lt
ssh-add() { return 2; }; ssh-add -l &>/dev/null; [ $? -eq 2 ] && echo agent
	agent
git() { echo main; }; parse() { git branch 2>/dev/null | sed -e 's/\\(.*\\)/(\\1)/'; }; parse
	(main)
PROMPT_COMMAND='echo x'; PROMPT_COMMAND="${PROMPT_COMMAND:+$PROMPT_COMMAND; }history -a"; echo $PROMPT_COMMAND
	echo x; history -a
PS1='\\u@\\h:\\w\\$ '; PS1="(env) ${PS1-}"; echo "$PS1"
	(env) \u@\h:\w\$ 
for d in /etc /usr; do [[ -d $d ]] && n=$((n+1)); done; echo $n; for x; do echo $x; done; for i in; do echo; done
	2
select o in a b; do echo $o; break; done <<< 2 2>/dev/null
	b
if grep -q root /etc/passwd; then echo has; fi; grep -c nosuch /etc/passwd; echo $?
	has
	0
	1
nohup true >/dev/null 2>&1 & wait; echo $?; disown 2>/dev/null; jobs; (true; exit 5); echo $?
	0
	5
echo 'quoted "x"' "and 'y'" a\\ b "a\\$b" "`echo t`" 'a'"b"c
	quoted "x" and 'y' a b a$b t abc
export GPG_TTY=$(tty); echo $?; export X=$(false); echo $?; local_x=$(false); echo $?
	0
	0
	1
f() { local IFS=,; echo "$*"; }; f a b c; printf '%q\\n' "$IFS"
	a,b,c
	$' \t\n'
w=; (: ${w:?} ) 2>/dev/null; [ $? -ne 0 ] && echo ends; v=; echo ${v:-dflt} ${v:=set} $v ${v:+alt}
	ends
	dflt set set alt
echo ~root | cut -c1-5; echo ~ | cut -c1; x=~/b; echo ${x#"$HOME"}; y=a:~; echo ${y#a:"$HOME"}.
	/root
	/
	/b
	.
case $HOSTTYPE in "$(uname -m)") echo m;; esac; [ "$HOSTNAME" = "$(uname -n)" ] && echo n; OSTYPE=x; echo $OSTYPE
	m
	n
	x
