# What was entered before.

### Up and Down
% history echo one
% history echo two
> <Up><Up><Down>
| $ echo two
@ 0 10

### Down comes back to what was typed
% history echo one
> new<C-p><C-n>x
| $ newx
@ 0 6

### Up looks for what begins like the line
% history echo one
% history ls -l
% history echo two
> ec<Up><Up>
| $ echo one
@ 0 10

### … also after a search that was given up
% history echo one
% history make
% history ls -l
> <C-r>ls<C-g>ec<Up>
| $ echo one
@ 0 10

### … and leaves out what is shown already
% history echo one
% history echo two
% history echo two
> ec<Up><Up>
| $ echo one
@ 0 10

### … and says so when there is none
% history ls
> ec<Up>x
| $ ecx
@ 0 5

### changed entries are new
% history echo one
> <Up><BS><BS><BS>two<CR>
> <Up><Up>
| $ echo two
| two
| $ echo one
@ 2 10

### PgUp and PgDn
% history echo one
% history echo two
> <PgUp><PgUp><PgDn>
| $ echo two
@ 0 10

### ^P and ^N
% history echo one
% history echo two
> <C-p><C-p><C-n>
| $ echo two
@ 0 10

### M-. gives the last word
% history echo one two
> ls <M-.>
| $ ls two
@ 0 8

### M-. again goes on
% history echo one two
% history echo three four
> ls <M-.><M-.>
| $ ls two
@ 0 8

### M-. at the end of the history
% history echo one
> ls <M-.><M-.>
| $ ls one
@ 0 8

### ^R finds
% history echo one
% history ls two
% history echo three
> <C-r>one
| $ echo one
| history: one
@ 0 7

### ^R again goes further back
% history echo one a
% history echo two a
> <C-r>a<C-r>
| $ echo one a
| history: a
@ 0 11

### ^S goes forward again
% history echo one a
% history echo two a
% history echo three a
> <C-r>a<C-r><C-r><C-s>
| $ echo two a
| history: a
@ 0 11

### Enter runs what was found
% history echo one
% history ls two
> <C-r>one<CR>
| $ echo one
| one
| $
@ 2 2

### an arrow takes it
% history echo one
> <C-r>one<Left>X
| $ echoX one
@ 0 7

### ^G goes back to what was typed
% history echo one
> abc<C-r>one<C-g>
| $ abc
@ 0 5

### Escape keeps it
% history echo one
> <C-r>one
> <Esc>
> X
| $ echo Xone
@ 0 8

### nothing is found
% history echo one
> <C-r>zzz
| $
| history, not found: zzz
@ 0 2

### … and a letter less finds again
% history echo one
> <C-r>oz<BS>
| $ echo one
| history: o
@ 0 5

### among twenty thousand that are alike the first is found, however fast the keys come
% rc HISTSIZE=30000
>  seq -f 'echo alike %.0f it' 20000 >h; history -r h; clear<CR>
> <C-r>ke 1 it<CR>
> <C-r>e<C-r><C-r> 7<CR>
> <C-r>alike 77<C-g>echo alike 2 <Right><CR>
| $ echo alike 1 it
| alike 1 it
| $ echo alike 7999 it
| alike 7999 it
| $ echo alike 2 it
| alike 2 it
| $
@ 6 2

### … and shown once it is there
% rc HISTSIZE=30000
>  seq -f 'echo alike %.0f it' 20000 >h; history -r h; clear<CR>
> <C-r>ke 1 i
| $ echo alike 1 it
| history: ke 1 i
@ 0 10

### … or said that it is not
% rc HISTSIZE=30000
>  seq -f 'echo alike %.0f it' 20000 >h; history -r h; clear<CR>
> <C-r>ke it
| $ echo alike 20000 it
| history, not found: ke it
@ 0 10

### ^C leaves the search
% history echo one
> <C-r>one
> <C-c>
| $ echo one^C
| $
@ 1 2

### letters with é
% history echo été
> <C-r>té<C-e>
| $ echo été
@ 0 10

### the same command is found once
% history echo one a
% history echo two a
% history echo two a
> <C-r>a<C-r>
| $ echo one a
| history: a
@ 0 11

### !! is shown before it runs
% history echo one
> !!<CR>
| $ !!
| echo one
| one
| $
@ 3 2

### !$
% history echo one two
> echo !$<CR>
| $ echo !$
| echo two
| two
| $
@ 3 2

### what is not there
> !nosuch<CR>
| $ !nosuch
| mish: !nosuch: event not found
| $
@ 2 2

