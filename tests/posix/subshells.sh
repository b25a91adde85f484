# XCU 2.9.2 and 2.6.3: each stage of a pipeline, and a substitution, is a subshell environment,
# also where the shell needs no process for it.
. "${0%/*}/assert.inc"
SHELL_UNDER_TEST=${SHELL_UNDER_TEST:-$(readlink /proc/$$/exe)}
run() { eval "$1"; }

check 'a builtin writes to a program' 'b' run 'echo a | tr a b'
check 'two builtins' 'b 0' run 'x=$(echo a | echo b); echo $x $?'
check 'the status is that of the last' '=1' run 'echo a | false'
check 'the status of a builtin that fails first' '=0' run 'false | true'
check 'an assignment stays in its stage' ':' run 'unset y; echo ${y:=3} | :; echo ${y-}:'
check 'arithmetic stays in its stage' ':' run 'unset z; echo $((z = 4)) | :; echo ${z-}:'
check 'the last stage is none of ours either' '0' run 'x=0; echo 5 | read x; echo $x'
check 'an error ends its stage alone' 'on' run 'unset n; echo ${n?bad} | cat; echo on'
check 'an error in the last stage is its status' 'bad' run 'unset n; true | echo ${n?bad} || echo bad'
check 'a program that is not there' '127' run 'x=$(/nonexistent/program | /nonexistent/program); echo $?'
check 'its message goes where standard error goes' 'yes' run \
	'x=$(/nonexistent/program 2>&1); case $x in *nonexistent*) echo yes ;; esac'
check 'and away' '[]' run 'x=$(/nonexistent/program 2>/dev/null | cat); echo "[$x]"'
check 'standard error of a program through the pipe' 'yes' run \
	'x=$(ls /nonexistent 2>&1 | cat); case $x in *nonexistent*) echo yes ;; esac'
check 'standard error of a builtin stays out of it' '[2]' run \
	'x=$(echo to >&2 | echo 2); echo "[$x]"'
check 'what is printed is not cut' '300001' run \
	'x=$(head -c 300000 /dev/zero | tr "\0" x); echo "$x" | wc -c | tr -d " "'
check 'a reader that is slow' '300000' run \
	'x=$(head -c 300000 /dev/zero | tr "\0" x); printf %s "$x" | { sleep 0.1; wc -c; } | tr -d " "'
check 'a reader that reads nothing' '0' run \
	'x=$(head -c 300000 /dev/zero | tr "\0" x); echo "$x" | :; echo $?'
check 'a writer that does not end' 'y' run 'x=$(yes | head -n 1); echo $x'
check 'a substitution of a pipeline' 'HI' run 'x=$(echo hi | tr a-z A-Z); echo $x'
check 'its status' '=3' run 'x=$(echo hi | (exit 3))'
check 'break in one' 'hi,hi,' run 'for i in 1 2; do x=$( { echo hi; break; } | cat); printf %s, $x; done; echo'
check 'exit in one' 'on' run 'x=$(exit 3 | cat); echo on'
check 'cd in one' 'same' run 'd=$PWD; x=$(cd / | cd /); [ "$PWD" = "$d" ] && echo same'
check 'a trap is taken after a substitution' 't,a,' "$SHELL_UNDER_TEST" -c \
	'trap "printf t," USR1; x=$(kill -s USR1 $$ | echo a,); echo $x; :'
check 'one in another' 'abc' run 'x=$(echo $(echo a | tr a a)$(echo b | cat) | sed "s/\$/c/"); echo $x'
check 'its standard input is ours' 'line' run 'printf "line\nnext\n" | { x=$(cat | head -n 1); echo $x; }'
check 'a background process does not hold it' 'fast' run \
	'x=$( { sleep 5 >/dev/null 2>&1 & } | echo fast); echo $x'
check '$? in a stage' '3' run '(exit 3); echo $? | cat'
check 'set -e ends on the last stage only' 'on' run '(set -e; false | true; echo on)'
check 'set -e and a substitution' '=1' run '(set -e; x=$(echo a | false); echo on)'
check 'a closed standard output' '[a]' run '(x=$(echo a | cat) && echo "[$x]" >&2) 2>&1 >&-'
check 'an error that a later stage reads' 'yes' run \
	'd=$(mktemp -d); mkfifo $d/f; ls /nonexistent 2>$d/f | cat $d/f | grep -q nonexistent && echo yes; rm -r $d'
check 'words are expanded once' 'side' run 'x=$( { /nonexistent/program $(echo side >&2); } 2>&1 | grep -c side); [ $x = 1 ] && echo side'
check 'a script without #! gets its words once' 'script 1 side' run \
	'd=$(mktemp -d); echo "echo script \$#" >$d/s; chmod +x $d/s; { x=$($d/s $(echo side >&2; echo a)); } 2>$d/e; echo $x $(cat $d/e); rm -r $d'
check 'noclobber and a program that is not there' '127' run \
	'd=$(mktemp -d); set -C; x=$(/nonexistent/program 2>$d/e); echo $?; set +C; rm -r $d'
check 'what a word starts does not hold the substitution' 'hi soon' run \
	's=$(date +%s); x=$(/bin/echo $( (exec >/dev/null 2>&1; sleep 3; :) & echo hi)); echo $x $([ $(($(date +%s) - s)) -lt 2 ] && echo soon)'
check 'nor does what is redirected' 'hi soon' run \
	's=$(date +%s); x=$( { sleep 3; :; } >/dev/null 2>&1 & echo hi); echo $x $([ $(($(date +%s) - s)) -lt 2 ] && echo soon)'
check 'a stage that is stopped is waited for' '3' "$SHELL_UNDER_TEST" -c \
	'echo a | sh -c "(sleep 0.2; kill -CONT \$\$) & kill -STOP \$\$; exit 3"; echo $?'
check 'a job that has ended cannot be signalled' 'ended' "$SHELL_UNDER_TEST" -c \
	'true & wait $!; sleep 0.1 & while kill -0 %1 2>/dev/null; do sleep 0.05; done; echo ended'
check 'wait for what was continued' '0' "$SHELL_UNDER_TEST" -c \
	'set -m; sleep 0.3 & kill -s STOP %1; sleep 0.1; kill -s CONT %1; wait %1; echo $?'
finish
