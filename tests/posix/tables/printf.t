printf '%s\\n' a b
	a
	b
printf '%d\\n' 1 -2 0x10 010
	1
	-2
	16
	8
printf '%5s|%-5s|\\n' ab cd
	   ab|cd   |
printf '%.2s|\\n' abcdef
	ab|
printf '%05d\\n' 42
	00042
printf '%x %X %o\\n' 255 255 8
	ff FF 10
printf '%c\\n' hello
	h
printf '%%\\n' 
	%
printf '%s %s\\n' a
	a 
printf '%s %s\\n' a b c
	a b
	c 
printf '%b\\n' 'a\\tb\\n'
	a	b
	
printf '%b|\\n' 'x\\0101y'
	xAy|
printf '%i\\n' 7
	7
printf '%u\\n' 7
	7
printf '%+d % d\\n' 5 5
	+5  5
printf '%e\\n' 1.5
	1.500000e+00
printf '%.3f\\n' 3.14159
	3.142
printf '%g\\n' 0.0001
	0.0001
printf '%s\\n' 
	
printf 'x\\n' a b
	x
printf '\\101\\n' 
	A
printf 'a\\\\b\\n' 
	a\b
printf '%*d|\\n' 5 42
	   42|
printf '%-*d|\\n' 5 42
	42   |
printf '%.*s|\\n' 2 abc
	ab|
printf '%d\\n' "'A"
	65
printf '%s%s%s\\n' 1 2 3 4
	123
	4
printf '%#x %#o\\n' 255 8
	0xff 010
printf '%5.1f|\\n' 2.25
	  2.2|
printf '%b' 'stop\\c here' more
	stop\c
printf 'a\\nb\\n'
	a
	b
printf '%s\\n' 'a\\nb'
	a\nb
printf '%d\\n' 3x 2>/dev/null; echo $?
	3
	1
printf '%d\\n' '' 2>/dev/null; echo
	0
	
printf '%s\\n' "$(printf 'x\\n\\n')"
	x
printf '%s'; echo end
	end
printf '%d %s\\n' 1 a 2 b
	1 a
	2 b
echo a  b
	a b
echo 'a  b'
	a  b
echo
	
echo ''
	
echo -- a
	-- a
echo 'a"b'
	a"b
echo "a'b"
	a'b
printf -- '%s\\n' x
	x
printf '%5%|\\n' 2>/dev/null || echo
	
