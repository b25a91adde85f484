# What is said.

### a slip of the hand
> lss<CR>
| $ lss
| mish: lss: not found; did you mean `ls'?
| $
@ 2 2

### a directory
> /tmp<CR>
| $ /tmp
| mish: /tmp: is a directory
| $
@ 2 2

### … which autocd goes to
% file work/x
% rc shopt -s autocd
> work<CR>
> pwd<CR>
> ..<CR>
> pwd<CR>
| $ work
| $ pwd
| HOME/work
| $ ..
| $ pwd
| HOME
| $
@ 6 2

### … but for the name of a command, and with an operand
% file true/x
% file work/x
% rc shopt -s autocd
> true<CR>
> work x<CR>
> work<CR>
> pwd<CR>
| $ true
| $ work x
| mish: work: is a directory (cd work goes
|  there)
| $ work
| $ pwd
| HOME/work
| $
@ 7 2

### a syntax error
> if true; fi<CR>
| $ if true; fi
| mish: syntax error: `fi' unexpected
|   if true; fi
|             ^
| $
@ 4 2

### … with a mark where it is
> echo a; for x; do ) done; echo b<CR>
| $ echo a; for x; do ) done; echo b
| mish: syntax error: `)' unexpected
|   echo a; for x; do ) done; echo b
|                     ^
| $
@ 4 2

### … behind wide characters
> echo 日本; )<CR>
| $ echo 日本; )
| mish: syntax error: `)' unexpected
|   echo 日本; )
|              ^
| $
@ 4 2

### … in a line of several
> for i in 1<CR>
> do ; done<CR>
| $ for i in 1
| > do ; done
| mish: syntax error: `;' unexpected
|   do ; done
|      ^
| $
@ 5 2

### … of csh
> foreach i (1 2)<CR>
| $ foreach i (1 2)
| mish: syntax error: `(' unexpected (here
|  it is written: for x in a b; do …; done
| )
|   foreach i (1 2)
|             ^
| $
@ 6 2

### a host of other letters
> smigrate 東京<CR>
| $ smigrate 東京
| mish: smigrate: 東京: not a host name; u
| se a Host alias of letters, digits, . -
| _, with User and HostName
| $
@ 4 2

### no node
> smigrate ga=mma<CR>
| $ smigrate ga=mma
| mish: smigrate: ga=mma: not a host name;
|  use a Host alias of letters, digits, .
| - _, with User and HostName
| $
@ 4 2

### a job that is not there
> wait %9<CR>
| $ wait %9
| mish: wait: %9: no such job
| $
@ 2 2

### exit with stopped jobs
% unmoved they stay
> sleep 100<CR><pause><C-z>
> <C-d>
> kill %1<CR>
| $ sleep 100
| ^Z
| [1] + Stopped    sleep 100
| $
| mish: there are stopped jobs
| $ kill %1
| $
@ 6 2

### somebody who is new
% size 12 60
% env HISTFILE=$HOME/none
> echo a<CR>
| mish: new here? `man mish' and `help' tell more, and `smigra
| te HOST' takes this shell to another host
| $ echo a
| a
| $
@ 4 2

### a dumb terminal
% env TERM=dumb
> echo a<CR>
| $ echo a
| a
| $
@ 2 2

### no terminal's name
% unset TERM
> echo a<CR>
| $ echo a
| a
| $
@ 2 2

### bash's PROMPT_COMMAND, tcsh's precmd, zsh's arrays
% unmoved a move draws a prompt
% rc PROMPT_COMMAND='echo one'; alias precmd='echo two'; three() { echo three; }; precmd_functions=(three)
> :<CR>
| one
| two
| three
| $ :
| one
| two
| three
| $
@ 7 2

### postcmd and preexec get the command
% rc alias postcmd 'echo post \!#'; preexec() { echo "pre <$1>"; }
> echo 'a  b'<CR>
| $ echo 'a  b'
| post echo 'a  b'
| pre <echo 'a  b'>
| a  b
| $
@ 4 2

### … an alias where it has !#
% size 12 40
% rc alias postcmd='echo "<!#>" a\!#'
> echo '*' "$HOME"<CR>
> alias postcmd='echo post'<CR>
> echo y<CR>
| $ echo '*' "$HOME"
| <echo '*' "$HOME"> aecho '*' "$HOME"
| * HOME
| $ alias postcmd='echo post'
| <alias postcmd='echo post'> aalias postc
| md='echo post'
| $ echo y
| post
| y
| $
@ 9 2