### a leading blank keeps a command out
>  echo secret<CR>
> <Up>
| $  echo secret
| secret
| $
@ 2 2

### a suggestion
% history echo one two
> ech
| $ echo one two
@ 0 5

### … is taken by Right
% history echo one two
> ech<Right>
| $ echo one two
@ 0 14

### … by End
% history echo one two
> ech<End>
| $ echo one two
@ 0 14

### … by a word
% history echo one two
> ech<C-Right>
| $ echo one two
@ 0 6

### … and a word more
% history echo one two
> ech<C-Right><C-Right>
| $ echo one two
@ 0 10

### … is not run
% history echo one two
> echo<CR>
| $ echo
|
| $
@ 2 2

### … goes where it does not fit
% history echo one two
> echo x
| $ echo x
@ 0 8

### … in grey
% styles
% history echo one two
> ech
| $ {1:ech}{8:o one two}
@ 0 5

### … not where it is switched off
% history echo one two
% rc shopt -u suggest
> ech
| $ ech
@ 0 5

### … not when the cursor is in the line
% history echo one two
> ech<Left>
| $ ech
@ 0 4

### ^X^E opens the editor
% env VISUAL=$HOME/ed
% program ed #!/bin/sh\necho "echo edited" >"$1"\n
> echo a<C-x><C-e><CR>
| $ echo a
| $ echo edited
| edited
| $
@ 3 2

### … which may fail
% env VISUAL=false
> echo a<C-x><C-e>b
| $ echo a
| $ echo ab
@ 1 9

### set -o sharehistory brings in what others write
% unmoved the file is shared there, too
% rc set -o sharehistory
> echo 'echo other' >>$HISTFILE<CR>
> <Up>
| $ echo 'echo other' >>$HISTFILE
| $ echo other
@ 1 12

### without, it does not
> echo 'echo other' >>$HISTFILE<CR>
> <Up>
| $ echo 'echo other' >>$HISTFILE
| $ echo 'echo other' >>$HISTFILE
@ 1 31

### history -s and -p are no entries
% size 24 40
% unmoved one command more is in the history
> echo one<CR>
> history -s foo bar; history -p '!!' '!e:0'<CR>
> history -p '!none'<CR>
>  history -s by itself<CR>
> f() { history -s f $1; }; f 1<CR>
> history<CR>
> history -c; history -r; history<CR>
| $ echo one
| one
| $ history -s foo bar; history -p '!!' '!
| e:0'
| foo bar
| echo
| $ history -p '!none'
| mish: history: !none: event not found
| $  history -s by itself
| $ f() { history -s f $1; }; f 1
| $ history
|     1   echo one
|     2   foo bar
|     3   by itself
|     4   f 1
|     5   history
| $ history -c; history -r; history
|     1   echo one
|     2   foo bar
|     3   by itself
|     4   f 1
|     5   history
|     6   history -c; history -r; history
| $
@ 23 2

### history -a appends what was entered here, once
% size 24 40
% unmoved one command more is in the history
% history echo before
> echo one<CR>
> history -a f; grep -v '^#' f<CR>
> history -a f; grep -v '^#' f<CR>
> history -a; history -a g; sed -n 2p g<CR>
| $ echo one
| one
| $ history -a f; grep -v '^#' f
| echo one
| history -a f; grep -v '^#' f
| $ history -a f; grep -v '^#' f
| echo one
| history -a f; grep -v '^#' f
| history -a f; grep -v '^#' f
| $ history -a; history -a g; sed -n 2p g
| echo one
| $
@ 11 2

### M-. takes a word with its quotes
% history echo "a b"
> ls <M-.>
| $ ls "a b"
@ 0 10

### ^R and a paste
% history echo one
% history echo two
> <C-r><paste>one</paste>
| $ echo one
| history: one
@ 0 7

