# Commands of several lines, pastes, and what was typed ahead.

### a loop is one entry of the history
> for i in 1 2<CR>
> do echo $i<CR>
> done<CR>
> <Up>
| $ for i in 1 2
| > do echo $i
| > done
| 1
| 2
| $ for i in 1 2
| do echo $i
| done
@ 7 4

### an open quote
> echo "a<CR>
> b"<CR>
| $ echo "a
| > b"
| a
| b
| $
@ 4 2

### ^C in the second line
> for i in 1 2<CR>
> do
> <C-c>
> echo ok<CR>
| $ for i in 1 2
| > do^C
| $ echo ok
| ok
| $
@ 4 2

### Up goes through the lines of an entry
> for i in 1<CR>
> do echo $i<CR>
> done<CR>
> <Up><Up>X
| $ for i in 1
| > do echo $i
| > done
| 1
| $ for i in 1
| do eXcho $i
| done
@ 5 5

### Up in the first line is the entry before
> echo first<CR>
> for i in 1<CR>
> do :<CR>
> done<CR>
> <Up><Up><Up><Up>
| $ echo first
| first
| $ for i in 1
| > do :
| > done
| $ echo first
@ 5 12

### Down through the lines
> for i in 1<CR>
> do :<CR>
> done<CR>
> <Up><Up><Up><Down>X
| $ for i in 1
| > do :
| > done
| $ for i in 1
| do :X
| done
@ 4 5

### Home and End are of the row of the text
> for i in 1<CR>
> do :<CR>
> done<CR>
> <Up><Up><Home>X<End>Y
| $ for i in 1
| > do :
| > done
| $ for i in 1
| Xdo :Y
| done
@ 4 6

### a paste of several lines waits
> <paste>echo a<x0a>echo b<x0a></paste>
| $ echo a
| echo b
@ 1 6

### … and runs at Enter
> <paste>echo a<x0a>echo b<x0a></paste><CR>
| $ echo a
| echo b
| a
| b
| $
@ 4 2

### lines of other systems have one end
> <paste>echo a<x0d><x0a><x0d><x0a>echo b<x0d><x0a></paste><CR>
| $ echo a
|
| echo b
| a
| b
| $
@ 5 2

### a tab in a paste completes nothing
> <paste>echo a<Tab>b</paste>
| $ echo a        b
@ 0 17

### control characters in a paste are text
> <paste>echo <x01>a<x1b>[Ab</paste>
| $ echo ^Aa^[[Ab
@ 0 15

### a paste with CR as terminals send it
> <paste>echo a<CR>echo b</paste>
| $ echo a
| echo b
@ 1 6

### a paste in the middle
> echo ()<Left><paste>x y</paste>
| $ echo (x y)
@ 0 11

### a paste is undone at once
> echo <paste>a b c</paste><C-_>
| $ echo
@ 0 7

### an entry taller than the screen
% size 4 20
> <paste>a1<x0a>a2<x0a>a3<x0a>a4<x0a>a5<x0a>a6</paste>
| a3
| a4
| a5
| a6
@ 3 2

### … from its top
% size 4 20
> <paste>a1<x0a>a2<x0a>a3<x0a>a4<x0a>a5<x0a>a6</paste><Up><Up><Up><Up><Up>X
| $ a1X
| a2
| a3
| a4
@ 0 5

### a here-document
> cat <lt><lt>E<CR>
> text<CR>
> E<CR>
| $ cat <<E
| > text
| > E
| text
| $
@ 4 2

### a backslash at the end
> echo a \<CR>
> b<CR>
| $ echo a \
| > b
| a b
| $
@ 3 2

### what was typed while a command ran
% unmoved it takes too long
> sleep 1<CR><pause>echo typed<CR>
| $ sleep 1
| echo typed
| $ echo typed
| typed
| $
@ 4 2

### … and a half line
% unmoved it takes too long
> sleep 1<CR><pause>echo half
| $ sleep 1
| echo half⏎
| $ echo half
@ 2 11

### ^C behind a backslash runs nothing
> echo no \<CR>
> <C-c>
> echo yes<CR>
| $ echo no \
| > ^C
| $ echo yes
| yes
| $
@ 4 2

### … nor does a history reference that is none
> echo no \<CR>
> !nosuch<CR>
| $ echo no \
| > !nosuch
| mish: !nosuch: event not found
| >
@ 3 2

### a paste is one entry of the history, and its commands run one after the other
> <paste>echo one<x0a>false<x0a>echo $?</paste><CR>
> <Up>
| $ echo one
| false
| echo $?
| one
| 1
| $ echo one
| false
| echo $?
@ 7 7

### what ends a command ends the entry
> <paste>echo ${x&y}<x0a>echo not</paste><CR>
| $ echo ${x&y}
| echo not
| mish: ${x&y}: bad substitution
| $
@ 3 2

### ^X^E in the second line is none
% env VISUAL=$HOME/ed
% program ed #!/bin/sh\necho "echo edited" >"$1"\n
> for i in 1<CR>
> do<C-x><C-e> echo $i; done<CR>
| $ for i in 1
| > do echo $i; done
| 1
| $
@ 3 2

### a loop in a paste, with a command behind it
> <paste>for i in 1 2<x0a>do echo $i<x0a>done<x0a>echo end</paste><CR>
| $ for i in 1 2
| do echo $i
| done
| echo end
| 1
| 2
| end
| $
@ 7 2
