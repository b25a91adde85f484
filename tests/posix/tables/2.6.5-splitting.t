IFS=' 	\n'; v='a b c'; set -- $v; echo $#; for i do echo "<$i>"; done
	3
	<a>
	<b>
	<c>
IFS=' 	\n'; v='a b c'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	6
	<a>
	<b>
	<c>
	<xa>
	<b>
	<c>
IFS=' 	\n'; printf '%s\\n' 'a b c' | { read a b; echo "<$a><$b>"; }
	<a><b c>
IFS=' 	\n'; v=':a:b:'; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	<:a:b:>
IFS=' 	\n'; v=':a:b:'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<:a:b:>
	<x:a:b:>
IFS=' 	\n'; printf '%s\\n' ':a:b:' | { read a b; echo "<$a><$b>"; }
	<:a:b:><>
IFS=' 	\n'; v='a::b'; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	<a::b>
IFS=' 	\n'; v='a::b'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<a::b>
	<xa::b>
IFS=' 	\n'; printf '%s\\n' 'a::b' | { read a b; echo "<$a><$b>"; }
	<a::b><>
IFS=' 	\n'; v=' a  b '; set -- $v; echo $#; for i do echo "<$i>"; done
	2
	<a>
	<b>
IFS=' 	\n'; v=' a  b '; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	6
	<a>
	<b>
	<>
	<x>
	<a>
	<b>
IFS=' 	\n'; printf '%s\\n' ' a  b ' | { read a b; echo "<$a><$b>"; }
	<a><b>
IFS=' 	\n'; v='a : b'; set -- $v; echo $#; for i do echo "<$i>"; done
	3
	<a>
	<:>
	<b>
IFS=' 	\n'; v='a : b'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	6
	<a>
	<:>
	<b>
	<xa>
	<:>
	<b>
IFS=' 	\n'; printf '%s\\n' 'a : b' | { read a b; echo "<$a><$b>"; }
	<a><: b>
IFS=' 	\n'; v='xaxbx'; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	<xaxbx>
IFS=' 	\n'; v='xaxbx'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<xaxbx>
	<xxaxbx>
IFS=' 	\n'; printf '%s\\n' 'xaxbx' | { read a b; echo "<$a><$b>"; }
	<xaxbx><>
IFS=' 	\n'; v=''; set -- $v; echo $#; for i do echo "<$i>"; done
	0
IFS=' 	\n'; v=''; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<>
	<x>
IFS=' 	\n'; printf '%s\\n' '' | { read a b; echo "<$a><$b>"; }
	<><>
IFS=' 	\n'; v='   '; set -- $v; echo $#; for i do echo "<$i>"; done
	0
IFS=' 	\n'; v='   '; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<>
	<x>
IFS=' 	\n'; printf '%s\\n' '   ' | { read a b; echo "<$a><$b>"; }
	<><>
IFS=' 	\n'; v='::'; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	<::>
IFS=' 	\n'; v='::'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<::>
	<x::>
IFS=' 	\n'; printf '%s\\n' '::' | { read a b; echo "<$a><$b>"; }
	<::><>
IFS=' 	\n'; v=': :'; set -- $v; echo $#; for i do echo "<$i>"; done
	2
	<:>
	<:>
IFS=' 	\n'; v=': :'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	4
	<:>
	<:>
	<x:>
	<:>
IFS=' 	\n'; printf '%s\\n' ': :' | { read a b; echo "<$a><$b>"; }
	<:><:>
IFS=:; v='a b c'; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	<a b c>
IFS=:; v='a b c'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<a b c>
	<xa b c>
IFS=:; printf '%s\\n' 'a b c' | { read a b; echo "<$a><$b>"; }
	<a b c><>
IFS=:; v=':a:b:'; set -- $v; echo $#; for i do echo "<$i>"; done
	3
	<>
	<a>
	<b>
IFS=:; v=':a:b:'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	7
	<>
	<a>
	<b>
	<>
	<x>
	<a>
	<b>
IFS=:; printf '%s\\n' ':a:b:' | { read a b; echo "<$a><$b>"; }
	<><a:b:>
IFS=:; v='a::b'; set -- $v; echo $#; for i do echo "<$i>"; done
	3
	<a>
	<>
	<b>
