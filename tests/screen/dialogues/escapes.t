# The prompt's escapes.

### colours
% styles
% rc PS1='%F{red}a%f%K{2}b%k%F{nonsense}c%f %F{208}d%f$ '
> x
| {1:a}bc {208:d}$ {1:x}
@ 0 8

### … without a name, which is none of that layer
% styles
% rc PS1='%F{red}a%Kb%Fc$ '
> x
| {1:ab}c$ {1:x}
@ 0 6

### components of the directory
% file a/b/c/d x
% rc cd a/b/c; PS1='%2~|%1/|%c2|%C3|%c|%.|%3~ '
> x
| b/c|c|b/c|a/b/c|c|c|a/b/c x
@ 0 27

### … and how many are not shown
% rc mkdir -p a/b/c/d; cd a/b/c/d; PS1='%c02 %.0 %c04 %c05> '
> cd /usr/lib; PS1='%c02 %C01 %C0 %C03> '<CR>
| ~/<2>c/d ~/<3>d ~/a/b/c/d ~/a/b/c/d> cd
| /usr/lib; PS1='%c02 %C01 %C0 %C03> '
| /usr/lib /<1>lib /<1>lib /usr/lib>
@ 2 35

### the time of twelve hours
% rc PS1=$'%t %@\n%p\n> '
> x
| H:MM H:MM
| H:MM:SS
| > x
@ 2 3

### a variable
% rc v='%m `x`'; PS1='%$v> '
> x
| %m `x`> x
@ 0 9

### … whose name is its own, and no escape
% rc FOO=hello v=1 w='%n $v' f=3s; PS1='%$FOO %%$v %$w %$none. $(printf %$f x) %(?.%$v.b)> '
> x
| hello %1 %n $v .   x 1> x
@ 0 25

### a condition on the status
% rc PS1='%(?.ok.%F{red}bad %?%f)> '
> false<CR>
> true<CR>
| ok> false
| bad 1> true
| ok>
@ 2 4

### … on jobs
% unmoved jobs stay
% rc PS1='%(j.%j jobs.none)> '
> sleep 20 &<CR>
| none> sleep 20 &
| [1] PID
| 1 jobs>
@ 2 8

### … of several levels
% rc PS1='%(?.%(0?.a.b).c)%%> '
> x
| a%> x
@ 0 5

### the terminal
% unmoved it is another one
% rc t=$(tty); t=${t##*/}; PS1='$([ \l = $t ] && echo its own)> '
> x
| its own> x
@ 0 10

### bash's that stand alone
% unmoved there is one command more
% rc PS1='\$ '
> PS1='\! '<CR>
> PS1='\# '<CR>
> PS1='\044\076 '<CR>
> PS1='%\$ '<CR>
> set -o posix; PS1='\$ '<CR>
| # PS1='\! '
| 2 PS1='\# '
| 3 PS1='\044\076 '
| $> PS1='%\$ '
| %$ set -o posix; PS1='\$ '
| $
@ 5 2

### what is open
% rc PS2='%_> '
> for x in a; do<CR>
> if "a<CR>
> b"; then :<CR>
> fi; done; echo 'q<CR>
> '<CR>
| for if dquote> b"; then :
| for if> fi; done; echo 'q
| quote> '
| mish: a
| b: not found
| q
|
| $
@ 7 2

### … nothing that is known
% rc PS2='%R> '
> echo a \<CR>
> b<CR>
| $ echo a \
| > b
| a b
| $
@ 3 2

### none
% rc PS1='%Z%(x%F{%5Z$ '
> x
| %Z%(x{%5Z$ x
@ 0 12

### tcsh's, with what tcsh has behind a backslash
% unmoved the user and the node are others
% size 8 60
> set prompt = "[%c2]\n%# "<CR>
> set prompt="%{\e]0;title\a%}[%c]%# "<CR>
> set prompt = "%{\033[1m%}%n%{\033[0m%}%# "<CR>
> set prompt = '%h \! ! \[x\] $HOME %# '<CR>
| $ set prompt = "[%c2]\n%# "
| [~]
| # set prompt="%{\e]0;title\a%}[%c]%# "
| [~]# set prompt = "%{\033[1m%}%n%{\033[0m%}%# "
| mia# set prompt = '%h \! ! \[x\] $HOME %# '
| 5 5 5 [x] HOME #
@ 5 38

### … and in PS1, where bash has no such letter
% rc PS1='%~ line1\n%% '
> x
> <C-u>PS1='\[\e[1m\]%~\[\e[0m\]\$ '<CR>
| ~ line1
| % PS1='\[\e[1m\]%~\[\e[0m\]\$ '
| ~$
@ 2 3

### … that have the % from elsewhere are bash's
% size 8 60
% rc x=/tmp/x
> PS1='$(date +%n)a\n> '<CR>
> PS1='${x%/*}%\n> '<CR>
> PS1='\W%~\n> '<CR>
| $ PS1='$(date +%n)a\n> '
| a
| > PS1='${x%/*}%\n> '
| /tmp%
| > PS1='\W%~\n> '
| ~%~
| >
@ 6 2

### %j counts running jobs, too
% unmoved jobs stay
% rc PS1='%j%(2j. two or more.)> '
% size 8 50
> sleep 9 &<CR>
> sleep 9 &<CR>
| 0> sleep 9 &
| [1] PID
| 1> sleep 9 &
| [2] PID
| 2 two or more>
@ 4 15
