# Keys that the user has bound, and words that stand for others.

### bindkey
% rc bindkey '^T' beginning-of-line
> abc<C-t>x
| $ xabc
@ 0 3

### … a key of several bytes
% rc bindkey '\e[15~' kill-whole-line
> abc<F5>x
| $ x
@ 0 3

### … by a name of tcsh
% rc bindkey -k up beginning-of-line
> abc<Up>x
| $ xabc
@ 0 3

### … a string
% rc bindkey -s '^T' 'echo hi'
> <C-t><CR>
| $ echo hi
| hi
| $
@ 2 2

### … a command of the shell's
% rc bindkey -c '^T' 'echo hi'
> abc<C-t>x
| hi
| $ abcx
@ 1 6

### … of which it may change the line
% rc bind -x '"\C-t": READLINE_LINE="<$READLINE_LINE>" READLINE_POINT=1'
> abc<C-t>x
| $ <xabc>
@ 0 4

### … and shows something else meanwhile
% rc bind -x '"\C-t": read -r -p "what? " x; READLINE_LINE=$x READLINE_POINT=9'
> abc<C-t>
> foo<CR>
> bar
| what? foo
| $ foobar
@ 1 8

### … away
% rc bindkey '^T' beginning-of-line; bindkey -r '^T'
> abc<C-t>x
| $ abcx
@ 0 6

### what is bound
% rc bindkey '^T' beginning-of-line; bindkey -s '\e[15~' 'a^b'; bindkey -c '^[x' 'echo hi'
> bindkey -L<CR>
| $ bindkey -L
| bindkey "^T" mish-begin
| bindkey -s "^[[15~" "a^B"
| bindkey -c "^[x" 'echo hi'
| $
@ 4 2

### … nothing
> bindkey '^Xt'; echo $?<CR>
| $ bindkey '^Xt'; echo $?
| 1
| $
@ 2 2

