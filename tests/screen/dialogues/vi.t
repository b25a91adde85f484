# set -o vi.

### insert, then a command
% rc set -o vi
> echo abc
> <Esc>
> 0x
| $ cho abc
@ 0 2

### b, w and i
% rc set -o vi
> echo abc def
> <Esc>
> bbiX 
| $ echo X abc def
@ 0 9

### dw and p
% unmoved what vi's commands took away does not come along
% rc set -o vi
> echo abc def
> <Esc>
> bbdw$p
| $ echo defabc
@ 0 10

### A and I
% rc set -o vi
> cho
> <Esc>
> Ie
> <Esc>
> A a<CR>
| $ echo a
| a
| $
@ 2 2

### k and j
% rc set -o vi
% history echo one
% history echo two
> <Esc>
> kkj
| $ echo two
@ 0 2

### arrows while inserting
% rc set -o vi
% history echo one
> <Up><Left>X
| $ echo onXe
@ 0 10

### arrows as commands
% rc set -o vi
> echo abc
> <Esc>
> <Left><Left>x
| $ echo bc
@ 0 7

### Home and End
% rc set -o vi
> echo abc
> <Esc>
> <Home>iX<End>Y
| $ Xecho abcY
@ 0 12

### u takes back
% rc set -o vi
> echo abc
> <Esc>
> xu
| $ echo abc
@ 0 9

### v opens the editor
% rc set -o vi
% env VISUAL=$HOME/ed
% program ed #!/bin/sh\necho "echo edited" >"$1"\n
> echo a
> <Esc>
> v
> <CR>
| $ echo a
| $ echo edited
| edited
| $
@ 3 2

### Enter runs in command mode
% rc set -o vi
> echo abc
> <Esc>
> <CR>
| $ echo abc
| abc
| $
@ 2 2

### ~ changes case
% rc set -o vi
> echo abc
> <Esc>
> 0~~
| $ ECho abc
@ 0 4

### /text finds
% rc set -o vi
% history echo one
% history ls
> <Esc>
> /one<CR>
| $ echo one
@ 0 2

### back to emacs
% rc set -o vi
> set -o emacs<CR>
> echo ab<C-a>X
| $ set -o emacs
| $ Xecho ab
@ 1 3

### .editrc is there in both
% file .editrc bind "^X^A" ed-move-to-beg\n
> echo a<C-x><C-a>X
> <C-c>
> set -o vi<CR>
> set -o emacs<CR>
> echo a<C-x><C-a>X
| $ Xecho a^C
| $ set -o vi
| $ set -o emacs
| $ Xecho a
@ 3 3

### a user's key in .editrc
% file .editrc bind "\\e[15~" ed-move-to-beg\n
> echo a<F5>X
| $ Xecho a
@ 0 3

### $ on an empty line
% rc set -o vi
> <Esc>
> $
> $iecho a<CR>
| $ echo a
| a
| $
@ 2 2

### d$
% rc set -o vi
> echo abc def
> <Esc>
> 0wd$
| $ echo
@ 0 6

### Esc and a key of several bytes at once: that is another key
% rc set -o vi
> echo abc def<Esc><Ins>x
| $ echo abc de
@ 0 12

### … bound or not
% rc set -o vi
> echo abc def<Esc>0<Esc><C-Right>x<Esc><F5><Esc><F1>x
| $ echobc def
@ 0 6

### … and Esc twice
% rc set -o vi
> echo abc def<Esc><Esc>x
| $ echo abc de
@ 0 12

### k and j are any entry, whatever was typed
% rc set -o vi
% history echo one
% history ls two
% history echo three
> ec<Esc>kkkjx
| $ s two
@ 0 2

### … and back to what was typed
% rc set -o vi
% history echo one
% history ls two
> abc<Esc>kkjj
| $ abc
@ 0 2

### … - and +, and the arrows of command mode
% rc set -o vi
% history echo one
% history ls two
% history pwd
> ec<Esc>-<Up><Up><Down>
| $ ls two
@ 0 2

### … where those of inserting look for what begins so
% rc set -o vi
% history echo one
% history ls two
> ec<Up>
| $ echo one
@ 0 10

### u and completion leave what was deleted for p
% unmoved what vi's commands took away does not come along
% rc set -o vi
% file abcd
> echo one two three<Esc>bdwup
> Sls a<Tab><Esc>p
| $ ls abcd echo one two tthreehree
@ 0 10

### a count before an insertion
% unmoved a count does not come along
% rc set -o vi
% size 10 40
> 3
> <Esc>3iab<Esc>
> 2a-<Esc>
> 2Iz<Esc>2A+<Esc>ix<Esc>
| $ zzababab--3+x+
@ 0 14

### text objects
% unmoved what vi's commands took away does not come along
% rc set -o vi
% size 12 50
> echo foo-bar (a (b) c) "d e" 'f'<Esc>
> 0wdiw
> f(ci(xy<Esc>
> f"da"
> $di'
> I#<Esc><CR>
> echo (a [b {c} d])<Esc>
> Fcda{
> yi[$p
> I#<Esc><CR>
> echo one two three<Esc>
> bdaw
> ciWx<Esc>
> I#<Esc><CR>
| $ #echo -bar (xy)  ''
| $ #echo (a [b  d])b  d
| $ #echo one x
| $
@ 3 2

### text objects that are not there change nothing
% rc set -o vi
% size 8 50
> echo abc
> <Esc>
> di(
> dix
> ca"
> x
| $ echo ab
@ 0 8

### what is not there types nothing
% rc set -o vi
% size 8 50
> echo abc
> <Esc>
> "ayw
> "add
> ma
> 'a
> `a
> gUiw
> >w
> d'a
> "ap
> x
| $ echo ab
@ 0 8

### \ completes the word
% rc set -o vi
% file longname x
> ls lo
> <Esc>
> 0w
> \
> x
| $ ls longname x
@ 0 15

### … in the middle of the line
% rc set -o vi
% file longname x
> ls lo y
> <Esc>
> 0w\
> x
| $ ls longname x y
@ 0 15

### * takes all that the word may be
% rc set -o vi
% file f-one x
% file f-two x
> ls f-
> <Esc>
> *
> x
| $ ls f-one f-two x
@ 0 18

### = lists and leaves the line
% rc set -o vi
% size 10 50
% file f-one x
% file f-two x
> ls f- x
> <Esc>
> 0w
> =
> x
| $ ls f- x
| f-one  f-two
| $ ls - x
@ 2 5