### an entry steers no terminal
> : <C-v><x1b>[7mx<CR>
> !!<CR>
| $ : ^[[7mx
| $ !!
| : ?[7mx
| $
@ 3 2

### the history is cleared while an entry is shown
% history echo one
% rc trap 'history -c' USR1
> <Up>
> <C-c>
> history -c<CR>
> <Up><Down><Up>x
| $ echo one^C
| $ history -c
| $ x
@ 2 3

### $? after a history reference that is none
> !nosuch<CR>
> echo $?<CR>
| $ !nosuch
| mish: !nosuch: event not found
| $ echo $?
| 0
| $
@ 4 2

### histverify: what `!` makes of the line is looked at first
% rc shopt -s histverify
% history echo one
> !!<CR> two
| $ !!
| $ echo one two
@ 1 14

### histreedit: what cannot be is not typed again
% rc shopt -s histreedit
> echo !nothing<CR><BS>
| $ echo !nothing
| mish: !nothing: event not found
| $ echo !nothin
@ 2 14

### checkjobs: a job that runs is told of, once
% unmoved jobs stay
% rc shopt -s checkjobs
% rc sleep 100 &
> <C-d>kill %1<C-u>
| [1] PID
| $
| mish: there are running jobs
| $
@ 3 2

### merging another file
% rc echo 'echo from there' >other
> history -M other<CR><Up>
| $ history -M other
| $ echo from there
@ 1 17

### a reference in braces ends with them, and one may stand in others
% size 20 50
% history echo one two
> echo !{echo}x<CR>
> echo {!{-1:1},!!:0}a<CR>
> echo a{!#:0}; x=a y=x; echo ${!y}<CR>
> echo {!!}<CR>
> !{echo<CR>
> !{nosuch}x<CR>
| $ echo !{echo}x
| echo echo one twox
| echo one twox
| $ echo {!{-1:1},!!:0}a
| echo {echo,echo}a
| echoa echoa
| $ echo a{!#:0}; x=a y=x; echo ${!y}
| echo a{echo}; x=a y=x; echo ${!y}
| a{echo}
| a
| $ echo {!!}
| echo {echo a{echo}; x=a y=x; echo ${!y}}
| {echo a{echo}
| a}
| $ !{echo
| mish: !{echo: missing }
| $ !{nosuch}x
| mish: !{nosuch: event not found
| $
@ 18 2

### … and modifiers of both kinds
% history echo foo foo
> echo !!:1-2:gas/o/0/<CR>
> echo !!:1-2:ags/0/o/<CR>
| $ echo !!:1-2:gas/o/0/
| echo f00 f00
| f00 f00
| $ echo !!:1-2:ags/0/o/
| echo foo foo
| foo foo
| $
@ 6 2

### a here-document has no events
> cat <<'E'<CR>
> #!/bin/sh<CR>
> ^a^b<CR>
> E<CR>
| $ cat <<'E'
| > #!/bin/sh
| > ^a^b
| > E
| #!/bin/sh
| ^a^b
| $
@ 6 2

### … nor has what is quoted since an earlier line, or a paste of both
% history echo one
> echo '<CR>
> !ec' !ec<CR>
> <paste>cat <<E<CR>#!/bin/sh<CR>E</paste><CR>
| $ echo '
| > !ec' !ec
| !ec' echo one
|
| !ec echo one
| $ cat <<E
| #!/bin/sh
| E
| #!/bin/sh
| $
@ 9 2
% size 12 40

### a line that names no event does not take those before it
> cat <<E<CR>
> keep<CR>
> E<CR>
> echo "a<CR>
> !nosuch"<CR>
> b"<CR>
| $ cat <<E
| > keep
| > E
| keep
| $ echo "a
| > !nosuch"
| mish: !nosuch: event not found
| > b"
| a
| b
| $
@ 10 2
% size 12 40

### what ^C gives up at PS2 can be called back
% size 10 50
> for i in a b; do<CR>
> echo $i<CR>
> x
> <C-c>
> <Up>
| $ for i in a b; do
| > echo $i
| > x^C
| $ for i in a b; do
| echo $i
@ 4 7

### … of a here-document, behind a backslash, and of a quote
% size 16 50
> cat <lt><lt>E<CR>
> one<CR>
> tw
> <C-c>
> echo a \<CR>
> b
> <C-c>
> echo 'a<CR>
> <C-c>
> history<CR>
| $ cat <<E
| > one
| > tw^C
| $ echo a \
| > b^C
| $ echo 'a
| > ^C
| $ history
|     1   cat <<E
|         one
|     2   echo a \
|     3   echo 'a
|     4   history
| $
@ 13 2

### … and it is not there twice, where it began as the newest one
% size 8 50
% rc HISTCONTROL=ignoredups
> if :<CR>
> <C-c>
> if :<CR>
> <C-c>
> history<CR>
| $ if :
| > ^C
| $ if :
| > ^C
| $ history
|     1   if :
|     2   history
| $
@ 7 2

### fc -s runs a command that does not have what is to be replaced
% size 8 40
> echo a b<CR>
> fc -s zz=c<CR>
> fc -s a=c<CR>
| a b
| $ fc -s zz=c
| echo a b
| a b
| $ fc -s a=c
| echo c b
| c b
| $
@ 7 2
