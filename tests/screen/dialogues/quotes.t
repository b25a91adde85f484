# The Tab key in words with quotes and parameters, by itself and with what `complete` has registered.

### behind a quote that is closed
% file zz\sw
> cat "zz w"<Tab>'zz w'<Tab>zz" w"<Tab>"zz"<Tab>x
| $ cat "zz w" 'zz w' zz" w" "zz"\ w x
@ 0 36

### … below a directory
% file d\se/f
> cat 'd e/f'<Tab>"d e"/f<Tab>'d e'<Tab>
| $ cat 'd e/f' "d e"/f 'd e'/
@ 0 28

### … and of a variable
% rc LONGNAME=1
> echo "$LONGNA"<Tab>x
| $ echo "$LONGNA"x
@ 0 17

### a quote that begins in the midst
% file zz\sw
> cat zz" <Tab>zz\ 'w<Tab>
| $ cat zz" w" zz\ 'w'
@ 0 21

### a directory in quotes, and what is below it
% file d\se/f
> cat "d<Tab>
| $ cat "d e/
@ 0 11

### in another case
% file zz\sw
% file d/Foo
> cat "ZZ<Tab>'d/f<Tab>d/'f'<Tab>
| $ cat "zz w" 'd/Foo' d/Foo
@ 0 27

### a quote in a directory's name
% file it's/a
> cat "it's/<Tab>it\'s/<Tab>
| $ cat "it's/a" it\'s/a
@ 0 23

### no parameter is looked up in single quotes
% file dir/a
> cat '$HOME/dir/<Tab>x
| $ cat '$HOME/dir/x
@ 0 18

### a $ that is quoted
% file q$x
> cat q\$<Tab>'q$<Tab>
| $ cat q\$x 'q$x'
@ 0 17

### a command
% program bin/zzcommand #!/bin/sh\n
% rc PATH=$HOME/bin:$PATH
> "zzc<Tab>
| $ "zzcommand"
@ 0 14

### behind an option's or a variable's =
% file zz\sw
> cat --x="zz<Tab>; A='zz<Tab>
| $ cat --x="zz w" ; A='zz w'
@ 0 28

### a directory for cd
% file d\se/f
> cd 'd<Tab>
| $ cd 'd e/
@ 0 10

### several: the quote stays
% file ab\s1
% file ab\s2
> cat "a<Tab>
> <Tab>
> <Tab>
| $ cat "ab
| ab 1  ab 2
| $ cat "ab 1
| ab 1  ab 2
@ 2 11

### a function's words
% rc _f() { COMPREPLY=($(compgen -W 'alpha beta' -- "${COMP_WORDS[COMP_CWORD]}")); }; complete -F _f bar
> bar "al<Tab>'be<Tab>'alpha'<Tab>x
| $ bar "alpha" 'beta' 'alpha' x
@ 0 30

### … that it quotes itself
% rc _f() { COMPREPLY=('"al pha"'); }; complete -F _f bar
> bar "al<Tab>x
| $ bar "al pha" x
@ 0 16

### … by what it is called with
% rc _f() { COMPREPLY=($(compgen -W 'alpha beta' -- "$2")); }; complete -F _f bar
> bar "al<Tab>'be<Tab>x
| $ bar "alpha" 'beta' x
@ 0 22

### words, users, files and directories that are registered
% file d\se/f
% rc complete -W 'alpha beta' ww; complete -u uu; complete -f ff; complete -d dd
> ww "al<Tab>;uu "roo<Tab>;ff "d e/<Tab>;dd 'd<Tab>
| $ ww "alpha" ;uu "root" ;ff "d e/f" ;dd
| 'd e/
@ 1 5

### files by a parameter, for a function
% file .ssh/config
% rc _f() { compopt -o filenames; COMPREPLY=($(compgen -f -- "$2")); }; complete -F _f bar
> bar $HOME/.ss<Tab>c<Tab>"$HOME/.ssh/c<Tab>
| $ bar $HOME/.ssh/config "$HOME/.ssh/conf
| ig"
@ 1 4

### a rule of tcsh's
% rc complete mmm 'p/1/(alpha beta)/'
> mmm "al<Tab>x
| $ mmm "alpha" x
@ 0 15

### COMP_WORDBREAKS can be appended to
% rc COMP_WORDBREAKS="$COMP_WORDBREAKS@"
% rc _f() { COMPREPLY=($(compgen -W 'alpha beta' -- "$2")); }; complete -F _f bar
> bar x=al<Tab>y@be<Tab>
| $ bar x=alpha y@beta
@ 0 21

### … by a function, too, after it was unset
% rc unset COMP_WORDBREAKS
% rc _f() { COMP_WORDBREAKS+=@; COMPREPLY=($(compgen -W 'alpha beta' -- "$2")); }; complete -F _f bar
> bar x=al<Tab>y=be<Tab>
| $ bar x=alpha y=beta
@ 0 21

### … and what is typed stays, whatever it is
% rc COMP_WORDBREAKS=%
% file Makefile
% rc _f() { compopt -o filenames; COMPREPLY=($(compgen -f -- "${2#*=}")); }; complete -F _f bar
> bar if=Mak<Tab>--file=Mak<Tab>
| $ bar if=Makefile --file=Makefile
@ 0 34

### Debian's bash-completion: parameters and quotes
% needs /usr/share/bash-completion/bash_completion
% unset MISH_BASH_COMPLETION
% unmoved not every node has bash-completion
% size 12 60
% file .ssh/config
% file Makefile
% file sp/a\sb
% file zz\sw
> cat $HOME/.ss<Tab>c<Tab>; cd $HOME/.ss<Tab>; ssh -F $HOME/.ss<Tab>;
> foo $HOME/.ss<Tab>; cp $PWD/.ssh/c<Tab>;
> ls 'Mak<Tab>; foo 'Mak<Tab>; ls "sp/a<Tab>; foo "Mak<Tab>
> ; cp zz\ <Tab>; cd 's<Tab>'; ls 'zz w'<Tab>; x="Mak<Tab>;
> cat "$HOME/.ss<Tab>"
| $ cat $HOME/.ssh/config ; cd $HOME/.ssh/; ssh -F $HOME/.ssh/
| ;foo $HOME/.ssh/; cp $PWD/.ssh/config ;ls 'Makefile' ; foo '
| Makefile' ; ls "sp/a b" ; foo "Makefile" ; cp zz\ w ; cd 'sp
| /'; ls 'zz w' ; x="Makefile" ;cat "$HOME/.ssh/"
@ 3 47

### … = in words, once git's has been loaded
% needs /usr/share/bash-completion/completions/git
% unset MISH_BASH_COMPLETION
% unmoved not every node has bash-completion
% size 12 60
% file Makefile
% file dir/a
% rc git init -q .; touch 'a b'
> git --git-dir=d<Tab>; git add 'a<Tab>; git add "a<Tab>; git add a\ <Tab>
> ; dd if=Mak<Tab>; make all FOO=Mak<Tab>; grep --file=Mak<Tab>
| $ git --git-dir=dir/; git add 'a b' ; git add "a b" ; git ad
| d a\ b ; dd if=Makefile ; make all FOO=Makefile ; grep --fil
| e=Makefile
@ 2 11

### a name with ! in double quotes names no event
% rc echo hi >'excl!am'
> cat "ex<Tab><CR>
| $ cat "excl"'!'"am"
| hi
| $
@ 2 2
