# What builtins are completed with, and csh's variables.

### cd
% file dir/a
% file dfile
> cd d<Tab>
| $ cd dir/
@ 0 9

### kill: signals with SIG where that is typed, behind -s, and in small letters
> kill -US<Tab>1;kill -SIGHU<Tab>2;kill -s HU<Tab>3;kill -s SIGTER<Tab>4
> ;kill -ter<Tab>;kill -DEB<Tab>;kill -ERR<Tab>;kill -EX<Tab>
| $ kill -USR1;kill -SIGHUP 2;kill -s HUP
| 3;kill -s SIGTERM 4;kill -TERM ;kill -DE
| B;kill -ERR;kill -EX
@ 2 20

### kill
> kill -TER<Tab>1
| $ kill -TERM 1
@ 0 14

### jobs
% unmoved jobs stay
> sleep 77 & sleep 78 &<CR>
> fg %<Tab><Tab>
| $ sleep 77 & sleep 78 &
| [1] PID
| [2] PID
| $ fg %
| %1  (sleep 77)
| %2  (sleep 78)
| $ fg %
@ 6 6

### variables
% rc mmmm=1
> unset mmm<Tab>; export mmm<Tab>
| $ unset mmmm ; export mmmm=
@ 0 27

### options
> set -o noclo<Tab>; shopt -s globst<Tab>; trap x WINC<Tab>; help smig<Tab>
| $ set -o noclobber ; shopt -s globstar ;
|  trap x SIGWINCH ; help smigrate
@ 1 33

### csh's prompt
> set prompt = "%c2> "<CR>
> set history = 20; echo $HISTSIZE<CR>
| $ set prompt = "%c2> "
| ~> set history = 20; echo $HISTSIZE
| 20
| ~>
@ 3 3

### csh's options
> set noclobber<CR>
> set correct = cmd<CR>
> ehco a<CR>
> y<CR>
| $ set noclobber
| $ set correct = cmd
| $ ehco a
| CORRECT>echo a (y|n|e|a)? y
| a
| $
@ 5 2

### … without blanks
% size 24 40
% rc set prompt="> " correct; set history=50; set histdup=prev
% rc set filec; set prompt="%c2> "; set printexitvalue; set correct=cmd
> echo $#,$HISTSIZE,$histdup<CR>
> (exit 3)<CR>
> ehco a<CR>
> y<CR>
> f() { set rmstar; echo $1; }; f; set x=1; echo $1<CR>
> set -- rmstar; echo $1; set rmstar nobeep; echo $2<CR>
> set -o posix; set listmax=20; echo $1<CR>
| ~> echo $#,$HISTSIZE,$histdup
| 2,50,prev
| ~> (exit 3)
| Exit 3
| ~> ehco a
| CORRECT>echo a (y|n|e|a)? y
| a
| ~> f() { set rmstar; echo $1; }; f; set
| x=1; echo $1
| rmstar
| x=1
| ~> set -- rmstar; echo $1; set rmstar no
| beep; echo $2
| rmstar
| nobeep
| ~> set -o posix; set listmax=20; echo $1
|
| listmax=20
| ~>
@ 18 3

### autolist
% file abc1
% file abc2
% rc shopt -s autolist
> cat abc<Tab>
| $ cat abc
| abc1  abc2
| $ cat abc
@ 2 9

### suffixes to leave out
% file abc.c
% file abc.o
% rc FIGNORE=.o:~
> cat a<Tab>x
| $ cat abc.c x
@ 0 13

### … where there is nothing else
% file abc.o
% rc FIGNORE=.o:~
> cat a<Tab>x
| $ cat abc.o x
@ 0 13

### fewer are asked about
% file abc1
% file abc2
% file abc3
% rc listmax=2
> cat abc<Tab><Tab>
| $ cat abc
| show all 3? (y or n)
@ 0 9

### entries of the directory stack, as tcsh writes them
% size 8 60
> cd /usr; pushd /var >/dev/null; x=/y; echo =0 =1 =1/x =1$x =- =9 "=1" a=1 =1x<CR>
| $ cd /usr; pushd /var >/dev/null; x=/y; echo =0 =1 =1/x =1$x
|  =- =9 "=1" a=1 =1x
| /var /usr /usr/x =1/y /usr =9 =1 a=1 =1x
| $
@ 3 2

