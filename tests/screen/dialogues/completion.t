# The Tab key.

### a file
% file onefile
> cat on<Tab>x
| $ cat onefile x
@ 0 15

### a directory
% file dir/a
> cat d<Tab>
| $ cat dir/
@ 0 10

### in a directory
% file dir/afile
> cat dir/a<Tab>
| $ cat dir/afile
@ 0 16

### several: the common part, then the list
% file abc1
% file abc2
> cat a<Tab>
> <Tab>
| $ cat abc
| abc1  abc2
| $ cat abc
@ 2 9

### a third time
% file abc1
% file abc2
> cat a<Tab>
> <Tab>
> <Tab>
| $ cat abc
| abc1  abc2
| $ cat abc1
| abc1  abc2
@ 2 10

### nothing
> cat zzz<Tab>x
| $ cat zzzx
@ 0 10

### a name with a blank
% file with\sblank
> cat wi<Tab>
| $ cat with\ blank
@ 0 18

### … in quotes
% file with\sblank
> cat "wi<Tab>
| $ cat "with blank"
@ 0 19

### … in single quotes
% file with\sblank
> cat 'wi<Tab>
| $ cat 'with blank'
@ 0 19

### a quote in a name
% file it's
> cat it<Tab>
| $ cat it\'s
@ 0 12

### … in single quotes
% file it's
> cat 'it<Tab>
| $ cat 'it'\''s'
@ 0 16

### a hidden file
% file .hidden
> cat .h<Tab>
| $ cat .hidden
@ 0 14

### the directory above
% file d1/a
> ls ..<Tab>; cat d1/..<Tab>; cd "..<Tab>
| $ ls ../; cat d1/../; cd "../
@ 0 29

### … where a command is, too, and behind <lt>
% size 8 60
> ..<Tab>; sudo ./..<Tab>; cat <lt>..<Tab>
| $ ../; sudo ./../; cat <../
@ 0 27

### … among what begins so
% file ..x
> ls ..<Tab><Tab>
| $ ls ..
| ../  ..x
| $ ls ..
@ 2 7

### a command
% program bin/zzcommand #!/bin/sh\n
% rc PATH=$HOME/bin:$PATH
> zzc<Tab>
| $ zzcommand
@ 0 12

### behind a pipe
% program bin/zzcommand #!/bin/sh\n
% rc PATH=$HOME/bin:$PATH
> ls | zzc<Tab>
| $ ls | zzcommand
@ 0 17

### behind words that begin a command
% program bin/zzcommand #!/bin/sh\n
% rc PATH=$HOME/bin:$PATH
> if zzc<Tab>; then ! zzc<Tab>; sudo -n zzc<Tab>
| $ if zzcommand ; then ! zzcommand ; sudo
|  -n zzcommand
@ 1 14

### behind the node where it is to run, but not in csh's arithmetic
% program bin/zzcommand #!/bin/sh\n
% file zzz
% rc PATH=$HOME/bin:$PATH
> @beta zzc<Tab>| @ zzc<Tab>; @ x = zz<Tab>
| $ @beta zzcommand | @ zzcommand ; @ x =
| zzz
@ 1 4

### behind an assignment
% program bin/zzcommand #!/bin/sh\n
% rc PATH=$HOME/bin:$PATH
> A=1 zzc<Tab>
| $ A=1 zzcommand
@ 0 16

### a function and an alias
% rc zzfunction() { :; }
% rc alias zyalias=ls
> zzf<Tab>; zya<Tab>
| $ zzfunction ; zyalias
@ 0 23

### a builtin
> smigr<Tab>
| $ smigrate
@ 0 11

### a variable
% rc LONGNAME=1
> echo $LONGN<Tab>
| $ echo $LONGNAME
@ 0 17

