# Moving and changing in one line.

### letters go where the cursor is
> echo ac<Left>b
| $ echo abc
@ 0 9

### Home and End
> cho a<Home>e<End>b<CR>
| $ echo ab
| ab
| $
@ 2 2

### ^A and ^E
> cho a<C-a>e<C-e>b<CR>
| $ echo ab
| ab
| $
@ 2 2

### keys that nobody has are no text
> ec<F5><Ins><F12><PgUp><S-F5><S-Left>ho<focus> a
| $ echo a
@ 0 8

### Ctrl-Left and Ctrl-Right go by words
> echo one two<C-Left><C-Left>X<C-Right>Y
| $ echo XoneY two
@ 0 12

### Alt-Left goes by words, too
> echo one two<M-Left>X
| $ echo one Xtwo
@ 0 12

### M-b and M-f
> echo one two<M-b><M-b>X<M-f>Y
| $ echo XoneY two
@ 0 12

### ^B and ^F
> echo ab<C-b><C-b>X<C-f>Y
| $ echo XaYb
@ 0 10

### Del takes what is under the cursor
> echo abc<Left><Left><Del>
| $ echo ac
@ 0 8

### ^D takes it as well, and ends the shell only on an empty line
> echo abc<C-a><C-d><C-e>
| $ cho abc
@ 0 9

### Backspace and ^H
> echo abc<BS><C-h>d
| $ echo ad
@ 0 9

### ^K, and ^Y brings it back
> echo abc def<C-Left><C-k><C-a><C-y>
| $ defecho abc
@ 0 5

### ^U takes the whole line
> echo abc<C-u>ls
| $ ls
@ 0 4

### ^W goes by blanks
> echo a/b c.d<C-w>X
| $ echo a/b X
@ 0 12

### M-Backspace goes by words
> echo a/b-c<M-BS>
| $ echo a/b-
@ 0 11

### kills one after the other are one
> echo a b c<C-w><C-w><C-a><C-y>
| $ b cecho a
@ 0 5

### M-y goes through what was killed
> one<C-u>two<C-u><C-y><M-y>
| $ one
@ 0 5

### M-y again comes back to the first
> one<C-u>two<C-u><C-y><M-y><M-y>
| $ two
@ 0 5

### M-d
> echo abc def<C-a><M-d>X
| $ X abc def
@ 0 3

### Ctrl-Del
> echo abc def<C-a><C-Right><C-Del>
| $ echo def
@ 0 6

### ^T exchanges two characters
> echo ab<C-t>
| $ echo ba
@ 0 9

### M-u, M-l and M-c
> abc DEF ghi<C-a><M-u><M-l><M-c>
| $ ABC def Ghi
@ 0 13

### undo takes a word back
> echo abc def<C-_>
| $ echo abc
@ 0 11

### undo, all of it
> echo abc def<C-_><C-_><C-_><C-_><C-_><C-_>
| $
@ 0 2

### undo of a kill
> echo abc<C-u><C-_>
| $ echo abc
@ 0 10

### ^X^U is undo
> echo abc def<C-x><C-u>
| $ echo abc
@ 0 11

### undo of a deletion in the middle
> echo abc<Left><BS><BS><C-_><C-_>
| $ echo abc
@ 0 9

### ^C leaves the line and begins another
> echo abc
> <C-c>
> ls
> <C-c>
| $ echo abc^C
| $ ls^C
| $
@ 2 2

### ^L clears, and the line stays
> echo a<CR>
> echo b<C-l>
| $ echo b
@ 0 8

### a line longer than the screen is wide
% size 6 20
> echo 0123456789abcdefghijklm
| $ echo 0123456789abc
| defghijklm
@ 1 10

### moved in a long line
% size 6 20
> echo 0123456789abcdefghijklm<C-a><Right>X
| $ eXcho 0123456789ab
| cdefghijklm
@ 0 4

### a long line that gets shorter
% size 6 20
> echo 0123456789abcdefghijklm<C-w>
| $ echo
@ 0 7

### exactly as long as the row
% size 6 20
> echo 0123456789abc
> <BS>
| $ echo 0123456789ab
@ 0 19

### a long line, run
% size 6 20
> echo 0123456789abcdefghijklm<CR>
| $ echo 0123456789abc
| defghijklm
| 0123456789abcdefghij
| klm
| $
@ 4 2

### a tab at the beginning is one
> <Tab>echo a
| $       echo a
@ 0 14

### ^V takes the next key as it is
> echo <C-v><C-a>|od -c<CR>
| $ echo ^A|od -c
| 0000000 001  \n
| 0000002
| $
@ 3 2

### an Escape that comes alone does nothing
> echo a<Esc>
> <Esc>
> <BS>b
| $ echo b
@ 0 8

### a broken sequence is no text
% unmoved a move takes longer than it
> echo a<Esc>[9<pause>
> b
| $ echo ab
@ 0 9

### ^D on an empty line leaves
> <C-d>
| $ exit
@ 1 0

### ignoreeof
% rc set -o ignoreeof
> <C-d>
| $
| mish: use `exit' to leave the shell
| $
@ 2 2

### IGNOREEOF is a number
% unmoved they are counted from the beginning
% rc IGNOREEOF=1
> <C-d>:<CR>
> <C-d>
> <C-d>
| $
| mish: use `exit' to leave the shell
| $ :
| $
| mish: use `exit' to leave the shell
| $ exit
@ 6 0

### ^Z does nothing at the prompt
> echo a
> <C-z>
> b<CR>
| $ echo ab
| ab
| $
@ 2 2

### ^S and ^Q do not stop it
> echo a<C-q>b<CR>
| $ echo ab
| ab
| $
@ 2 2

### read -e: the line is edited; -i begins it
% unmoved a command runs
> read -e -p 'Name: ' -i 'mia meyer' n; echo "($n)"<CR>
> <C-a>Dr. <C-e>s<CR>
| $ read -e -p 'Name: ' -i 'mia meyer' n;
| echo "($n)"
| Name: Dr. mia meyers
| (Dr. mia meyers)
| $
@ 4 2

### … also in several lines
% unmoved a command runs
> read -e -i $'a\nb' n; echo "($n)"<CR>
> <CR>
| $ read -e -i $'a\nb' n; echo "($n)"
| a
| b
| (a)
| $
@ 4 2

### … and ^C gives it up
% unmoved a command runs
> read -e n; echo "($n)"<CR>
> abc<C-c>x
| $ read -e n; echo "($n)"
| ^C
| $ x
@ 2 3

### … and ^D is the end of the input
% unmoved a command runs
> read -e n; echo "$?($n)"<CR>
> <C-d>
| $ read -e n; echo "$?($n)"
| 1()
| $
@ 2 2
