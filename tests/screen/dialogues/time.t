# What happens because time passes; what commands took.

### a command at a time
% rc sched +1 echo now
> echo a<pause><pause><pause>b<CR>
| now
| $ echo ab
| ab
| $
@ 3 2

### … away
> sched +100 echo one; sched +1:00 echo two; sched -1; sched | sed 's/.*:[0-9]*//'<CR>
| $ sched +100 echo one; sched +1:00 echo
| two; sched -1; sched | sed 's/.*:[0-9]*/
| /'
|         echo two
| $
@ 4 2

### … of twelve hours
> sched 5pm a; sched 5:30PM b; sched 12am c; sched 12:05pm d; sched 13pm e; sched | cut -c19-<CR>
| mish: sched: 13pm: is no time: 14:30, 2:
| 30pm, +1:30 (in an hour and a half) or +
| 90 (seconds)
| 17:00:00        a
| 17:30:00        b
| 00:00:00        c
| 12:05:00        d
| $
@ 7 2

### … is no time
> sched 25:00 x; sched x y; sched +5<CR>
| mish: sched: 25:00: is no time: 14:30, 2
| :30pm, +1:30 (in an hour and a half) or
| +90 (seconds)
| mish: sched: x: is no time: 14:30, 2:30p
| m, +1:30 (in an hour and a half) or +90
| (seconds)
| usage: sched [[+]hh:mm command | -n]
| $
@ 7 2

### nobody types
% env TMOUT=1
> <pause><pause><pause><pause>
| $
| mish: nobody typed anything: auto-logout
@ 2 0

### … somebody does
% unmoved moves on a busy machine take more than the two seconds
% env TMOUT=2
> a<pause><pause>b<pause><pause>c<pause><pause>d
| $ abcd
@ 0 6

### what a command took
% rc PS1='${CMD_DURATION%??}$ '
> sleep 0.3<CR>
| 0$ sleep 0.3
| 3$
@ 1 3

### the history from the file, with all that is known
% size 12 40
% history #1701266400
% history ls -l
% history pwd
> sleep 0.1; false<CR>
> history -c; history -r; history -v | awk '$4 != "?" { print $1, ($5 >= 0.1 && $5 < 5), $7, $8 }'<CR>
> export TZ=UTC0; HISTTIMEFORMAT='%R '; history | head -2<CR>
| $ sleep 0.1; false
| $ history -c; history -r; history -v | a
| wk '$4 != "?" { print $1, ($5 >= 0.1 &&
| $5 < 5), $7, $8 }'
| 3 1 1 sleep
| $ export TZ=UTC0; HISTTIMEFORMAT='%R ';
| history | head -2
|     1  14:00 ls -l
|     2        pwd
| $
@ 9 2

### the history with all that is known
% rc history -c
> sleep 0.1; false<CR>
> history -v | awk 'NR == 1 { print $1, ($5 >= 0.1 && $5 < 5), $7, $8 }'<CR>
| $ sleep 0.1; false
| $ history -v | awk 'NR == 1 { print $1,
| ($5 >= 0.1 && $5 < 5), $7, $8 }'
| 1 1 1 sleep
| $
@ 4 2

### … without numbers
> history -h<CR>
> history -T | sed 's/[0-9][0-9]:[0-9][0-9]/HH:MM/'<CR>
| $ history -h
| history -h
| $ history -T | sed 's/[0-9][0-9]:[0-9][0
| -9]/HH:MM/'
|     1   HH:MM   history -h
|     2   HH:MM   history -T | sed 's/[0-9
| ][0-9]:[0-9][0-9]/HH:MM/'
| $
@ 7 2

### a history from a file, and into one
% size 12 40
% file old echo one\necho two\n
> history -L old; history -S new<CR>
> history -h<CR>
> grep -v ^# new<CR>
| $ history -L old; history -S new
| $ history -h
| history -L old; history -S new
| echo one
| echo two
| history -h
| $ grep -v ^# new
| history -L old; history -S new
| echo one
| echo two
| $
@ 10 2

### … into the file that HISTFILE names meanwhile
% rc HISTFILE=
> echo a<CR>
> HISTFILE=new; history -S; grep -v ^# new<CR>
| $ echo a
| a
| $ HISTFILE=new; history -S; grep -v ^# n
| ew
| echo a
| HISTFILE=new; history -S; grep -v ^# new
| $
@ 6 2

### … what another shell has written since
% unmoved the file is shared there, too
% size 14 40
% history echo one
> echo 'echo two' >>.mish_history<CR>
> history -h<CR>
> history -M<CR>
> history -h<CR>
| $ echo 'echo two' >>.mish_history
| $ history -h
| echo one
| echo 'echo two' >>.mish_history
| history -h
| $ history -M
| $ history -h
| echo one
| echo 'echo two' >>.mish_history
| history -h
| history -M
| echo two
| history -h
| $
@ 13 2

### a slip in a command that is run
% rc shopt -s correct
> ehco a<CR>
> y<CR>
| $ ehco a
| CORRECT>echo a (y|n|e|a)? y
| a
| $
@ 3 2

### … as it is
% rc shopt -s correct
> ehco a<CR>
> n<CR>
| $ ehco a
| CORRECT>echo a (y|n|e|a)? n
| mish: ehco: not found; did you mean `ech
| o'?
| $
@ 4 2

### … for editing
% rc shopt -s correct; prompt3='really %R? '
> ehco a<CR>
> e<CR>
> x
| $ ehco a
| really echo a? e
| $ ehco ax
@ 2 9

### … not at all
% rc shopt -s correct
> ehco a<CR>
> a<CR>
| $ ehco a
| CORRECT>echo a (y|n|e|a)? a
| $
@ 2 2

### the status of what failed
% rc printexitvalue=1
> false<CR>
> true<CR>
| $ false
| Exit 1
| $ true
| $
@ 3 2

### all files
% file one
% rc rmstar=1
> rm -f *<CR>
> n<CR>
> echo *<CR>
> rm -f *<CR>
> y<CR>
> echo *<CR>
| $ echo *
| one
| $ rm -f *
| Do you really want to delete all files?
| [n/y] y
| $ echo *
| *
| $
@ 7 2

### a bell of one's own
% rc beepcmd() { echo beep >>log; }
> x<Left><Left><Left><CR>
> cat log<CR>
| $ x
| mish: x: not found
| $ cat log
| beep
| beep
| $
@ 5 2

### … also with nobeep, as in tcsh
% rc nobeep=1; beepcmd() { echo beep >>log; }
> x<Left><Left><BS><CR>
> cat log<CR>
| $ x
| mish: x: not found
| $ cat log
| beep
| beep
| $
@ 5 2

### … where nobeep wants none
% told
% unmoved a move draws a prompt
% rc nobeep=1; shopt -u marks
> x<Left><Left><Left>
| 0;mia@HOST: ~

### … and where it does not
% told
% unmoved a move draws a prompt
% rc shopt -u marks
> x<Left><Left><Left>
| 0;mia@HOST: ~
| bell
| bell

### tcsh's periodic, again after tperiod minutes
% rc tperiod=1; alias periodic 'echo one'
> echo<CR>
| one
| $ echo
|
| $
@ 3 2

### nobody types for longer than a clock has
% rc autologout=99999999999999999
> echo a<CR><pause>b
| $ echo a
| a
| $ b
@ 2 3