### help about keywords
% size 10 40
> help while '[[' time<CR>
> help fi; echo $?<CR>
| $ help while '[[' time
| while list; do list; done
| [[ expression ]]
| time [-p] pipeline
| $ help fi; echo $?
| mish: help: no help topics match `fi' (n
| o such builtin; see mish(1))
| 1
| $
@ 8 2

### wait for what is no child
% unmoved what ended is another shell's child there
% size 12 40
> wait 99999; echo $?<CR>
> nosuch 2>/dev/null & sleep 0.2<CR>
> wait $!; echo $?<CR>
| $ wait 99999; echo $?
| mish: wait: 99999: not a child of this s
| hell
| 127
| $ nosuch 2>/dev/null & sleep 0.2
| [1] PID
| [1] + Done(127)  nosuch 2>/dev/null
| $ wait $!; echo $?
| 127
| $
@ 9 2

### jobcmd is for what is no builtin
% rc jobcmd() { echo "job <$1>"; }
> echo a; x=1; f() { :; }<CR>
> f; [[ a ]]<CR>
> echo b | cat<CR>
| $ echo a; x=1; f() { :; }
| a
| $ f; [[ a ]]
| job <f; [[ a ]]>
| $ echo b | cat
| job <echo b | cat>
| b
| $
@ 7 2

### cwdcmd and chpwd
% rc alias cwdcmd='echo now $PWD'; chpwd() { echo also; }
> cd /tmp; cd /<CR>
> :<CR>
| $ cd /tmp; cd /
| now /
| also
| $ :
| $
@ 4 2

### preexec_functions get the command, too
% rc preexec() { echo pre; }; one() { echo "one <$1>"; }; preexec_functions=(one nowhere)
> echo 'a  b'<CR>
| $ echo 'a  b'
| pre
| one <echo 'a  b'>
| a  b
| $
@ 4 2

### chpwd_functions
% rc chpwd() { echo first; }; one() { echo "now $PWD"; }; chpwd_functions=(one nowhere)
> cd /tmp<CR>
> :<CR>
| $ cd /tmp
| first
| now /tmp
| $ :
| $
@ 4 2

### zsh's periodic and its array, again after PERIOD seconds
% unmoved a move draws a prompt
% rc PERIOD=1; periodic() { echo one; }; two() { echo two; }; periodic_functions=(two nowhere)
> <pause><pause><pause>:<CR>
| one
| two
| $ :
| one
| two
| $
@ 5 2

### … not before
% unmoved a move draws a prompt
% rc PERIOD=100; periodic() { echo one; }
> :<CR>
> <pause><pause><pause>:<CR>
| one
| $ :
| $ :
| $
@ 3 2

### hooks leave $? alone
% rc precmd() { false; }; preexec() { return 3; }
> (exit 7)<CR>
> echo $?<CR>
| $ (exit 7)
| $ echo $?
| 7
| $
@ 3 2

### HISTCONTROL
% rc HISTCONTROL=ignoredups:erasedups HISTFILE=
> echo a<CR>
> echo b<CR>
> echo a<CR>
> echo a<CR>
> history<CR>
| a
| $ echo a
| a
| $ history
|     2   echo b
|     3   echo a
|     4   history
| $
@ 7 2

### HISTIGNORE
% rc HISTIGNORE='ls*:&' HISTFILE=
> lsx<CR>
> :<CR>
> :<CR>
> history<CR>
| $ lsx
| mish: lsx: not found; did you mean `ls'?
| $ :
| $ :
| $ history
|     1   :
|     2   history
| $
@ 7 2

### histdup of tcsh
% rc histdup=all HISTFILE=
> echo a<CR>
> :<CR>
> echo a<CR>
> history<CR>
| $ :
| $ echo a
| a
| $ history
|     1   echo a
|     2   :
|     3   history
| $
@ 7 2

### what terminals are told shows nowhere
% env TERM=xterm-256color
> echo a<CR>
| $ echo a
| a
| $
@ 2 2

### nothing is told a terminal that does not know it
% env TERM=vt100
> echo a<CR>
| $ echo a
| a
| $
@ 2 2

