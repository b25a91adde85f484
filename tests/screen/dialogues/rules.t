# tcsh's rules for completion.

### directories alone
% file dir/a
% file dfile
% rc complete mmm 'p/1/d/'
> mmm d<Tab>
| $ mmm dir/
@ 0 10

### by the word before
% rc complete mmm 'n/-u/u/' 'n/-x/(alpha beta)/' 'p/*/(gamma)/'
> mmm -x a<Tab>-u ro<Tab>g<Tab>
| $ mmm -x alpha -u root gamma
@ 0 29

### behind what is typed
% rc complete mmm 'c/-o=/(alpha beta)/' 'p/*/(gamma)/'
> mmm -o=a<Tab>
| $ mmm -o=alpha
@ 0 15

### with a suffix
% rc complete mmm 'c/--/(host user)/=/' 'p/*/x:<words>/'
> mmm --h<Tab>a
| $ mmm --host=a
@ 0 14

### with none
% rc complete mmm 'p/1/(abc)//'
> mmm a<Tab>x
| $ mmm abcx
@ 0 10

### files that match
% file a.c
% file a.h
% file a.o
% rc complete mmm 'p/*/f:*.[ch]/'
> mmm a<Tab><Tab>
| $ mmm a.
| a.c  a.h
| $ mmm a.
@ 2 8

### below a directory
% file lib/one
% file lib/two
% rc complete mmm 'p/1/F:lib/'
> mmm o<Tab>x
| $ mmm one x
@ 0 11

### a variable's words, a command's
% rc w='alpha beta'; complete mmm 'p/1/$w/' 'p,2,`echo gamma delta`,'
> mmm b<Tab>d<Tab>x
| $ mmm beta delta x
@ 0 18

### another divider
% rc complete mmm p,1,'(a/b c/d)',
> mmm c<Tab>x
| $ mmm c/d x
@ 0 11

### two before
% rc complete mmm 'N/-p/(alpha)/' 'p/*/n/'
> mmm -p 3 a<Tab>x
| $ mmm -p 3 alpha x
@ 0 18

### … behind what is typed, or with it
% rc complete mmm 'c/-*=/(alpha beta)/' 'C/-*/(-alpha -beta)/' 'C/[ab]*/(albatross bear)/'
> mmm -o=a<Tab>-b<Tab>a<Tab>x
| $ mmm -o=alpha -beta albatross x
@ 0 32

### … directories behind what is typed
% file lib/a
% file lif
% rc complete mmm 'c/-I/d/' 'p/*/(gamma)/'
> mmm -Ili<Tab>x
| $ mmm -Ilib/x
@ 0 13

### … lists leave it out
% rc complete mmm 'c/-o=/(alpha able)/'
> mmm -o=a<Tab><Tab>
| $ mmm -o=a
| able   alpha
| $ mmm -o=a
@ 2 10

### patterns of the words before
% rc complete mmm 'N/-[pq]/(alpha)/' 'n/-[xy]/(beta)/' 'n/mmm/(first)/' 'p/*/(gamma)/'
> mmm f<Tab>-y b<Tab>-q 3 a<Tab>g<Tab>
| $ mmm first -y beta -q 3 alpha gamma
@ 0 37

### … match whole words
% rc complete mmm 'N/-p/(alpha)/' 'n/-p/(beta)/' 'p/*/(gamma)/'
> mmm -px g<Tab>g<Tab>-p b<Tab>a<Tab>x
| $ mmm -px gamma gamma -p beta alpha x
@ 0 37

### … the first that fits
% rc complete mmm 'n/*/(alpha)/' 'n/-x/(beta)/'
> mmm -x b<Tab><BS>a<Tab>x
| $ mmm -x alpha x
@ 0 16

### none fits
% file abc
% rc complete mmm 'p/1/(x)/'
> mmm x a<Tab>
| $ mmm x abc
@ 0 12

### what there is
> complete mmm 'p/1/(a b)/' 'c/-/(x)/:'; complete; complete mmm p/1/d/ nonsense<CR>
| $ complete mmm 'p/1/(a b)/' 'c/-/(x)/:';
|  complete; complete mmm p/1/d/ nonsense
| complete mmm 'p/1/(a b)/' 'c/-/(x)/:'
| mish: complete: nonsense: is no rule: wo
| rd/pattern/list/suffix/, word is c, C, n
| , N or p
| $
@ 6 2

### signals, as kill has them
% rc complete mkill 'c/-/S/' 'n/-s/S/'
> mkill -HU<Tab>-s TER<Tab>
| $ mkill -HUP -s TERM
@ 0 21

### a suffix without a divider behind it
% rc complete yy 'p/1/(al be)/:'
> yy a<Tab>x
| $ yy al:x
@ 0 9

### … the longest beginning, with braces
% rc complete mmm 'c/-{a,bc}*=/(alpha beta)/' 'n/{-f,--file}/(gamma)/'
> mmm -bc=d=a<Tab>--file g<Tab>x
| $ mmm -bc=d=alpha --file gamma x
@ 0 32

### files that do not match
% file a.c
% file a.o
% file a.tex
% rc complete mmm 'p/*/f:^*.{o,tex}/'
> mmm a<Tab>x
| $ mmm a.c x
@ 0 11

### … and words
% rc complete mmm 'n/^-*/(plain)/' 'p/*/(behind)/'
> mmm p<Tab>-x b<Tab>x
| $ mmm plain -x behind x
@ 0 23