IFS=:; v='a::b'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	6
	<a>
	<>
	<b>
	<xa>
	<>
	<b>
IFS=:; printf '%s\\n' 'a::b' | { read a b; echo "<$a><$b>"; }
	<a><:b>
IFS=:; v=' a  b '; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	< a  b >
IFS=:; v=' a  b '; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	< a  b >
	<x a  b >
IFS=:; printf '%s\\n' ' a  b ' | { read a b; echo "<$a><$b>"; }
	< a  b ><>
IFS=:; v='a : b'; set -- $v; echo $#; for i do echo "<$i>"; done
	2
	<a >
	< b>
IFS=:; v='a : b'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	4
	<a >
	< b>
	<xa >
	< b>
IFS=:; printf '%s\\n' 'a : b' | { read a b; echo "<$a><$b>"; }
	<a >< b>
IFS=:; v='xaxbx'; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	<xaxbx>
IFS=:; v='xaxbx'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<xaxbx>
	<xxaxbx>
IFS=:; printf '%s\\n' 'xaxbx' | { read a b; echo "<$a><$b>"; }
	<xaxbx><>
IFS=:; v=''; set -- $v; echo $#; for i do echo "<$i>"; done
	0
IFS=:; v=''; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<>
	<x>
IFS=:; printf '%s\\n' '' | { read a b; echo "<$a><$b>"; }
	<><>
IFS=:; v='   '; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	<   >
IFS=:; v='   '; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<   >
	<x   >
IFS=:; printf '%s\\n' '   ' | { read a b; echo "<$a><$b>"; }
	<   ><>
IFS=:; v='::'; set -- $v; echo $#; for i do echo "<$i>"; done
	2
	<>
	<>
IFS=:; v='::'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	5
	<>
	<>
	<>
	<x>
	<>
IFS=:; printf '%s\\n' '::' | { read a b; echo "<$a><$b>"; }
	<><>
IFS=:; v=': :'; set -- $v; echo $#; for i do echo "<$i>"; done
	2
	<>
	< >
IFS=:; v=': :'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	5
	<>
	< >
	<>
	<x>
	< >
IFS=:; printf '%s\\n' ': :' | { read a b; echo "<$a><$b>"; }
	<>< >
IFS=': '; v='a b c'; set -- $v; echo $#; for i do echo "<$i>"; done
	3
	<a>
	<b>
	<c>
IFS=': '; v='a b c'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	6
	<a>
	<b>
	<c>
	<xa>
	<b>
	<c>
IFS=': '; printf '%s\\n' 'a b c' | { read a b; echo "<$a><$b>"; }
	<a><b c>
IFS=': '; v=':a:b:'; set -- $v; echo $#; for i do echo "<$i>"; done
	3
	<>
	<a>
	<b>
IFS=': '; v=':a:b:'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	7
	<>
	<a>
	<b>
	<>
	<x>
	<a>
	<b>
IFS=': '; printf '%s\\n' ':a:b:' | { read a b; echo "<$a><$b>"; }
	<><a:b:>
IFS=': '; v='a::b'; set -- $v; echo $#; for i do echo "<$i>"; done
	3
	<a>
	<>
	<b>
IFS=': '; v='a::b'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	6
	<a>
	<>
	<b>
	<xa>
	<>
	<b>
IFS=': '; printf '%s\\n' 'a::b' | { read a b; echo "<$a><$b>"; }
	<a><:b>
IFS=': '; v=' a  b '; set -- $v; echo $#; for i do echo "<$i>"; done
	2
	<a>
	<b>
IFS=': '; v=' a  b '; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	6
	<a>
	<b>
	<>
	<x>
	<a>
	<b>
IFS=': '; printf '%s\\n' ' a  b ' | { read a b; echo "<$a><$b>"; }
	<a><b>
IFS=': '; v='a : b'; set -- $v; echo $#; for i do echo "<$i>"; done
	2
	<a>
	<b>
IFS=': '; v='a : b'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	4
	<a>
	<b>
	<xa>
	<b>
IFS=': '; printf '%s\\n' 'a : b' | { read a b; echo "<$a><$b>"; }
	<a><b>
IFS=': '; v='xaxbx'; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	<xaxbx>
IFS=': '; v='xaxbx'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<xaxbx>
	<xxaxbx>
