# Another size: the line is drawn anew, and what stands above stays.

### narrower and wider, with a short line
> echo a<8x20><8x40>
| $ echo a
@ 0 8

### a wrapped line on a terminal that does not reflow
% size 8 40
> echo 0123456789012345678901234567890123456789
> <8x25>
> <8x60>
| $ echo 0123456789012345678901234567890123456789
@ 0 47

### output above stays
> echo out<CR>
> echo 012345678901234567890123456789<8x20><8x40>
| $ echo out
| out
| $ echo 012345678901234567890123456789
@ 2 37

### fewer rows
> echo a<CR>
> echo b<3x40>
| $ echo a
| a
| $ echo b
@ 2 8

### more rows
% size 3 40
> echo a<CR>
> echo b<9x40>c
| $ echo a
| a
| $ echo bc
@ 2 9

### with a prompt of two rows
% rc PS1=$'one\ntwo> '
> echo 01234567890123456789<8x20><8x40>x
| one
| two> echo 01234567890123456789x
@ 1 31

### with a right prompt
% rc RPS1=right
> echo a<8x30>b<8x40>c
| $ echo abc                        right
@ 0 10

### typing goes on
> echo abc<8x30>def<CR>
| $ echo abcdef
| abcdef
| $
@ 2 2

### while a command runs
% unmoved two things at once
> sleep 0.5<CR><8x30>
> echo a
| $ sleep 0.5
| $ echo a
@ 1 8