### no such command
> bindkey '^T' fly-away<CR>
| $ bindkey '^T' fly-away
| mish: bindkey: fly-away: there is no suc
| h command (`bindkey -l' lists them)
| $
@ 3 2

### at once
> bindkey '^T' beginning-of-line<CR>
> abc<C-t>x
| $ bindkey '^T' beginning-of-line
| $ xabc
@ 1 3

### bind
% rc bind '"\C-t": beginning-of-line'
> abc<C-t>x
| $ xabc
@ 0 3

### … a string
% rc bind '"\C-t": "echo hi\C-m"'
> <C-t>
| $ echo hi
| hi
| $
@ 2 2

### … by a name
% rc bind 'Control-t: beginning-of-line'
> abc<C-t>x
| $ xabc
@ 0 3

### … away
% rc bind '"\C-t": beginning-of-line'; bind -r '\C-t'; bind -r '\C-a'
> abc<C-t>d<C-a>x
| $ abcdx
@ 0 7

### … an inputrc
% file .inputrc # mine\n$if mode=emacs\n$endif\nset bell-style none\n"\C-t": beginning-of-line\n
% rc bind -f ~/.inputrc
> abc<C-t>x
| $ xabc
@ 0 3

### vi's other mode
% rc bindkey -v; bindkey -a X beginning-of-line
> abc<Esc>Xix
| $ xabc
@ 0 3

### … by the names of zsh's keymaps
% rc bindkey -v; bindkey -M vicmd X beginning-of-line; bindkey -M viins '^T' end-of-line
> aXb<Esc>Xiy<C-t>z
| $ yaXbz
@ 0 7

### … of which there is no other
> bindkey -M nowhere '^T' yank; echo $?<CR>
| $ bindkey -M nowhere '^T' yank; echo $?
| mish: bindkey: nowhere: there is no such
|  keymap
| 1
| $
@ 4 2

### … by the names of bash's keymaps
% rc set -o vi; bind -m vi-command '"X": beginning-of-line'; bind -m vi-insert '"\C-t": end-of-line'
> aXb<Esc>Xiy<C-t>z
| $ yaXbz
@ 0 7

### not vi's any more
% rc bindkey -v; bindkey -e
> abc def<M-b>x
| $ abc xdef
@ 0 7

### the line stays what it is
% rc bind -x '"\C-t": :'
> echo abc<Left><C-t>x<CR>
| $ echo abxc
| abxc
| $
@ 2 2

### an abbreviation
% rc abbr -a gco git checkout
> gco x
| $ git checkout x
@ 0 16

### … Enter
% rc abbr -a hi echo hello
> hi<CR>
| $ echo hello
| hello
| $
@ 2 2

### … of a command only
% rc abbr -a hi echo hello
> echo hi x
| $ echo hi x
@ 0 11

### … anywhere
% rc abbr -a -p anywhere L '| less'
> echo hi L x
| $ echo hi | less x
@ 0 18

### … behind a bar and a semicolon
% rc abbr -a hi echo hello
> a;hi |hi x
| $ a;echo hello |echo hello x
@ 0 28

### … not in quotes, not in a longer word
% rc abbr -a -p anywhere hi echo hello
> "hi x" ahi hi<C-v><Tab> hix 
| $ "hi x" ahi hi  hix
@ 0 21

### … undone
% rc abbr -a hi echo hello
> hi <C-_>
| $ hi
@ 0 4

### … what there is
> abbr -a hi echo "he'llo"; abbr -p anywhere L '| less'; abbr; abbr -e hi; abbr -l; abbr -e hi<CR>
| here L '| less'; abbr; abbr -e hi; abbr
| -l; abbr -e hi
| abbr -a hi 'echo he'\''llo'
| abbr -a -p anywhere L '| less'
| L
| mish: abbr: hi: there is no such abbrevi
| ation
| $
@ 7 2

### help
% rc helpcommand() { echo "help for $1"; }
> echo a<M-h>x
| $ echo a
| help for echo
| $ echo ax
@ 2 9

### … of a builtin
% size 12 60
> true a<M-h>x
| $ true a
| true
| $ true ax
@ 2 9

### … what it is
% rc mm() { :; }
> mm a<M-?>x
| $ mm a
| mm is a function
| mm() {
|         :
| }
| $ mm ax
@ 5 7

### history references
% history echo one two
> echo !$ <M-Space>
> x
| $ echo two x
@ 0 12

### a pattern
% file abc1
% file abc2
> cat ab*<M-Space>x
| $ cat abc1 abc2x
@ 0 16

### a space bar that expands history
% history echo one two
% rc bindkey ' ' magic-space
> echo a !$ b<CR>
| $ echo a two b
| a two b
| $
@ 2 2

### … as zsh's and bash's people write it
% history echo one two
% rc bindkey " " magic-space; bind '" ": magic-space'
> echo a !$ b
| $ echo a two b
@ 0 14

### … by the key's name
% history echo one two
% rc bind Space:magic-space
> echo a !$ b
| $ echo a two b
@ 0 14

### … no pattern
% file abc1
% rc bindkey ' ' magic-space; bindkey '^T' expand-history
> cat ab*<C-t> x
| $ cat ab* x
@ 0 11

### … an abbreviation before it
% rc bindkey ' ' magic-space; abbr -a gco git checkout
> gco x
| $ git checkout x
@ 0 16

### a pattern only
% file abc1
% history echo one
% rc bindkey '^T' expand-glob
> cat !$ ab*<C-t>x
| $ cat !$ abc1x
@ 0 14

### the mark, and what is up to it
> echo ab<C-Space><Left><Left>x<C-w>y
| $ echo xy
@ 0 9

### … which moves with what it is behind
> abc aa<Left><C-Space><C-a>12<Del><C-e>x<C-w>y
| $ 12bc ay
@ 0 9

### … away, and back elsewhere
> echo ab cd<C-a><M-f><C-Space><C-e><C-w> x<C-y>
| $ echo x ab cd
@ 0 14

### … copied
> ab <C-Space><C-a><M-w><C-e><C-y>x
| $ ab ab x
@ 0 9

### … no mark: the word before
> echo a-b/c d-e<C-w>x
| $ echo a-b/c x
@ 0 14

### … and back to it
> abc<C-Space>def<C-x><C-x>x
| $ abcxdef
@ 0 6

### … of one's own
% rc bindkey '^@' beginning-of-line
> abc<C-Space>x
| $ xabc
@ 0 3

### … in readline's words
% rc bind '"\C-@": "foo"'; bind -x '"\C-x\C-@": echo hi'
> a<C-Space>b<C-x><C-Space>c
| hi
| $ afoobc
@ 1 8

### … as bindkey lists it
% rc bindkey -s '^T' 'a^@b'
> bindkey '^@'; bindkey | grep -e '@'; bind -p | grep mark<CR>
| $ bindkey '^@'; bindkey | grep -e '@'; b
| ind -p | grep mark
| "^@"           ->  set-mark-command
| "^@"           ->  set-mark-command
| "^T"           ->  "a^@b"
| "\C-x\C-x": exchange-point-and-mark
| "\C-@": set-mark
| $
@ 7 2

### text only behind ^V
> a<C-v><C-Space>b<C-v><Left>c
| $ ab^[[Dc
@ 0 9

### … behind another key for it
% rc bindkey '^T' quoted-insert
> a<C-t><Left>b<C-t><C-Space><C-a>c
| $ a^[[Db^Ac
@ 0 11

### up to the line's beginning
% rc bindkey '^U' backward-kill-line
> abc def<Left><Left><Left><C-u>x<C-y>
| $ xabc def
@ 0 7

### … readline's ^U, and all of it
% rc bind '"\C-u": unix-line-discard'; bindkey '^T' kill-whole-line
> abc def<Left><C-t>y<C-y><Left><C-u>x
| $ xf
@ 0 3

### words by letters, or by blanks
% rc bindkey '^W' backward-kill-word; bind '"\C-t": unix-word-rubout'
> ab/cd ef/gh<C-w>x<C-a><C-e> kl/mn<C-t>
| $ ab/cd ef/x
@ 0 13

### ^D deletes, and lists at the end
% file report1
% file report2
> cat xrep<Left><Left><Left><Left><C-d><C-e><C-d>o
| $ cat rep
| report1  report2
| $ cat repo
@ 2 10

### … as the word is, in vi's keys
% file report1
% file report2
% rc set -o vi
> cat rep<Left><Left><C-d>x
| $ cat rep
| report1  report2
| $ cat rxep
@ 2 8

### … and in its other mode
% file report1
% file report2
% rc set -o vi
> cat rep<Esc><C-d>ix
| $ cat rep
| report1  report2
| $ cat rexp
@ 2 9

### … by zsh's name, and readline's that only deletes
% file report1
% file report2
% rc bindkey '^T' delete-char-or-list; bind '"\C-d": delete-char'
> cat rep<C-d>o<C-t>x
| $ cat repo
| report1  report2
| $ cat repox
@ 2 11

### … the end of an empty line
% rc bind '"\C-d": delete-char-or-list-or-eof'; trap 'echo bye' EXIT
> abc<C-u><C-d>
| $ exit
| bye
@ 2 0

### two words change places
> echo one, two-b x<M-b><M-t>y
| $ echo one, two-x by
@ 0 20

### … at the end, and where there are no two
> foo<M-t> bc<M-t>x
| $ bc foox
@ 0 9

### … the two around the cursor
> aa bb cc<C-a><M-f><Right><M-t>x
| $ bb aax cc
@ 0 8

### to a character, and back
% unmoved ^] right behind a move is the link's
> abcabc<C-a><C-]>cx<M-b><C-e><Esc><C-]>by
| $ abxcaybc
@ 0 8

### … that is not there
% unmoved ^] right behind a move is the link's
> abc<C-a><C-]>zx
| $ xabc
@ 0 3

### a comment
> nonsense<M-#>
> <Up>x
| $ #nonsense
| $ #nonsensex
@ 1 12

### all that the word may be
% file a/fo1
% file a/fo2
> ls a/fo<M-*>x
| $ ls a/fo1 a/fo2 x
@ 0 18

### a tilde
% rc bindkey '^T' tilde-expand
> ls ~root/x<M-&>y ~root<C-t>z
| $ ls /root/xy /rootz
@ 0 20

### a part of a path
% rc bindkey '^T' unix-filename-rubout
> ls a/bc/de<C-t>x
| $ ls a/bc/x
@ 0 11

### the history's beginning and end
% history echo one
% history echo two
% history echo three
> abc<Esc><lt>x
> <Esc>>y
| $ abcy
@ 0 6

### the history's next
% history echo one
% history echo two
% history echo three
> <Esc><lt><C-o>
> <C-o>
> x
| $ echo one
| one
| $ echo two
| two
| $ echo threex
@ 4 13

### the same once more
> echo a<M-a>
> b
| $ echo a
| a
| $ echo ab
@ 2 9

### a line put aside
> echo a<M-q>echo b<CR>
> c
| $ echo b
| b
| $ echo ac
@ 2 9

### … only one
> echo a<M-q>echo b<M-q>x<CR>
> c
| $ echo bx
| bx
| $ echo ac
@ 2 9

### … not for the rest of a command
> echo a<M-q>echo 'b<CR>
> c'<CR>
> d
| $ echo 'b
| > c'
| b
| c
| $ echo ad
@ 4 9

### … and ^C
> echo a<M-q>echo b
> <C-c>
> c
| $ echo b^C
| $ echo ac
@ 1 9

### searching forwards
% history echo one
% history echo two
% history echo three
> <Esc><lt><C-s>t
> <C-s>
> <C-r>
> <Esc>
> x
| $ echo xtwo
@ 0 8

### the line as it was at first
> <Up>abc def<M-r>x
| $ x
@ 0 3

### Shift-Tab's name in zsh, in the menu as well
% file ab1
% file ab2
% rc bindkey '^[[Z' reverse-menu-complete
> ls ab<Tab><Tab><Tab><S-Tab><CR>x
| $ ls ab
| ab1  ab2
| $ ls ab2 x
@ 2 10

### names of rc files
% size 12 60
> bindkey '^T' redo; bindkey '^T' vi-nothing; bindkey '^T' vi-delete; bindkey '^T' i-search-fwd; bindkey '^T'<CR>
| $ bindkey '^T' redo; bindkey '^T' vi-nothing; bindkey '^T' v
| i-delete; bindkey '^T' i-search-fwd; bindkey '^T'
| mish: bindkey: redo: there is no such command (`bindkey -l'
| lists them)
| mish: bindkey: vi-nothing: there is no such command (`bindke
| y -l' lists them)
| "^T"           ->  i-search-fwd
| $
@ 7 2

### a slip
> ehco<M-s> a
| $ echo a
@ 0 8

### … in a file's name
% file report
> cat reprot<M-s>x
| $ cat reportx
@ 0 13

### … by Tab
% file report
% rc shopt -s autocorrect
> cat reprot<Tab>x
| $ cat reportx
@ 0 13

### not in the answer to a question
% file one
% rc abbr n yarn; rmstar=1
> rm -f *<CR>
> n<CR>
> echo *<CR>
| $ rm -f *
| Do you really want to delete all files?
| [n/y] n
| $ echo *
| one
| $
@ 5 2

### a long string is refused
> bindkey -s '^T' "$(printf 'x%.0s' {1..600})"; echo $?<CR>
| xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
| xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
| xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
| xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
| xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
| xxxxxxxxxxxxxxx: cannot be bound
| 1
| $
@ 7 2

### strings that lead to each other
% rc bindkey -s '^T' '^Y'; bindkey -s '^Y' '^T'
> a<C-t>b
| $ ab
@ 0 4

### letters are no key
> bindkey jj vi-cmd-mode; echo json<CR>
| $ bindkey jj vi-cmd-mode; echo json
| mish: bindkey: jj: cannot be bound
| json
| $
@ 3 2

### \x in an inputrc
% rc bind '"\x14": beginning-of-line'
> abc<C-t>x
| $ xabc
@ 0 3

### a quoted name is a text
% rc bind '"\C-t": "return"'
> a<C-t>
| $ areturn
@ 0 9

### a point in characters
% rc bind -x '"\C-t": READLINE_LINE="${READLINE_LINE:0:READLINE_POINT}X${READLINE_LINE:READLINE_POINT}"'
> éé ab<Left><Left><C-t>y
| $ éé yXab
@ 0 6

### a completion that binds
% unmoved a move binds anew
% rc bind -x '"\C-t": echo no'; g() { bindkey -d; COMPREPLY=(); }; complete -F g foo
> foo a<Tab><C-t>b
| $ foo ab
@ 0 8

### … that takes too long, in a list of words
% rc COMPLETE_TIMEOUT=1; complete -W '$(sleep 5)' foo
> foo abc<Tab><pause><pause><pause>d
| $ foo abcd
@ 0 10

### bindkey lists the editor's own keys, too
% size 12 50
% rc bindkey -s '\e[15~' 'a^b'; bindkey -c '^[x' 'echo hi'; bindkey '^T' undo; bindkey -r '^G'
> bindkey | grep -e ings -e '^"^[AT]' -e '\[x"' -e '\[15' -e '^up' -e '!'<CR>
|  '\[15' -e '^up' -e '!'
| Standard key bindings
| "^A"           ->  beginning-of-line
| "^T"           ->  undo
| Alternative key bindings
| Multi-character bindings
| "^[[15~"       ->  "a^B"
| "^[x"          ->  [echo hi]
| Alternative multi-character bindings
| Arrow key bindings
| up             ->  up-history
| $
@ 11 2

### … and one of them
% rc bindkey '^T' undo
> bindkey '^A'; bindkey '^T'; bindkey '^['<CR>
| $ bindkey '^A'; bindkey '^T'; bindkey '^
| ['
| "^A"           ->  beginning-of-line
| "^T"           ->  undo
| "^["           ->  sequence-lead-in
| $
@ 5 2

### … of vi
% size 12 60
% rc set -o vi
> bindkey -a '^M'; bindkey -a -; bindkey | grep -e '^"k' -e '^"G'; bindkey '^['<CR>
| $ bindkey -a '^M'; bindkey -a -; bindkey | grep -e '^"k' -e
| '^"G'; bindkey '^['
| "^M"           ->  newline
| "-"            ->  vi-up-line-or-history
| "G"            ->  vi-to-history-line
| "k"            ->  vi-up-line-or-history
| "^["           ->  vi-cmd-mode
| $
@ 7 2

### bind as in readline
% size 12 60
% rc bind '"\C-xq": "foo\ebar"'; bind -x '"\C-xz": echo hi'
> bind -p | grep -e ': beginning-of-l' -e yank-pop -e spell; bind -P | grep ^beginning-of-l<CR>
| "\e[H": beginning-of-line
| "\eOH": beginning-of-line
| "\e[1~": beginning-of-line
| "\e[7~": beginning-of-line
| "\C-a": beginning-of-line
| "\es": spell-word
| "\eS": spell-word
| "\e$": spell-word
| "\ey": yank-pop
| beginning-of-line can be found on "\e[H", "\eOH", "\e[1~", "
| \e[7~", "\C-a".
| $
@ 11 2

### … texts and commands
% size 12 60
% rc bind '"\C-xq": "foo\ebar"'; bind -x '"\C-xz": echo hi'
> bind -s; bind -S; bind -X; bind -q yank; bind -q yank-no<CR>
| $ bind -s; bind -S; bind -X; bind -q yank; bind -q yank-no
| "\C-xq": "foo\ebar"
| \C-xq outputs foo\ebar
| "\C-xz": "echo hi"
| yank can be invoked via "\C-y".
| mish: bind: yank-no: there is no such command (`bind -l' lis
| ts them)
| $
@ 7 2