### what terminals are told of directories, prompts and commands
% told
% unmoved a move draws a prompt
% file a\sé/x
> cd 'a é'; false<CR>
| 7;file://HOSTHOME
| 133;A
| 0;mia@HOST: ~
| 133;B
| 0;cd 'a é'; false
| 133;C
| 133;D;1
| 7;file://HOSTHOME/a%20%C3%A9
| 133;A
| 0;mia@HOST: ~/a é
| 133;B

### … without the title
% told
% unmoved a move draws a prompt
% rc shopt -u title
> cd /; false<CR>
| 7;file://HOSTHOME
| 133;A
| 133;B
| 133;C
| 133;D;1
| 7;file://HOST/
| 133;A
| 133;B

### … without marks
% told
% unmoved a move draws a prompt
% rc shopt -u marks
> cd /; false<CR>
| 0;mia@HOST: ~
| 0;cd /; false
| 0;mia@HOST: /

### … a title has no end of its own
% told
% unmoved a move draws a prompt
% rc shopt -u marks
> echo <C-v><C-g><C-v><Esc>\ >/dev/null<CR>
| 0;mia@HOST: ~
| 0;echo ??\ >/dev/null
| 0;mia@HOST: ~

### … a terminal that does not know it has its bell
% told
% unmoved a move draws a prompt
% env TERM=vt100
> :<CR>
> <Left>
| bell

### hooks leave PIPESTATUS alone
% rc PROMPT_COMMAND='true | true | true'
> false | true<CR>
> echo ${PIPESTATUS[*]}<CR>
| $ false | true
| $ echo ${PIPESTATUS[*]}
| 1 0
| $
@ 3 2

### the command of a further line
% rc preexec() { echo "<$1>"; }
> <paste>echo a<x0a>echo b</paste><CR>
| $ echo a
| echo b
| <echo a>
| a
| <echo b>
| b
| $
@ 6 2

### a job that was killed and waited for is told of
% unmoved jobs stay
> sleep 100 &<CR>
> kill %1; wait<CR>
| $ sleep 100 &
| [1] PID
| $ kill %1; wait
| [1] + Terminated sleep 100
| $
@ 4 2

### arithmetic names what it stumbled over
> echo $((1 +))<CR>
| $ echo $((1 +))
| mish: arithmetic: operand expected: "1 +
| "
| $
@ 3 2

### … who only looked is not told again
% unmoved another shell takes its place
% size 12 60
% env HISTFILE=$HOME/none
> <CR>
> mish=$(readlink /proc/$$/exe); ls -l none | cut -c1-10; $mish -c :; exec $mish<CR>
> <CR>
| mish: new here? `man mish' and `help' tell more, and `smigra
| te HOST' takes this shell to another host
| $
| $ mish=$(readlink /proc/$$/exe); ls -l none | cut -c1-10; $m
| ish -c :; exec $mish
| -rw-------
| $
| $
@ 7 2

### another name in capitals, or below a directory
% program script echo
> LS; ./scrpt; ./nothing; sub/scrpt<CR>
| $ LS; ./scrpt; ./nothing; sub/scrpt
| mish: LS: not found; did you mean `ls'?
| mish: ./scrpt: not found; did you mean `
| ./script'?
| mish: ./nothing: not found
| mish: sub/scrpt: not found
| $
@ 6 2

### COLUMNS and LINES are the terminal's
% size 10 50
> echo $COLUMNS $LINES; env | grep -c -e ^COLUMNS -e ^LINES<CR>
> echo <12x60>$COLUMNS $LINES<CR>
> COLUMNS=7<CR>
> echo $COLUMNS<CR>
| $ echo $COLUMNS $LINES; env | grep -c -e ^COLUMNS
| -e ^LINES
| 50 10
| 0
| $ echo $COLUMNS $LINES
| 60 12
| $ COLUMNS=7
| $ echo $COLUMNS
| 60
| $
@ 9 2

### … not in POSIX mode
% size 10 50
% rc set -o posix
> echo "$COLUMNS" "$LINES"<CR>
| $ echo "$COLUMNS" "$LINES"
|
| $
@ 2 2

