# What is coloured: 1 red (no command, open quotes), 3 yellow (quoted), 8 grey (comments, suggestions).

### a command, and what is none
% styles
> echo a; nosuch b
| $ echo a; {1:nosuch} b
@ 0 18

### a command for another node, and csh's arithmetic
% styles
> @beta nosuch; @beta ls; @ x = 5
| $ @beta {1:nosuch}; @beta ls; @ x = 5
@ 0 33

### while it is typed
% styles
> ech
| $ {1:ech}
@ 0 5

### quoted text
% styles
> echo "a b" 'c'
| $ echo {3:"a b"} {3:'c'}
@ 0 16

### an open quote
% styles
> echo "a b
| $ echo {1:"}{3:a b}
@ 0 11

### a comment
% styles
> echo a # b c
| $ echo a {8:# b c}
@ 0 14

### no comment
% styles
> echo a#b
| $ echo a#b
@ 0 10

### behind a pipe, and, or
% styles
> echo a | nosuch && nosuch2 || nosuch3
| $ echo a | {1:nosuch} && {1:nosuch2} || {1:nosuch3}
@ 0 39

### words that begin a command
% styles
> if nosuch; then sudo nosuch; fi
| $ if {1:nosuch}; then {1:sudo} {1:nosuch}; fi
@ 0 33

### a function that is defined, and an assignment
% styles
> f() { A=1 nosuch; }
| $ f() { A=1 {1:nosuch}; }
@ 0 21

### behind a redirection stands a file
% styles
> <lt>in >out nosuch
| $ <in >out {1:nosuch}
@ 0 17

### a pattern of case
% styles
> case x in nosuch) nosuch;; esac
| $ case x in nosuch) {1:nosuch};; esac
@ 0 33

### a path
% styles
> /bin/ls; /bin/nosuch
| $ /bin/ls; {1:/bin/nosuch}
@ 0 22

### an expansion may be anything
% styles
> $x; `y`; ${z}
| $ $x; `{1:y}`; ${z}
@ 0 15

### a builtin, an alias, a function
% styles
% rc f1() { :; }; alias a1=ls
> cd; a1; f1; f2
| $ cd; a1; f1; {1:f2}
@ 0 16

### switched off
% styles
% rc shopt -u highlight
> nosuch "a
| $ nosuch "a
@ 0 11

### NO_COLOR
% styles
% env NO_COLOR=1
> nosuch "a
| $ nosuch "a
@ 0 11

### what stays has them, too
% styles
> nosuch<CR>
| $ {1:nosuch}
| mish: nosuch: not found
| $
@ 2 2

### in several lines
% styles
> <paste>echo a<x0a>nosuch b</paste>
| $ echo a
| {1:nosuch} b
@ 1 8

### history in the middle of a quote
% styles
> echo "a" nosuch 'b c
| $ echo {3:"a"} nosuch {1:'}{3:b c}
@ 0 22

### arithmetic
% styles
> echo $((a + b)); ((c++)); nosuch
| $ echo $((a + b)); ((c++)); {1:nosuch}
@ 0 34

### a command substitution
% styles
> echo $(nosuch a)
| $ echo $({1:nosuch} a)
@ 0 18

### NO_COLOR: what is suggested has none either
% styles
% env NO_COLOR=1
% history echo one
> ec
| $ echo one
@ 0 4

### descriptors are no commands
% styles
% size 8 60
> ls 2>&1 >&2 <lt>&3 >|f 2>&1- a; 2>/dev/null nosuch
| $ ls 2>&1 >&2 <&3 >|f 2>&1- a; 2>/dev/null {1:nosuch}
@ 0 49

### both to a file, and a job behind an ampersand
% styles
% size 8 60
> ls &>f a & nosuch &>>f & nosuch
| $ ls &>f a & {1:nosuch} &>>f & {1:nosuch}
@ 0 33

### coproc, its name, and time
% styles
% size 8 70
> coproc cat; coproc P { nosuch; }; coproc nosuch; time nosuch
| $ coproc cat; coproc P { nosuch; }; coproc {1:nosuch}; time {1:nosuch}
@ 0 62

### a quote behind a backslash in $'…'
% styles
% size 8 60
> echo $'it\'s' ok \$'a\' $$'b\' $'o\'
| $ echo ${3:'it\'s'} ok \${3:'a\'} $${3:'b\'} ${1:'}{3:o\'}
@ 0 38