### arrows that are nobody's
% rc bindkey -r '\e[A'; bindkey -v '\e[B' beginning-of-line; set -o emacs
> echo a<CR>b<Up><Down>c
| $ echo a
| a
| $ cb
@ 2 3

### keymaps that are none
> bind -m nonsense '"x": undo'; bindkey -M nonsense x undo<CR>
| $ bind -m nonsense '"x": undo'; bindkey
| -M nonsense x undo
| mish: bind: nonsense: there is no such k
| eymap
| mish: bindkey: nonsense: there is no suc
| h keymap
| $
@ 6 2

### re-read-init-file, and readline's other commands that are the shell's
% size 10 60
% file .inputrc "\C-x1": "one"\n"\C-x\C-r": re-read-init-file\n"\C-x2": vi-editing-mode\n"\C-x3": emacs-editing-mode\n
> bind -f .inputrc<CR>
> echo '"\C-xq": "q"' >>.inputrc<CR>
> <C-x><C-r><C-x>1<C-x>q
> <C-c>
> <C-x>2
> abc<Esc>
> 0x
> <C-c>
> bind -X<CR>
| $ bind -f .inputrc
| $ echo '"\C-xq": "q"' >>.inputrc
| $ oneq^C
| $ bc^C
| $ bind -X
| "\C-x\C-r": "bind -f "${INPUTRC:-$HOME/.inputrc}""
| "\C-x2": "set -o vi"
| "\C-x3": "set -o emacs"
| $
@ 8 2