IFS=': '; printf '%s\\n' 'xaxbx' | { read a b; echo "<$a><$b>"; }
	<xaxbx><>
IFS=': '; v=''; set -- $v; echo $#; for i do echo "<$i>"; done
	0
IFS=': '; v=''; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<>
	<x>
IFS=': '; printf '%s\\n' '' | { read a b; echo "<$a><$b>"; }
	<><>
IFS=': '; v='   '; set -- $v; echo $#; for i do echo "<$i>"; done
	0
IFS=': '; v='   '; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<>
	<x>
IFS=': '; printf '%s\\n' '   ' | { read a b; echo "<$a><$b>"; }
	<><>
IFS=': '; v='::'; set -- $v; echo $#; for i do echo "<$i>"; done
	2
	<>
	<>
IFS=': '; v='::'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	5
	<>
	<>
	<>
	<x>
	<>
IFS=': '; printf '%s\\n' '::' | { read a b; echo "<$a><$b>"; }
	<><>
IFS=': '; v=': :'; set -- $v; echo $#; for i do echo "<$i>"; done
	2
	<>
	<>
IFS=': '; v=': :'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	5
	<>
	<>
	<>
	<x>
	<>
IFS=': '; printf '%s\\n' ': :' | { read a b; echo "<$a><$b>"; }
	<><>
IFS=; v='a b c'; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	<a b c>
IFS=; v='a b c'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<a b c>
	<xa b c>
IFS=; printf '%s\\n' 'a b c' | { read a b; echo "<$a><$b>"; }
	<a b c><>
IFS=; v=':a:b:'; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	<:a:b:>
IFS=; v=':a:b:'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<:a:b:>
	<x:a:b:>
IFS=; printf '%s\\n' ':a:b:' | { read a b; echo "<$a><$b>"; }
	<:a:b:><>
IFS=; v='a::b'; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	<a::b>
IFS=; v='a::b'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<a::b>
	<xa::b>
IFS=; printf '%s\\n' 'a::b' | { read a b; echo "<$a><$b>"; }
	<a::b><>
IFS=; v=' a  b '; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	< a  b >
IFS=; v=' a  b '; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	< a  b >
	<x a  b >
IFS=; printf '%s\\n' ' a  b ' | { read a b; echo "<$a><$b>"; }
	< a  b ><>
IFS=; v='a : b'; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	<a : b>
IFS=; v='a : b'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<a : b>
	<xa : b>
IFS=; printf '%s\\n' 'a : b' | { read a b; echo "<$a><$b>"; }
	<a : b><>
IFS=; v='xaxbx'; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	<xaxbx>
IFS=; v='xaxbx'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<xaxbx>
	<xxaxbx>
IFS=; printf '%s\\n' 'xaxbx' | { read a b; echo "<$a><$b>"; }
	<xaxbx><>
IFS=; v=''; set -- $v; echo $#; for i do echo "<$i>"; done
	0
IFS=; v=''; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<>
	<x>
IFS=; printf '%s\\n' '' | { read a b; echo "<$a><$b>"; }
	<><>
IFS=; v='   '; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	<   >
IFS=; v='   '; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<   >
	<x   >
IFS=; printf '%s\\n' '   ' | { read a b; echo "<$a><$b>"; }
	<   ><>
IFS=; v='::'; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	<::>
IFS=; v='::'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<::>
	<x::>
IFS=; printf '%s\\n' '::' | { read a b; echo "<$a><$b>"; }
	<::><>
IFS=; v=': :'; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	<: :>
IFS=; v=': :'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<: :>
	<x: :>
IFS=; printf '%s\\n' ': :' | { read a b; echo "<$a><$b>"; }
	<: :><>
unset IFS; v='a b c'; set -- $v; echo $#; for i do echo "<$i>"; done
	3
	<a>
	<b>
	<c>
unset IFS; v='a b c'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	6
	<a>
	<b>
	<c>
	<xa>
	<b>
	<c>
unset IFS; printf '%s\\n' 'a b c' | { read a b; echo "<$a><$b>"; }
	<a><b c>
unset IFS; v=':a:b:'; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	<:a:b:>
unset IFS; v=':a:b:'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<:a:b:>
	<x:a:b:>
