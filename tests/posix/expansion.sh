# XCU 2.6: word expansions
. "${0%/*}/assert.inc"
SHELL_UNDER_TEST=${SHELL_UNDER_TEST:-$(readlink /proc/$$/exe)}
show() { printf '<%s>' "$@"; echo; }
show0() { echo $#; }

x='a  b' e='' t=/usr/local/lib.tar.gz; unset u
check 'unquoted is split' '<a><b>' show $x
check 'quoted is not' '<a  b>' show "$x"
check 'default' '<d><>' show ${u-d} "${e-d}"
check 'default, null counts' '<d>' show "${e:-d}"
check 'default splits when unquoted' '<p><q>' show ${u:-p q}
check 'default quoted inside' '<p q>' show ${u:-"p q"}
check 'alternative' '<y>' show ${x+y} ${u+y}
check 'assign' '<v><v>' show ${u=v} "$u"
unset u
check 'length' '<4><0>' show ${#x} ${#e}
check 'prefix' '<usr/local/lib.tar.gz><lib.tar.gz>' show ${t#*/} ${t##*/}
check 'suffix' '<lib.tar><lib>' show "$(t=lib.tar.gz; echo ${t%.*})" "$(t=lib.tar.gz; echo ${t%%.*})"
check 'pattern quoted is literal' '<a*b>' show "$(v='a*b'; echo "${v#"*"}")"
set -- 1 '2 3' ''
check '$@ quoted' '<1><2 3><>' show "$@"
check '$@ in a word' '<x1><2 3><y>' show "x$@y"
check '$* quoted' '<1 2 3 >' show "$*"
check '$@ unquoted drops empty' '3' show0 $@
set --
check '$@ with none' '0' show0 "$@"
check '$* with none is one' '1' show0 "$*"
IFS=:
v=a:b::c:
check 'IFS other than space' '<a><b><><c>' show $v
set -- p q
check '$* joins with IFS' '<p:q>' show "$*"
IFS=
check 'empty IFS splits nothing' '<a:b::c:>' show $v
unset IFS
check 'command substitution' '<a><b><a b>' show $(echo a b) "$(echo a b)"
check 'newlines are removed at the end' '<a
b>' show "$(printf 'a\nb\n\n\n')"
check 'backquotes' '<x>' show `echo \`echo x\``
check 'arithmetic' '<7><-1><1>' show $((1+2*3)) $((~0)) $((5>3))
check 'arithmetic assigns' '<5><5>' show $((n=5)) $n
check 'tilde' "<$HOME><~><$HOME/x>" show ~ "~" ~/x
check 'tilde in assignments' "<$HOME:$HOME/y>" show "$(p=~:~/y; echo $p)"
cd /
check 'pathnames' '<etc>' show et[a-c]
check 'no match stays' '<no*such>' show no*such
check 'quoted pattern' '<et*>' show 'et*'
check 'error' '<failed>' show "$("$SHELL_UNDER_TEST" -c 'echo ${u?gone}; echo on' 2>/dev/null || echo failed)"
check 'error, null counts' '<failed>' show "$("$SHELL_UNDER_TEST" -c 'e=; echo ${e:?gone}; echo on' 2>/dev/null || echo failed)"
check 'no error' '<>' show "${e?gone}"
check 'quotes' '<a"b><c$d><e`f>' show 'a"b' "c\$d" "e\`f"
check 'quoted null' '3' show0 '' "" "$e"
check 'nested' '<in>' show "${u:-${x:+${e:-in}}}"
finish
