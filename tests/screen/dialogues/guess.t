# What completion suggests, where the history has nothing.

### a file
% rc shopt -s suggestcompletion
% file alpha/beta x
> cat al<pause>
| $ cat alpha/
@ 0 8

### … taken with Right, and what is in it
% rc shopt -s suggestcompletion
% file alpha/beta x
> cat al<pause><Right>b<pause><End><CR>
| $ cat alpha/beta
| x⏎
| $
@ 2 2

### it is grey
% rc shopt -s suggestcompletion
% styles
% file beta x
> cat b<pause>
| $ cat b{8:eta}
@ 0 7

### the first of several files
% rc shopt -s suggestcompletion
% file ab x
% file ac x
> cat a<pause>
| $ cat ab
@ 0 7

### names are quoted
% rc shopt -s suggestcompletion
% file ab\sc x
> cat a<pause><Right><CR>
| $ cat ab\ c
| x⏎
| $
@ 2 2

### quotes stay open
% rc shopt -s suggestcompletion
% file ab\sc x
> cat "a<pause>
| $ cat "ab c
@ 0 8

### a command, where there is only one
% rc shopt -s suggestcompletion
> smig<pause>
| $ smigrate
@ 0 6

### … and not one of many
% rc shopt -s suggestcompletion
> c<pause>
| $ c
@ 0 3

### directories for cd
% rc shopt -s suggestcompletion
% file aa x
% file ab/x x
> cd a<pause>
| $ cd ab/
@ 0 6

### the history comes first
% rc shopt -s suggestcompletion
% file beta x
% history cat because
> cat be<pause>
| $ cat because
@ 0 8

### going on by the same letters keeps it
% rc shopt -s suggestcompletion
% file abcdef x
> cat a<pause>bc<pause>
| $ cat abcdef
@ 0 9

### other letters take it away
% rc shopt -s suggestcompletion
% file abcdef x
> cat a<pause>x<pause>
| $ cat ax
@ 0 8

### … and back again
% rc shopt -s suggestcompletion
% file abcdef x
> cat a<pause>x<pause><BS><pause>
| $ cat abcdef
@ 0 7

### not behind a blank, nor in the midst
% rc shopt -s suggestcompletion
% file abcdef x
> cat <pause>
| $ cat
@ 0 6

### a function of `complete` is not run for it
% rc shopt -s suggestcompletion
% rc f() { COMPREPLY=(from-f); echo ran >>log; }
% rc complete -F f tool
% file fa x
> tool f<pause><C-u>cat log<CR>
| $ cat log
| cat: log: No such file or directory
| $
@ 2 2

### with a file name that steers no terminal
% rc shopt -s suggestcompletion
% rc : >$'ab\e]0;x\a'
> cat a<pause>
| $ cat ab$'\x1b']0\;x$'\x07'
@ 0 7

### not in POSIX mode
% rc shopt -s suggestcompletion; set -o posix
% file alpha/beta x
> cat al<pause>
| $ cat al
@ 0 8

### not where a trap would hear of it
% rc shopt -s suggestcompletion; trap 'echo CHLD' CHLD
% file alpha/beta x
> cat al<pause><pause>
| $ cat al
@ 0 8

### keys one after another
% rc shopt -s suggestcompletion
% file alphabet x
> cat a<pause>l<pause>x<BS><pause>
| $ cat alphabet
@ 0 8

### turned off
% file alpha/beta x
> cat al<pause>
| $ cat al
@ 0 8

### with suggestions from the history
% rc shopt -s suggestcompletion; shopt -u suggest
% file alpha/beta x
% history cat all
> cat al<pause>
| $ cat al
@ 0 8