### … with braces
% rc LONGNAME=1
> echo ${LONGN<Tab>
| $ echo ${LONGNAME}
@ 0 19

### … in double quotes
% rc LONGNAME=1
> echo "$LONGN<Tab>
| $ echo "$LONGNAME
@ 0 17

### … not in single ones
% rc LONGNAME=1
> echo '$LONGN<Tab>
| $ echo '$LONGN
@ 0 14

### a path that begins with a variable
% file dir/a
> cat $HOME/di<Tab>
| $ cat $HOME/dir/
@ 0 16

### a user
> ls ~roo<Tab>
| $ ls ~root/
@ 0 11

### a file below a tilde
% file dir/a
> cat ~/di<Tab>
| $ cat ~/dir/
@ 0 12

### an option's value
% file onefile
> tool --file=on<Tab>
| $ tool --file=onefile
@ 0 22

### an assignment's value
% file onefile
> X=on<Tab>
| $ X=onefile
@ 0 12

### the last of a list
% file onefile
% file dir/b
> PATH=dir:on<Tab>
| $ PATH=dir:onefile
@ 0 19

### behind a redirection
% file onefile
> cat <lt>on<Tab>
| $ cat <onefile
@ 0 15

### … of errors
% file onefile
> cat 2>>on<Tab>
| $ cat 2>>onefile
@ 0 17

### in the middle of the line
% file onefile
> cat  x<Left><Left>on<Tab>
| $ cat onefile  x
@ 0 14

### a builtin's options
> umask -<Tab>
> <Tab>
| $ umask -
| -S  -p
| $ umask -
@ 2 9

### columns with names that are not ASCII
% file aé1
% file aé2
> cat a<Tab>
> <Tab>
| $ cat aé
| aé1  aé2
| $ cat aé
@ 2 8

### many are asked for
% size 8 40
% rc for i in 1 2 3 4 5 6 7 8 9 10 11; do for j in 1 2 3 4 5 6 7 8 9 10; do : >x$i.$j; done; done
> cat x<Tab>
> <Tab>
| $ cat x
| show all 110? (y or n)
@ 0 7

### … and not shown
% size 8 40
% rc for i in 1 2 3 4 5 6 7 8 9 10 11; do for j in 1 2 3 4 5 6 7 8 9 10; do : >x$i.$j; done; done
> cat x<Tab>
> <Tab>ny
| $ cat xy
@ 0 8

### jobs are no files: complete -W
% rc complete -W 'alpha beta' tool
> tool al<Tab>
| $ tool alpha
@ 0 13

### complete -F
% rc _tool() { COMPREPLY=(one); }
% rc complete -F _tool tool
> tool <Tab>
| $ tool one
@ 0 11

### what a function prints does not harm the line
% rc _tool() { echo noise >&2; COMPREPLY=(one); }
% rc complete -F _tool tool
> tool <Tab>x
| $ tool one x
@ 0 12

### a control character in a name
% rc : >$'ab\ncd'
> cat ab<Tab>
| $ cat ab$'\x0a'cd
@ 0 18

### a name that begins with a dash or a tilde
% rc : >'~name'
> cat \~n<Tab>
| $ cat \~name
@ 0 13

### upper and lower case, where nothing is written so
% file Readme
> cat read<Tab>
| $ cat Readme
@ 0 13

### … and several
% file README
% file Readme
> cat read<Tab>
> <Tab>
| $ cat read
| README  Readme
| $ cat read
@ 2 10

### … but what is written so comes first
% file Readme
% file reader
> cat read<Tab>
| $ cat reader
@ 0 13

### a function that does not end
% rc _tool() { while :; do :; done; }
% rc complete -F _tool tool
% unmoved it is busy
> tool <Tab><pause><C-c>
> echo a<CR>
| $ tool echo a
| mish: tool: not found; did you mean `_to
| ol'?
| $
@ 3 2

### a brace in a name
% file x{a,b}
> rm x{<Tab>
| $ rm x\{a,b\}
@ 0 14

### candidates that have nothing in common
% rc f() { COMPREPLY=(xfoo yfoo); }; complete -F f t
> t foo<Tab>
| $ t foo
@ 0 7

### the cursor before a tilde
> ls ~<Left><Tab>
| $ ls ~
@ 0 5

### bash-completion is loaded when it is first needed, quietly, and once
% env MISH_BASH_COMPLETION=$HOME/bc
% file bc echo loaded; echo x >> ~/log\n_loader() { complete -W "alpha beta" "$1" && return 124; }\ncomplete -D -F _loader
> cat log; foo al<Tab>; bar be<Tab>
> <Home>: <CR>cat log<CR>
| $ : cat log; foo alpha ; bar beta
| mish: foo: not found
| mish: bar: not found; did you mean `ar'?
| $ cat log
| x
| $
@ 5 2

### … not for commands, builtins that we know, and what has a rule
% env MISH_BASH_COMPLETION=$HOME/bc
% file bc echo x >> ~/log
% rc complete -W "one two" baz
> baz o<Tab>; cd b<Tab>; kill -US<Tab>1; echo $HOM<Tab>; baz > b<Tab>; ls log<CR>
| mish: cd: b: No such file or directory
| usage: kill [-s name | -name] pid | job
| … | -l [status …]
| HOME
| mish: baz: not found
| ls: cannot access 'log': No such file or
|  directory
| $
@ 7 2

### … not where progcomp is off, or another default is there
% env MISH_BASH_COMPLETION=$HOME/bc
% file bc echo x >> ~/log
% rc complete -D -W "one two"
> foo o<Tab>;shopt -u progcomp;complete -r;ls log<CR>
> foo o<Tab><C-u>ls log<CR>
| ;ls log
| mish: foo: not found
| ls: cannot access 'log': No such file or
|  directory
| $ ls log
| ls: cannot access 'log': No such file or
|  directory
| $
@ 7 2

### … not in POSIX mode
% env MISH_BASH_COMPLETION=$HOME/bc
% file bc echo x >> ~/log
% rc set -o posix
> foo b<Tab><C-u>ls log<CR>
| $ ls log
| ls: cannot access 'log': No such file or
|  directory
| $
@ 3 2

### … and what is wrong in it ends nothing
% env MISH_BASH_COMPLETION=$HOME/bc
% file bc exit 3; )
> foo b<Tab><CR>
| $ foo bc
| mish: foo: not found
| $
@ 2 2