unset IFS; printf '%s\\n' ':a:b:' | { read a b; echo "<$a><$b>"; }
	<:a:b:><>
unset IFS; v='a::b'; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	<a::b>
unset IFS; v='a::b'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<a::b>
	<xa::b>
unset IFS; printf '%s\\n' 'a::b' | { read a b; echo "<$a><$b>"; }
	<a::b><>
unset IFS; v=' a  b '; set -- $v; echo $#; for i do echo "<$i>"; done
	2
	<a>
	<b>
unset IFS; v=' a  b '; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	6
	<a>
	<b>
	<>
	<x>
	<a>
	<b>
unset IFS; printf '%s\\n' ' a  b ' | { read a b; echo "<$a><$b>"; }
	<a><b>
unset IFS; v='a : b'; set -- $v; echo $#; for i do echo "<$i>"; done
	3
	<a>
	<:>
	<b>
unset IFS; v='a : b'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	6
	<a>
	<:>
	<b>
	<xa>
	<:>
	<b>
unset IFS; printf '%s\\n' 'a : b' | { read a b; echo "<$a><$b>"; }
	<a><: b>
unset IFS; v='xaxbx'; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	<xaxbx>
unset IFS; v='xaxbx'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<xaxbx>
	<xxaxbx>
unset IFS; printf '%s\\n' 'xaxbx' | { read a b; echo "<$a><$b>"; }
	<xaxbx><>
unset IFS; v=''; set -- $v; echo $#; for i do echo "<$i>"; done
	0
unset IFS; v=''; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<>
	<x>
unset IFS; printf '%s\\n' '' | { read a b; echo "<$a><$b>"; }
	<><>
unset IFS; v='   '; set -- $v; echo $#; for i do echo "<$i>"; done
	0
unset IFS; v='   '; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<>
	<x>
unset IFS; printf '%s\\n' '   ' | { read a b; echo "<$a><$b>"; }
	<><>
unset IFS; v='::'; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	<::>
unset IFS; v='::'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<::>
	<x::>
unset IFS; printf '%s\\n' '::' | { read a b; echo "<$a><$b>"; }
	<::><>
unset IFS; v=': :'; set -- $v; echo $#; for i do echo "<$i>"; done
	2
	<:>
	<:>
unset IFS; v=': :'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	4
	<:>
	<:>
	<x:>
	<:>
unset IFS; printf '%s\\n' ': :' | { read a b; echo "<$a><$b>"; }
	<:><:>
IFS=x; v='a b c'; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	<a b c>
IFS=x; v='a b c'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<a b c>
	<xa b c>
IFS=x; printf '%s\\n' 'a b c' | { read a b; echo "<$a><$b>"; }
	<a b c><>
IFS=x; v=':a:b:'; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	<:a:b:>
IFS=x; v=':a:b:'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<:a:b:>
	<x:a:b:>
IFS=x; printf '%s\\n' ':a:b:' | { read a b; echo "<$a><$b>"; }
	<:a:b:><>
IFS=x; v='a::b'; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	<a::b>
IFS=x; v='a::b'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<a::b>
	<xa::b>
IFS=x; printf '%s\\n' 'a::b' | { read a b; echo "<$a><$b>"; }
	<a::b><>
IFS=x; v=' a  b '; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	< a  b >
IFS=x; v=' a  b '; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	< a  b >
	<x a  b >
IFS=x; printf '%s\\n' ' a  b ' | { read a b; echo "<$a><$b>"; }
	< a  b ><>
IFS=x; v='a : b'; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	<a : b>
IFS=x; v='a : b'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<a : b>
	<xa : b>
IFS=x; printf '%s\\n' 'a : b' | { read a b; echo "<$a><$b>"; }
	<a : b><>
IFS=x; v='xaxbx'; set -- $v; echo $#; for i do echo "<$i>"; done
	3
	<>
	<a>
	<b>
IFS=x; v='xaxbx'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	7
	<>
	<a>
	<b>
	<>
	<x>
	<a>
	<b>
IFS=x; printf '%s\\n' 'xaxbx' | { read a b; echo "<$a><$b>"; }
	<><axbx>
IFS=x; v=''; set -- $v; echo $#; for i do echo "<$i>"; done
	0
