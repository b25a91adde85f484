# Prompts, and what stands before them.

### output without a newline is kept, and marked
> printf abc<CR>
| $ printf abc
| abc⏎
| $
@ 2 2

### output with one has no mark
> printf 'abc\n'<CR>
| $ printf 'abc\n'
| abc
| $
@ 2 2

### output that ends in the last column
% size 8 20
> printf 01234567890123456789<CR>
| $ printf 01234567890
| 123456789
| 01234567890123456789
| $
@ 3 2

### a prompt of two rows
% env PS1=%~<x0a>$ 
% rc PS1=$'one\ntwo> '
> echo a<CR>
| one
| two> echo a
| a
| one
| two>
@ 4 5

### … that is wider than the screen
% size 8 20
% rc PS1='0123456789012345678901234> '
> echo a
| 01234567890123456789
| 01234> echo a
@ 1 13

### attributes end
% styles
% rc PS1='%Bb%b %Uu%u %Ss%s> '
> x
| {199:b} {399:u} {99:s}> {1:x}
@ 0 8

### colours in a prompt have no width
% rc PS1=$'%{\e[32m%}g%{\e[0m%}> '
> echo 0123456789012345678901234567890123456789
| g> echo 01234567890123456789012345678901
| 23456789
@ 1 8

### bash's escapes
% unmoved the user is another one
% rc PS1='\u:\W\$ '
> cd /tmp<CR>
| mia:~# cd /tmp
| mia:tmp#
@ 1 9

### a prompt with a command in it
% rc PS1='$(echo hi)> '
> echo a
| hi> echo a
@ 0 10

### the right prompt
% rc RPS1=right
> echo a
| $ echo a                          right
@ 0 8

### … goes away where the line needs the room
% rc RPS1=right
> echo 01234567890123456789012345678
| $ echo 01234567890123456789012345678
@ 0 36

### … and comes back
% rc RPS1=right
> echo 01234567890123456789012345678<C-w>
| $ echo                            right
@ 0 7

### … and is no part of what stays
% rc RPS1=right
> echo a<CR>
| $ echo a
| a
| $                                 right
@ 2 2

### PS2
% rc PS2='more> '
> echo "<CR>
| $ echo "
| more>
@ 1 6

### an empty prompt
% rc PS1=
> echo a
| echo a
@ 0 6

### %? and %h
% rc PS1='%? %h> '
> false<CR>
| 0 1> false
| 1 2>
@ 1 5

### a terminal that is left in a mode of its own
> printf '\033[?25l\033[?1000h\033(0'<CR>
> echo qqq<CR>
| $ printf '\033[?25l\033[?1000h\033(0'
| $ echo qqq
| qqq
| $
@ 3 2

### … in insert mode
% rc RPS1=right
> printf '\033[4h'<CR>
> echo abc
| $ printf '\033[4h'
| $ echo abc                        right
@ 1 10

### … with a scroll region
> printf '\033[2;4r'<CR>
> seq 5<CR>
| $ seq 5
| 1
| 2
| 3
| 4
| 5
| $
@ 6 2

### … and origin mode, without wrapping
> printf '\033[?7l\033[2;4r\033[?6h\033[3;1H'<CR>
> echo 0123456789012345678901234567890123456789
| $ printf '\033[?7l\033[2;4r\033[?6h\033[
| 3;1H'
|
| $ echo 012345678901234567890123456789012
| 3456789
@ 4 7

### … on the other screen
> printf '\033[?1049h\033[?6h\033[2;4r\033[3;1H'<CR>
> echo 0123456789012345678901234567890123456789<CR>
|
|
|
| $ echo 012345678901234567890123456789012
| 3456789
| 0123456789012345678901234567890123456789
| $
@ 6 2

### ^L with a region and origin mode
> printf '\033[2;4r\033[?6h'<CR>
> <C-l>x
| $ x
@ 0 3

### PROMPT_COMMAND
% unmoved a move draws a prompt
% rc PROMPT_COMMAND='echo before'
> :<CR>
| before
| $ :
| before
| $
@ 3 2

### the narrowest screen
% size 4 3
> echo
| $ e
| cho
@ 2 0

### a job that ends is told at the next prompt
% unmoved jobs stay
> sleep 0.2 &<CR>
> sleep 0.6<CR>
| $ sleep 0.2 &
| [1] PID
| $ sleep 0.6
| [1] + Done       sleep 0.2
| $
@ 4 2

### set -b tells at once
% unmoved jobs stay
% rc set -b
> (sleep 0.5; exit 3) &<CR>
> echo a<pause><pause>b
| $ (sleep 0.5; exit 3) &
| [1] PID
| [1] + Done(3)    ( sleep 0.5; exit 3; )
| $ echo ab
@ 3 9

### zsh's PROMPT, and PS1: the last counts
> PROMPT='%%a '<CR>
> PS1='b '<CR>
> :<CR>
> PROMPT='c '<CR>
| $ PROMPT='%%a '
| %a PS1='b '
| b :
| b PROMPT='c '
| c
@ 4 2

### %c3 where the path is no longer
% unmoved the name of HOME is as wide as it is
% rc PS1='%c3|%C2|%2~|%c4|%c|%c03> '
> cd /usr/share<CR>
> cd /usr<CR>
> cd /<CR>
| ~|HOME|~|~|~|~> cd
| /usr/share
| /usr/share|/usr/share|/usr/share|/usr/sh
| are|share|/usr/share> cd /usr
| /usr|/usr|/usr|/usr|usr|/usr> cd /
| /|/|/|/|/|/>
@ 5 13

### PROMPT_DIRTRIM shortens bash's \w
% rc mkdir -p aa/bb/cc/dd; PS1='\w> ' PROMPT_DIRTRIM=2
> cd aa/bb/cc/dd<CR>
> cd /usr/lib/ssl/..<CR>
> cd /usr/share/doc<CR>
> PROMPT_DIRTRIM=<CR>
| ~> cd aa/bb/cc/dd
| ~/.../cc/dd> cd /usr/lib/ssl/..
| /usr/lib> cd /usr/share/doc
| .../share/doc> PROMPT_DIRTRIM=
| /usr/share/doc>
@ 4 16

### \j counts running jobs, too
% unmoved jobs stay
% rc PS1='\j> '
% size 8 50
> sleep 9 &<CR>
> sleep 9 &<CR>
| 0> sleep 9 &
| [1] PID
| 1> sleep 9 &
| [2] PID
| 2>
@ 4 3