### behind sudo and an option of its with a word
% program bin/gunzoo
% rc PATH=$PATH:~/bin
> sudo -u root gunzo<Tab>; sudo -u roo<Tab>; env -u A -C b gunzo<Tab>
| $ sudo -u root gunzoo ; sudo -u root ; e
| nv -u A -C b gunzoo
@ 1 20

### what a function is told: all words, whole, and where the cursor is
% size 14 70
% rc d() { :; }; _d() { log+="$COMP_POINT $COMP_CWORD$(printf ' [%s]' "${COMP_WORDS[@]}") <$2> <$3> <$COMP_LINE>"$'\n'; }; complete -F _d d
> d "a b" c\ d<Left><Left><Tab><C-u><C-k>d a  b<Left><Left><Tab><C-u><C-k>d foo=bar c<Left><Left><Left><Tab><C-u><C-k>
> : 1; d a b ; ls<Left><Left><Left><Left><Left><Left><Tab><C-u><C-k>(d $(ls x) a)<Left><Tab><C-u><C-k>
> d $(d x) y<Left><Left><Left><Tab><C-u><C-k>d "a b<Tab><C-u>d a| cat<Left><Left><Left><Left><Left><Tab><C-u><C-k>
> echo "$log"<CR>
| $ echo "$log"
| 10 2 [d] ["a b"] [c\ d] <c\> <"a b"> <d "a b" c\ d>
| 4 2 [d] [a] [] [b] <> <a> <d a  b>
| 8 3 [d] [foo] [=] [bar] [c] <ba> <=> <d foo=bar c>
| 4 2 [d] [a] [b] <> <a> <d a b >
| 11 2 [d] [$(ls x)] [a] <a> <$(ls x)> <d $(ls x) a>
| 3 1 [d] [x] <x> <d> <d x>
| 6 1 [d] ["a b] <a b> <d> <d "a b>
| 3 1 [d] [a] <a> <d> <d a>
|
| $
@ 10 2

### … and which Tab it is
% size 12 60
% rc d() { :; }; _d() { log+="$COMP_TYPE "; COMPREPLY=(aa1 aa2); [[ $1 == e ]] && COMPREPLY=(); }; complete -F _d d e
> d <Tab><Tab><Tab><Esc><pause><C-u>d a<M-=><C-u>d a<M-*><C-u>e x<Tab><Tab>y<Tab><C-u>
> shopt -s autolist; echo $log<CR>
> d a<Tab><C-u>echo $log<CR>
| $ d aa
| aa1  aa2
| $ d a
| aa1  aa2
| $ shopt -s autolist; echo $log
| 9 63 37 63 42 9 63 9
| $ echo $log
| 9 63 37 63 42 9 63 9 33
| $
@ 8 2

### in a here-document: files and variables, as text, and no commands
% size 14 60
% file zz\sfile
% file d/ab
% rc zzf() { :; }; ZZVAR=1; _c() { COMPREPLY=(no); }; complete -F _c cat
> cat <lt><lt>E <lt><lt>'F'; zzf<CR>
> zz<Tab>;it's (d/a<Tab>&& $ZZ<Tab> d/<Tab><CR>
> zzf<Tab> ec<Tab>; ls -<Tab><Tab><CR>
> E<CR>
> 'zz<Tab><CR>
> F<CR>
> cat <lt><lt>E; cat d<Tab><CR>
> E<CR>
> zzf<Tab>
| $ cat <<E <<'F'; zzf
| > zz file ;it's (d/a&& $ZZVAR  d/ab
| > zzf ec; ls -
| > E
| > 'zz file
| > F
| 'zz file
| $ cat <<E; cat no
| > E
| cat: no: No such file or directory
| $ zzf
@ 10 6
