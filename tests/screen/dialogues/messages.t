# What is said.

### a slip of the hand
> lss<CR>
| $ lss
| mish: lss: not found; did you mean `ls'?
| $
@ 2 2

### a directory
> /tmp<CR>
| $ /tmp
| mish: /tmp: is a directory
| $
@ 2 2

### a syntax error
> if true; fi<CR>
| $ if true; fi
| mish: syntax error: `fi' unexpected
| $
@ 2 2

### … of csh
> foreach i (1 2)<CR>
| $ foreach i (1 2)
| mish: syntax error: `(' unexpected (here
|  it is written: for x in a b; do …; done
| )
| $
@ 4 2

### a node with a user
> smigrate mia@gamma<CR>
| $ smigrate mia@gamma
| mish: smigrate: mia@gamma: not a host na
| me (for another user, name the host in ~
| /.ssh/config: Host, HostName, User)
| $
@ 4 2

### a job that is not there
> wait %9<CR>
| $ wait %9
| mish: wait: %9: no such job
| $
@ 2 2

### exit with stopped jobs
% unmoved they stay
> sleep 100<CR><pause><C-z>
> <C-d>
> kill %1<CR>
| $ sleep 100
| ^Z
| [1] + Stopped    sleep 100
| $
| mish: there are stopped jobs
| $ kill %1
| $
@ 6 2

### a dumb terminal
% env TERM=dumb
> echo a<CR>
| $ echo a
| a
| $
@ 2 2

### no terminal's name
% unset TERM
> echo a<CR>
| $ echo a
| a
| $
@ 2 2
