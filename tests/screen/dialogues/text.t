# Characters of every kind.

### é, also where the locale says nothing
% env LANG=
> echo é<Left><Left>X
| $ echoX é
@ 0 7

### é is one character to Backspace
> echo éa<BS><BS>X
| $ echo X
@ 0 8

### a wide character takes two columns
> echo 日本<Left>X
| $ echo 日X本
@ 0 10

### wide characters at the edge
% size 6 20
> echo 12345678901日本語
| $ echo 12345678901日
| 本語
@ 1 4

### combining marks stay with their letter
> echo é́x<Left><Left>Y
| $ echo Yé́x
@ 0 8

### Backspace takes a letter with its marks
> echo áb<BS><BS>X
| $ echo X
@ 0 8

### Del as well
> echo áb<Left><Left><Del>X
| $ echo Xb
@ 0 8

### bytes that are no characters are kept
> printf '<xff><xc3>' | od -An -tx1<CR>
| $ printf '\xff\xc3' | od -An -tx1
|  ff c3
| $
@ 2 2

### … and can be removed
> echo <xff>a<BS><BS>b
| $ echo b
@ 0 8

### Latin-1 in the C locale
% env LANG=C
> printf '<xe9>' | od -An -tx1<CR>
| $ printf '\xe9' | od -An -tx1
|  e9
| $
@ 2 2

### a locale that the host does not have
% env LANG=xx_XX.UTF-8
> echo é<BS>e<CR>
| mish: locale xx_XX.UTF-8: not on this ho
| st (C.UTF-8 instead)
| $ echo e
| e
| $
@ 4 2

### a locale that is set at the prompt
% env LANG=C
> LANG=C.UTF-8<CR>
> echo é<BS>e<CR>
| $ LANG=C.UTF-8
| $ echo e
| e
| $
@ 3 2

### emoji
> echo 🙂<Left>X
| $ echo X🙂
@ 0 8

### a NUL is nothing
> echo a<x00>b
| $ echo ab
@ 0 9

### words with letters that are not ASCII
> echo äöü ßx<C-Left>X
| $ echo äöü Xßx
@ 0 12

### file names that are not ASCII
% file été/x
> cat é<Tab><CR>
| $ cat été/
| cat: été/: Is a directory
| $
@ 2 2

### a character that comes in two parts
> echo <xc3>
> <xa9><CR>
| $ echo é
| é
| $
@ 2 2

### Alt with a letter that is not ASCII
> echo a<x1b><xc3><xa9>b
| $ echo ab
@ 0 9

### a control character above 127 is no key
> echo a<xc2><x9f>b<xc2><x80>c
| $ echo a\xc2\x9fb\xc2\x80c
@ 0 26