IFS=x; v=''; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<>
	<x>
IFS=x; printf '%s\\n' '' | { read a b; echo "<$a><$b>"; }
	<><>
IFS=x; v='   '; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	<   >
IFS=x; v='   '; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<   >
	<x   >
IFS=x; printf '%s\\n' '   ' | { read a b; echo "<$a><$b>"; }
	<   ><>
IFS=x; v='::'; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	<::>
IFS=x; v='::'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<::>
	<x::>
IFS=x; printf '%s\\n' '::' | { read a b; echo "<$a><$b>"; }
	<::><>
IFS=x; v=': :'; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	<: :>
IFS=x; v=': :'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<: :>
	<x: :>
IFS=x; printf '%s\\n' ': :' | { read a b; echo "<$a><$b>"; }
	<: :><>
IFS=' x'; v='a b c'; set -- $v; echo $#; for i do echo "<$i>"; done
	3
	<a>
	<b>
	<c>
IFS=' x'; v='a b c'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	6
	<a>
	<b>
	<c>
	<xa>
	<b>
	<c>
IFS=' x'; printf '%s\\n' 'a b c' | { read a b; echo "<$a><$b>"; }
	<a><b c>
IFS=' x'; v=':a:b:'; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	<:a:b:>
IFS=' x'; v=':a:b:'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<:a:b:>
	<x:a:b:>
IFS=' x'; printf '%s\\n' ':a:b:' | { read a b; echo "<$a><$b>"; }
	<:a:b:><>
IFS=' x'; v='a::b'; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	<a::b>
IFS=' x'; v='a::b'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<a::b>
	<xa::b>
IFS=' x'; printf '%s\\n' 'a::b' | { read a b; echo "<$a><$b>"; }
	<a::b><>
IFS=' x'; v=' a  b '; set -- $v; echo $#; for i do echo "<$i>"; done
	2
	<a>
	<b>
IFS=' x'; v=' a  b '; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	6
	<a>
	<b>
	<>
	<x>
	<a>
	<b>
IFS=' x'; printf '%s\\n' ' a  b ' | { read a b; echo "<$a><$b>"; }
	<a><b>
IFS=' x'; v='a : b'; set -- $v; echo $#; for i do echo "<$i>"; done
	3
	<a>
	<:>
	<b>
IFS=' x'; v='a : b'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	6
	<a>
	<:>
	<b>
	<xa>
	<:>
	<b>
IFS=' x'; printf '%s\\n' 'a : b' | { read a b; echo "<$a><$b>"; }
	<a><: b>
IFS=' x'; v='xaxbx'; set -- $v; echo $#; for i do echo "<$i>"; done
	3
	<>
	<a>
	<b>
IFS=' x'; v='xaxbx'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	7
	<>
	<a>
	<b>
	<>
	<x>
	<a>
	<b>
IFS=' x'; printf '%s\\n' 'xaxbx' | { read a b; echo "<$a><$b>"; }
	<><axbx>
IFS=' x'; v=''; set -- $v; echo $#; for i do echo "<$i>"; done
	0
IFS=' x'; v=''; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<>
	<x>
IFS=' x'; printf '%s\\n' '' | { read a b; echo "<$a><$b>"; }
	<><>
IFS=' x'; v='   '; set -- $v; echo $#; for i do echo "<$i>"; done
	0
IFS=' x'; v='   '; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<>
	<x>
IFS=' x'; printf '%s\\n' '   ' | { read a b; echo "<$a><$b>"; }
	<><>
IFS=' x'; v='::'; set -- $v; echo $#; for i do echo "<$i>"; done
	1
	<::>
IFS=' x'; v='::'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	2
	<::>
	<x::>
IFS=' x'; printf '%s\\n' '::' | { read a b; echo "<$a><$b>"; }
	<::><>
IFS=' x'; v=': :'; set -- $v; echo $#; for i do echo "<$i>"; done
	2
	<:>
	<:>
IFS=' x'; v=': :'; set -- $v"" x$v; echo $#; for i do echo "<$i>"; done
	4
	<:>
	<:>
	<x:>
	<:>
IFS=' x'; printf '%s\\n' ': :' | { read a b; echo "<$a><$b>"; }
	<:><:>