### … and a constant one stays
% size 10 50
% rc readonly COLUMNS=7
> echo $COLUMNS $LINES<CR>
| $ echo $COLUMNS $LINES
| 7 10
| $
@ 2 2

### directories are no commands
% size 20 60
% rc mkdir docs
> ..<CR>
> docs<CR>
> ./docs<CR>
> cd..<CR>
> cd./docs<CR>
| $ ..
| mish: ..: is a directory (cd .. goes there)
| $ docs
| mish: docs: is a directory (cd docs goes there)
| $ ./docs
| mish: ./docs: is a directory
| $ cd..
| mish: cd..: not found; did you mean `cd ..'?
| $ cd./docs
| mish: cd./docs: not found; did you mean `cd ./docs'?
| $
@ 10 2

### cdspell
% size 12 60
% rc mkdir documents; shopt -s cdspell
> cd documnets; cd ..; cd documents2<CR>
> shopt -u cdspell; cd documnets<CR>
| $ cd documnets; cd ..; cd documents2
| documents
| documents
| $ shopt -u cdspell; cd documnets
| mish: cd: documnets: No such file or directory
| $
@ 5 2

### PS0
% unmoved it is put before a command
% rc PS0='\[\e[1m\]at \u:\[\e[0m\]\n'
> echo a<CR>
| $ echo a
| at mia:
| a
| $
@ 3 2

### tcsh's options by set and unset
% size 16 60
> set noclobber<CR>
> echo a >a; echo b >a; unset noclobber; echo c >a; cat a<CR>
> set vimode<CR>
> set -o | grep '^vi'; set -o posix<CR>
> set noclobber; echo $1; set -o | grep '^noc'<CR>
| $ set noclobber
| $ echo a >a; echo b >a; unset noclobber; echo c >a; cat a
| mish: a: File exists
| c
| $ set vimode
| $ set -o | grep '^vi'; set -o posix
| vi              on
| $ set noclobber; echo $1; set -o | grep '^noc'
| noclobber
| noclobber       off
| $
@ 10 2

### … not in a function, nor in a script
% size 8 60
> f() { set noclobber; echo $1; }; f; set -o | grep '^noc'<CR>
> /proc/$$/exe -c 'set noclobber; echo $1'<CR>
| $ f() { set noclobber; echo $1; }; f; set -o | grep '^noc'
| noclobber
| noclobber       off
| $ /proc/$$/exe -c 'set noclobber; echo $1'
| noclobber
| $
@ 5 2

### names in messages steer nothing
% size 16 60
> cd $'a\e[1Ab'<CR>
> ./no<C-v><Esc>]0;P<C-v><C-g>x<CR>
> : <lt>$'q\n\t\rx'; set -o $'\e'; unalias $'\x9b'<CR>
> ${u:?$'one\n\ttwo\e'}<CR>
> cd $'a\eb' 2>f; od -c f | grep -c 033; . $'\e7'<CR>
| mish: cd: a?[1Ab: No such file or directory
| $ ./no^[]0;P^Gx
| mish: ./no?]0: not found
| mish: P?x: not found
| $ : <$'q\n\t\rx'; set -o $'\e'; unalias $'\x9b'
| mish: q
|         ?x: No such file or directory
| mish: set: ?: unknown option
| mish: unalias: ?: not found
| $ ${u:?$'one\n\ttwo\e'}
| mish: u: one
|         two?
| $ cd $'a\eb' 2>f; od -c f | grep -c 033; . $'\e7'
| 1
| mish: .: ?7: No such file or directory
| $
@ 15 2

### words of select, and commands of jobs
% unmoved jobs stay
% size 12 60
> select x in $'a\e[2Jb' c; do echo "$REPLY"; break; done<CR>
> 1<CR>
> : '<C-v><Esc>7' | sleep 0.1 &<CR>
> wait<CR>
| $ select x in $'a\e[2Jb' c; do echo "$REPLY"; break; done
| 1) a?[2Jb
| 2) c
| #? 1
| 1
| $ : '^[7' | sleep 0.1 &
| [1] PID
| $ wait
| [1] + Done       : '?7' | sleep 0.1
| $
@ 9 2

### ^C in read -e ends its row once
% size 8 40
> read -e x<CR>
> abc
> <C-c>
> echo a<CR>
| $ read -e x
| abc^C
| $ echo a
| a
| $
@ 4 2
