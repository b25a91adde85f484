# What Tab shows: a menu, what names are, names that have it inside.

### a menu, and Enter takes what is chosen
% file abc1
% file abc2
% file abc3
> cat a<Tab><Tab><Tab>
> <Tab>
> <CR>
> x
| $ cat abc
| abc1  abc2  abc3
| $ cat abc2 x
@ 2 12

### … the arrows choose, Esc takes nothing
% file abc1
% file abc2
% file abc3
% file abc4
> cat a<Tab><Tab><Tab><Right>
> <Left><Up>
> <Esc>
> x
| $ cat abc
| abc1  abc2  abc3  abc4
| $ cat abcx
@ 2 10

### … S-Tab goes back, any other key takes it and is typed
% file abc1
% file abc2
% file abc3
> cat a<Tab><Tab><Tab><S-Tab>
> /x
| $ cat abc
| abc1  abc2  abc3
| $ cat abc3/x
@ 2 12

### … what was behind the cursor stays
% file abc1
% file abc2
> cat  z<Left><Left>a<Tab><Tab><Tab><Tab>
> <CR>
> y
| $ cat abc z
| abc1  abc2
| $ cat abc2 y z
@ 2 12

### … in quotes
% file a\sb
% file a\sc
> cat "a<Tab><Tab><Tab>
> <CR>
> x
| $ cat "a
| a b  a c
| $ cat "a b" x
@ 2 13

### … more than there is room for
% size 8 40
% rc touch f{10..59}
> cat f<Tab><Tab><Tab>
> <Up>
| f14  f21  f28  f35  f42  f49  f56
| f15  f22  f29  f36  f43  f50  f57
| f16  f23  f30  f37  f44  f51  f58
| $ cat f59
| f10  f17  f24  f31  f38  f45  f52  f59
| f11  f18  f25  f32  f39  f46  f53
| f12  f19  f26  f33  f40  f47  f54
| f13  f20  f27  f34  f41  f48  f55
@ 3 9

### … with styles
% file abc1
% file abc2
% styles
> cat a<Tab><Tab><Tab>
| $ cat abc
| abc1  abc2
| $ cat abc1
| {99:abc1}  abc2
@ 2 10

### what names are
% rc mm1() { :; }
% rc alias mm2='echo hello'
> mm<Tab><Tab>
| $ mm
| mm1  (function)
| mm2  (echo hello)
| $ mm
@ 3 4

### … too long for a row
% rc alias mm1='echo a long text that has no room in a row of forty columns'
% rc alias mm2='echo ééééééééééééééééééééééééééééééééééééééé'
> mm<Tab><Tab>
| $ mm
| mm1  (echo a long text that has no ro…)
| mm2  (echo éééééééééééééééééééééééééé…)
| $ mm
@ 3 4

### … of variables
% rc mmm1=abc mmm2='two words'
> echo $mmm<Tab><Tab>
| $ echo $mmm
| $mmm1  (abc)
| $mmm2  (two words)
| $ echo $mmm
@ 3 11

### names that have it inside
% file report-2026
% file other
> cat 2026<Tab>x
| $ cat report-2026 x
@ 0 19

### … several
% file a-2026
% file b-2026
> cat 2026<Tab>
> <Tab>
| $ cat 2026
| a-2026  b-2026
| $ cat 2026
@ 2 10

### … in upper case, too
% file Report
% file other
> cat port<Tab>x
| $ cat Report x
@ 0 14

### a function that takes too long
% env COMPLETE_TIMEOUT=1
% rc _f() { sleep 20; COMPREPLY=(no); }
% rc complete -F _f mmm
% rc mmm() { :; }
> mmm <Tab><pause><pause><pause>x
| $ mmm x
@ 0 7

### … in the shell itself
% env COMPLETE_TIMEOUT=1
% rc _f() { while :; do :; done; COMPREPLY=(no); }
% rc complete -F _f mmm
% rc mmm() { :; }
> mmm <Tab><pause><pause><pause>x
| $ mmm x
@ 0 7

### a list without a Tab
% file abc1
% file abc2
> cat a<M-=>
| $ cat a
| abc1  abc2
| $ cat a
@ 2 7

### a menu shows the chosen word alone, and nothing that is suggested
% rc shopt -s suggestcompletion
% styles
% file foo1
% file foo2
% file foo3
> ls fo<Tab><pause><Tab><pause><Tab><Down><pause>
| $ ls foo
| foo1  foo2  foo3
| $ ls foo2
| foo1  {99:foo2}  foo3
@ 2 9

### … nor does the list, nor a question
% rc shopt -s suggestcompletion
% rc listmax=2
% styles
% file foo1
% file foo2
% file foo3
> ls fo<Tab><pause><Tab><pause>
| $ ls foo
| show all 3? (y or n)
@ 0 8

### what is no file is listed whole, slashes and all, and so it is in the menu
% size 12 60
% rc complete -W 'HEAD bugfix/x feature/x origin/main /' gg
> gg <Tab><Tab><Tab><Tab><Tab>
| $ gg
| /            bugfix/x     origin/main
| HEAD         feature/x
| $ gg bugfix/x
| /            bugfix/x     origin/main
| HEAD         feature/x
@ 3 13

### … of a function, too, but of files their last part
% unmoved a move draws a prompt
% size 16 60
% file d1/one
% file d1/two
% rc _f() { COMPREPLY=(v1.0..one v1.0..topic/one); }; complete -F _f ff
% rc _g() { compopt -o filenames; COMPREPLY=(/ d1/one d1/two); }; complete -F _g gg
% rc _h() { COMPREPLY=(d1/one d1/two); }; complete -F _h hh
> ff v1.0..<Tab><Tab><C-u>gg <Tab><Tab><C-u>hh <Tab><Tab><C-u>cat d1/<Tab><Tab>
| $ ff v1.0..
| v1.0..one        v1.0..topic/one
| /    one  two
| d1/one  d1/two
| one  two
| $ cat d1/
@ 5 9

### … directories beside others make files of them all
% file d1/one
% file d2/two
% rc complete -o dirnames -W 'b' dd
% rc complete -o plusdirs -W 'd/a d/b' pp
> dd d1<Tab>x;pp d<Tab><Tab>
| $ dd d1/x;pp d
| a    b    d1/  d2/
| $ dd d1/x;pp d
@ 2 14