### … not in POSIX mode
% size 8 60
> set -o posix; echo =0<CR>
| $ set -o posix; echo =0
| =0
| $
@ 2 2

### options of our own: as they are used
% unmoved a move draws a prompt
% size 30 70
> set -<Tab><Tab><C-u>test -<Tab><Tab><C-u>[[ -e<Tab><Tab><C-u>exec -<Tab><Tab><C-u>command -<Tab><Tab><C-u>
> alias -<Tab>; builtin -<Tab>; time -<Tab>; smigrate --f<Tab>; test 1 -n<Tab>
| $ set -
| -C  -H  -a  -b  -e  -f  -h  -m  -n  -o  -u  -v  -x
| -G   -O   -a   -d   -eq  -ge  -k   -n   -o   -r   -u   -x
| -L   -R   -b   -e   -f   -gt  -le  -ne  -ot  -s   -v   -z
| -N   -S   -c   -ef  -g   -h   -lt  -nt  -p   -t   -w
| -e   -ef  -eq
| -a  -c  -l
| -V  -p  -v
| $ alias -p ; builtin -; time -p ; smigrate --forget ; test 1 -n
@ 8 63

### … and a dash stands in the midst of no command's name
% size 10 60
> -<Tab><Tab><Tab>; echo -<Tab><Tab><Tab>x
| $ -; echo -
| -E  -e  -n
| $ -; echo -Ex
@ 2 13

### jobs by their names
% unmoved jobs stay
% size 14 60
> sleep 100 & sleep 101 & tail -f /dev/null & :<CR>
> kill %ta<Tab>%sl<Tab>1<Tab><C-a>: <CR>
> kill %1 %2 %3; wait 2>/dev/null<CR>
| $ sleep 100 & sleep 101 & tail -f /dev/null & :
| [1] PID
| [2] PID
| [3] PID
| $ : kill %tail %sleep\ 101
| $ kill %1 %2 %3; wait 2>/dev/null
| $
@ 6 2

### kill: jobs as %1
% unmoved numbers and jobs stay
% size 10 60
% file no
> sleep 77 &<CR>
> kill -USR<Tab> %<Tab>no<Tab>
| $ sleep 77 &
| [1] PID
| $ kill -USR %1 no
@ 2 17

### … processes by their numbers, a whole one with a blank behind it
% unmoved numbers stay
% size 10 60
% rc bind "\"\\C-xk\": \"kill -0 $$\""
> <C-x>k<Tab>-99999999 2>e; clear; cat e<CR>
| mish: kill: -99999999: No such process
| $
@ 1 2

### names that get a value, and those that get none
% size 10 60
% rc mmmm=1; mmfunction() { :; }
> export mmm<Tab>; readonly mmm<Tab>; declare mmm<Tab>; local mmm<Tab>
> ; typeset -x mmm<Tab>; export -n mmm<Tab>; declare -p mmm<Tab>;
> export -f mm<Tab>; unset mmm<Tab>; typeset -f mm<Tab>
| $ export mmmm=; readonly mmmm=; declare mmmm=; local mmmm=;
| typeset -x mmmm=; export -n mmmm ; declare -p mmmm ;export -
| f mmfunction ; unset mmmm ; typeset -f mmfunction
@ 2 50

### an alias, whose value may follow
% rc alias mmmm=ls
> alias mmm<Tab>x; unalias mmm<Tab>x
| $ alias mmmmx; unalias mmmm x
@ 0 29

### all their options
% unmoved a move draws a prompt
% size 24 70
> ulimit -<Tab><Tab><C-u>bind -<Tab><Tab><C-u>declare -<Tab><Tab><C-u>
> local -<Tab><Tab><C-u>export -<Tab><Tab><C-u>readonly -<Tab><Tab><C-u>
> read -<Tab><Tab><C-u>wait -<Tab><Tab><C-u>
| $ ulimit -
| -H  -a  -d  -f  -l  -n  -r  -t  -v
| -S  -c  -e  -i  -m  -q  -s  -u  -x
| -P  -S  -V  -X  -f  -l  -m  -p  -q  -r  -s  -u  -v  -x
| -A  -F  -I  -a  -f  -g  -i  -l  -n  -p  -r  -t  -u  -x
| $ local -
| -A  -I  -a  -i  -l  -n  -r  -t  -u  -x
| -f  -n  -p
| -A  -a  -f  -p
| $ read -
| -N  -a  -d  -e  -i  -n  -p  -r  -s  -t  -u
| -f  -n  -p
| $
@ 12 2

### our own knowledge goes before bash-completion's, but not before the user's
% program bc complete -W 'theirs' unset export other telnet\ncomplete -W -theirs ulimit\n_d() { complete -W late popd && return 124; }\ncomplete -D -F _d\n
% env MISH_BASH_COMPLETION=./bc
% size 8 60
% rc mmmm=1; complete -W 'mine1 mine2' telnet unset
> other <Tab>; telnet <Tab><Tab>; unset <Tab>1; export mmm<Tab>
> ; ulimit -<Tab>; popd -<Tab>
| $ other theirs ; telnet mine
| mine1  mine2
| $ other theirs ; telnet mine; unset mine1; export mmmm=; uli
| mit -; popd -
@ 3 13

### … also what was registered before it is loaded
% program bc complete -W 'theirs' other telnet\n_h() { COMPREPLY=(helped); }\n
% env MISH_BASH_COMPLETION=./bc
% size 8 60
% rc complete -W 'mine' telnet; _m() { _h; }; complete -F _m with
> with <Tab>; other <Tab>; telnet <Tab>; : && complete -p telnet<CR>
| $ with helped ; other theirs ; telnet mine ; : && complete -
| p telnet
| mish: with: not found; did you mean `wish'?
| mish: other: not found
| mish: telnet: not found
| complete -W 'mine' telnet
| $
@ 6 2

### files that a function leaves to the shell: hidden ones, too
% file d/.hidden
% file d/shown
% rc _f() { :; }; complete -o default -F _f ff
> ff d/<Tab><Tab>
| $ ff d/
| .hidden  shown
| $ ff d/
@ 2 7

### in [[ and (( no command begins behind an operator
% size 14 60
% file zzfile
% rc zznumber=1; zzf() { :; }
> [[ -f x && -d zz<Tab>|| ( -e zz<Tab>) ]] && zz<Tab>; (( 1 || zz<Tab>)) && zz<Tab>
> ; for ((zz<Tab>; i < zz<Tab>;)); do zz<Tab>; done; echo $((1 + (zz<Tab> - 1))) zz<Tab>
> <C-c>while [[ $(zz<Tab>) < zz<Tab> && a =~ ^(zz<Tab>|b)$ ]]; do zz<Tab>
| $ [[ -f x && -d zzfile || ( -e zzfile ) ]] && zzf ; (( 1 ||
| zznumber)) && zzf ; for ((zznumber; i < zznumber;)); do zzf
| ; done; echo $((1 + (zznumber - 1))) zzfile ^C
| $ while [[ $(zzf ) < zzfile  && a =~ ^(zzfile |b)$ ]]; do zz
| f
@ 4 2

### what a parenthesis has begun ends, and the command goes on behind it
% size 14 60
% file zzfile
% rc zzf() { :; }; _d() { COMPREPLY=(spec); }; complete -F _d dd
> echo $(zz<Tab>) zz<Tab>`zz<Tab>` zz<Tab>; cat <lt>(zz<Tab>) zz<Tab>
> ; a=(zz<Tab>) zz<Tab>; declare -a b=(zz<Tab>); ls !(zz<Tab>|zz<Tab>) zz<Tab>
> <C-c>dd $(ls) <Tab>`date` <Tab>; echo $(dd <Tab>$(ls) <Tab>; zz<Tab>); (zz<Tab>); f() { zz<Tab>
> <C-c>case x in a) zz<Tab>;; (b) zz<Tab>;; esac; ( (zz<Tab>); zz<Tab>); echo $((1)) zz<Tab>
| $ echo $(zzf ) zzfile `zzf ` zzfile ; cat <(zzf ) zzfile ; a
| =(zzfile ) zzf ; declare -a b=(zzfile ); ls !(zzfile |zzfile
|  ) zzfile ^C
| $ dd $(ls) spec `date` spec ; echo $(dd spec $(ls) spec ; zz
| f ); (zzf ); f() { zzf ^C
| $ case x in a) zzf ;; (b) zzf ;; esac; ( (zzf ); zzf ); echo
|  $((1)) zzfile
@ 6 15
