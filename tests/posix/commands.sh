# XCU 2.9, 2.7, 2.10: commands, redirections, grammar
. "${0%/*}/assert.inc"
SHELL_UNDER_TEST=${SHELL_UNDER_TEST:-$(readlink /proc/$$/exe)}
run() { eval "$1"; }

check 'and or' 'b
c' run 'false && echo a || echo b; true || echo x && echo c'
check 'not' '=1' run '! true'
check 'pipeline status' '=3' run 'true | (exit 3)'
check 'subshell keeps' '1
0' run 'v=0; (v=1; echo $v); echo $v'
check 'if' 'e' run 'if false; then echo t; elif false; then echo u; else echo e; fi'
check 'if without branch' '=0' run 'if false; then :; fi'
check 'for' '1-2-3-' run 'for i in 1 2 3; do printf %s- $i; done; echo' 
check 'for over parameters' 'a
b c' run 'set -- a "b c"; for i do echo "$i"; done'
check 'while and break' '0
1' run 'i=0; while :; do [ $i = 2 ] && break; echo $i; i=$((i+1)); done'
check 'continue 2' '11 21 ' run 'for i in 1 2; do for j in 1 2; do printf "$i$j "; continue 2; done; done; echo'
check 'until' 'x' run 'until true; do echo y; done; echo x'
check 'case' 'two' run 'case b in a) echo one;; b|c) echo two;; *) echo three;; esac'
check 'case quoted pattern' 'lit' run 'case "*" in "*") echo lit;; *) echo any;; esac'
check 'case no match' '=0' run 'false; case x in y) ;; esac'
check 'function' 'f:1 2
=5' run 'f() { echo "f:$*"; return 5; }; f 1 2'
check 'function with redirection' 'in' run 'f() { cat; } <<X
in
X
f'
check 'recursion' '120' run 'f() { if [ $1 = 0 ]; then echo 1; else echo $(($1 * $(f $(($1-1))))); fi; }; f 5'
check 'here-document' 'a v $v `x`
' run 'v=v; cat <<X
a $v \$v \`x\`

X'
check 'here-document quoted' '$v \$' run "cat <<'X'
\$v \\\$
X"
check 'here-document tabs' 'a' run 'cat <<-X
	a
	X'
check 'two here-documents' 'one
two' run 'cat <<A; cat <<B
one
A
two
B'
check 'redirections in order' 'err' run '{ echo out; echo err >&2; } 2>&1 >/dev/null'
check 'close' 'failed' run 'exec 9>&-; (echo x >&9) || echo failed'
check 'append' 'a
b' run 'f=$(mktemp); echo a >$f; echo b >>$f; cat $f; rm $f'
check 'noclobber' 'kept' run 'f=$(mktemp); set -C; (echo kept >|$f); (echo lost >$f); cat $f; rm $f'
check 'not found' '=127' run 'nosuchcommand_'
check 'not executable' '=126' run '/etc/passwd'
check 'assignment before a command' 'in
out' run 'v=out; v=in "$SHELL_UNDER_TEST" -c "echo \$v"; echo $v'
check 'exit trap' 'a
bye
=4' "$SHELL_UNDER_TEST" -c 'trap "echo bye" EXIT; echo a; exit 4'
check 'trap in a subshell is reset' 'reset' "$SHELL_UNDER_TEST" -c 'trap "echo no" USR1; (sh -c "kill -USR1 \$PPID"; echo no) || echo reset'
check 'trap runs' 'got' "$SHELL_UNDER_TEST" -c 'trap "echo got" USR1; kill -USR1 $$; :'
check 'background and wait' '=7' run '(exit 7) & wait $!'
check 'set -e' 'a
=1' "$SHELL_UNDER_TEST" -ec 'echo a; false; echo b'
check 'set -e in conditions' 'b' "$SHELL_UNDER_TEST" -ec 'if false; then :; fi; false || :; ! true; echo b'
check 'read' 'a|b c' run 'echo "a b c" | { read x y; echo "$x|$y"; }'
check 'read keeps the rest' 'two' run 'printf "one\ntwo\n" | { read x; cat; }'
check 'getopts' 'a
b=v
rest' run 'OPTIND=1; while getopts ab: o -a -b v rest; do case $o in b) echo b=$OPTARG;; *) echo $o;; esac; done; echo rest'
check 'alias' 'hi' "$SHELL_UNDER_TEST" -c "alias greet='echo hi'
greet"
check 'printf' '  1|x   |007|a%b' run "printf '%3d|%-4s|%03d|%s%%b\n' 1 x 7 a"
check 'printf repeats' '1
2' run "printf '%s\n' 1 2"
check 'test' '=0' run '[ a = a ] && [ ! 1 -gt 2 ] && [ -d / ] && [ -n x -a -z "" ]'
check 'umask' '0022' run 'umask 22; umask'
check 'shift' '2 b' run 'set -- a b c; shift; echo $# $1'
check 'eval' '3' run 'x=3; eval echo \$x'
check 'dot' 'sourced' run 'f=$(mktemp); echo "echo sourced" >$f; . $f; rm $f'
check 'command -v' 'cd' run 'command -v cd'
check 'cd and pwd' '/usr
/' run 'cd /; cd /usr; pwd; cd -'
check 'line continuation' 'ab' run 'echo a\
b'
check 'comment' 'a' run 'echo a # b'
check 'semicolon and newline' 'a
b' run 'echo a; 
echo b'
check 'set -e in nested substitutions' 'ab' "$SHELL_UNDER_TEST" -ec 'echo a$(echo $(false; echo no))b'
check 'read of IFS itself' 'a|b c' run 'IFS=:; echo a:b c | { read IFS x; echo "$IFS|$x"; }'
check 'a remembered command may go' '1
2
2
=127' "$SHELL_UNDER_TEST" -c 'd=$(mktemp -d); mkdir $d/1 $d/2; PATH=$d/1:$d/2:$PATH
for i in 1 2; do printf "#!/bin/sh\necho $i\n" >$d/$i/prog; chmod +x $d/$i/prog; done
prog; chmod -x $d/1/prog; prog; rm -r $d/1; echo >$d/1; prog; rm -r $d/2; prog; s=$?; rm -r $d; exit $s'
check 'a substitution has its own standard output' '1' run 'case $([ -p /dev/stdout ] && :; type nosuch_ 2>/dev/stdout) in *nosuch_*) echo 1;; esac'
check 'a trap ends a loop with its status' '=3' "$SHELL_UNDER_TEST" -c 'trap "exit 3" TERM; for i in 1 2; do kill $$; done'
check 'a trap ends while' '=3' "$SHELL_UNDER_TEST" -c 'trap "exit 3" TERM; (sleep 0.1; kill $$) & i=0; while [ $((i += 1)) -lt 100 ]; do sleep 0.02; done'
check 'a trap ends wait with its status' '=3' "$SHELL_UNDER_TEST" -c 'trap "exit 3" TERM; (sleep 0.1; kill $$) & wait; echo no'
check 'a trap ends case' '=3' "$SHELL_UNDER_TEST" -c 'trap "exit 3" TERM; case a in a) kill $$ ;; esac'
check 'a trap returns from a function' '=5' "$SHELL_UNDER_TEST" -c 'trap "return 5" TERM; f() { for i in 1; do kill $$; done; }; f'
check 'a trap comes within an AND-OR list' 'T
after' "$SHELL_UNDER_TEST" -c 'trap "echo T" TERM; kill $$ && echo after'
check 'a trap comes between asynchronous lists' '=4' "$SHELL_UNDER_TEST" -c 'trap "exit 4" TERM; (kill $$) & i=0; while [ $((i += 1)) -lt 300 ]; do : & done; sleep 1'
check 'test in a substitution sees a pipe' '=0' run '{ x=$([ -p /dev/stdout ]); } >/dev/null'
finish
