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
