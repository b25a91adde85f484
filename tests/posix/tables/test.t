[ '1' -eq '2' ]; echo $?
	1
[ '2' -eq '1' ]; echo $?
	1
[ '3' -eq '3' ]; echo $?
	0
[ '-1' -eq '1' ]; echo $?
	1
[ '0' -eq '-0' ]; echo $?
	0
[ '010' -eq '10' ]; echo $?
	0
[ ' 5' -eq '5' ]; echo $?
	0
[ '1' -ne '2' ]; echo $?
	0
[ '2' -ne '1' ]; echo $?
	0
[ '3' -ne '3' ]; echo $?
	1
[ '-1' -ne '1' ]; echo $?
	0
[ '0' -ne '-0' ]; echo $?
	1
[ '010' -ne '10' ]; echo $?
	1
[ ' 5' -ne '5' ]; echo $?
	1
[ '1' -lt '2' ]; echo $?
	0
[ '2' -lt '1' ]; echo $?
	1
[ '3' -lt '3' ]; echo $?
	1
[ '-1' -lt '1' ]; echo $?
	0
[ '0' -lt '-0' ]; echo $?
	1
[ '010' -lt '10' ]; echo $?
	1
[ ' 5' -lt '5' ]; echo $?
	1
[ '1' -le '2' ]; echo $?
	0
[ '2' -le '1' ]; echo $?
	1
[ '3' -le '3' ]; echo $?
	0
[ '-1' -le '1' ]; echo $?
	0
[ '0' -le '-0' ]; echo $?
	0
[ '010' -le '10' ]; echo $?
	0
[ ' 5' -le '5' ]; echo $?
	0
[ '1' -gt '2' ]; echo $?
	1
[ '2' -gt '1' ]; echo $?
	0
[ '3' -gt '3' ]; echo $?
	1
[ '-1' -gt '1' ]; echo $?
	1
[ '0' -gt '-0' ]; echo $?
	1
[ '010' -gt '10' ]; echo $?
	1
[ ' 5' -gt '5' ]; echo $?
	1
[ '1' -ge '2' ]; echo $?
	1
[ '2' -ge '1' ]; echo $?
	0
[ '3' -ge '3' ]; echo $?
	0
[ '-1' -ge '1' ]; echo $?
	1
[ '0' -ge '-0' ]; echo $?
	0
[ '010' -ge '10' ]; echo $?
	0
[ ' 5' -ge '5' ]; echo $?
	0
[ '' = '' ]; echo $?
	0
test '' != ''; echo $?
	1
[ '' = 'a' ]; echo $?
	1
test '' != 'a'; echo $?
	0
[ '' = 'b' ]; echo $?
	1
test '' != 'b'; echo $?
	0
[ '' = '!' ]; echo $?
	1
test '' != '!'; echo $?
	0
[ 'a' = '' ]; echo $?
	1
test 'a' != ''; echo $?
	0
[ 'a' = 'a' ]; echo $?
	0
test 'a' != 'a'; echo $?
	1
[ 'a' = 'b' ]; echo $?
	1
test 'a' != 'b'; echo $?
	0
[ 'a' = '!' ]; echo $?
	1
test 'a' != '!'; echo $?
	0
[ 'abc' = '' ]; echo $?
	1
test 'abc' != ''; echo $?
	0
[ 'abc' = 'a' ]; echo $?
	1
test 'abc' != 'a'; echo $?
	0
[ 'abc' = 'b' ]; echo $?
	1
test 'abc' != 'b'; echo $?
	0
[ 'abc' = '!' ]; echo $?
	1
test 'abc' != '!'; echo $?
	0
[ '!' = '' ]; echo $?
	1
test '!' != ''; echo $?
	0
[ '!' = 'a' ]; echo $?
	1
test '!' != 'a'; echo $?
	0
[ '!' = 'b' ]; echo $?
	1
test '!' != 'b'; echo $?
	0
[ '!' = '!' ]; echo $?
	0
test '!' != '!'; echo $?
	1
[ '(' = '' ]; echo $?
	1
test '(' != ''; echo $?
	0
[ '(' = 'a' ]; echo $?
	1
test '(' != 'a'; echo $?
	0
[ '(' = 'b' ]; echo $?
	1
test '(' != 'b'; echo $?
	0
[ '(' = '!' ]; echo $?
	1
test '(' != '!'; echo $?
	0
[ '-n' = '' ]; echo $?
	1
test '-n' != ''; echo $?
	0
[ '-n' = 'a' ]; echo $?
	1
test '-n' != 'a'; echo $?
	0
[ '-n' = 'b' ]; echo $?
	1
test '-n' != 'b'; echo $?
	0
[ '-n' = '!' ]; echo $?
	1
test '-n' != '!'; echo $?
	0
[ '=' = '' ]; echo $?
	1
test '=' != ''; echo $?
	0
[ '=' = 'a' ]; echo $?
	1
test '=' != 'a'; echo $?
	0
[ '=' = 'b' ]; echo $?
	1
test '=' != 'b'; echo $?
	0
[ '=' = '!' ]; echo $?
	1
test '=' != '!'; echo $?
	0
[ '' ]; echo $?
	1
[ -n '' ]; echo $?
	1
[ -z '' ]; echo $?
	0
[ ! '' ]; echo $?
	0
[ ! -n '' ]; echo $?
	0
[ 'a' ]; echo $?
	0
[ -n 'a' ]; echo $?
	0
[ -z 'a' ]; echo $?
	1
[ ! 'a' ]; echo $?
	1
[ ! -n 'a' ]; echo $?
	1
[ '!' ]; echo $?
	0
[ -n '!' ]; echo $?
	0
[ -z '!' ]; echo $?
	1
[ ! '!' ]; echo $?
	1
[ ! -n '!' ]; echo $?
	1
[ '-n' ]; echo $?
	0
[ -n '-n' ]; echo $?
	0
[ -z '-n' ]; echo $?
	1
[ ! '-n' ]; echo $?
	1
[ ! -n '-n' ]; echo $?
	1
[ '-z' ]; echo $?
	0
[ -n '-z' ]; echo $?
	0
[ -z '-z' ]; echo $?
	1
[ ! '-z' ]; echo $?
	1
[ ! -n '-z' ]; echo $?
	1
[ '(' ]; echo $?
	0
[ -n '(' ]; echo $?
	0
[ -z '(' ]; echo $?
	1
[ ! '(' ]; echo $?
	1
[ ! -n '(' ]; echo $?
	1
[ '=' ]; echo $?
	0
[ -n '=' ]; echo $?
	0
[ -z '=' ]; echo $?
	1
[ ! '=' ]; echo $?
	1
[ ! -n '=' ]; echo $?
	1
[ '-f' ]; echo $?
	0
[ -n '-f' ]; echo $?
	0
[ -z '-f' ]; echo $?
	1
[ ! '-f' ]; echo $?
	1
[ ! -n '-f' ]; echo $?
	1
[ '0' ]; echo $?
	0
[ -n '0' ]; echo $?
	0
[ -z '0' ]; echo $?
	1
[ ! '0' ]; echo $?
	1
[ ! -n '0' ]; echo $?
	1
[ -b /dev/null ]; echo $?
	1
[ -b /etc/passwd ]; echo $?
	1
[ -b /etc ]; echo $?
	1
[ -b /nonexistent ]; echo $?
	1
[ -b /dev/tty0x ]; echo $?
	1
[ -b /proc/self/exe ]; echo $?
	1
[ -c /dev/null ]; echo $?
	0
[ -c /etc/passwd ]; echo $?
	1
[ -c /etc ]; echo $?
	1
[ -c /nonexistent ]; echo $?
	1
[ -c /dev/tty0x ]; echo $?
	1
[ -c /proc/self/exe ]; echo $?
	1
[ -d /dev/null ]; echo $?
	1
[ -d /etc/passwd ]; echo $?
	1
[ -d /etc ]; echo $?
	0
[ -d /nonexistent ]; echo $?
	1
[ -d /dev/tty0x ]; echo $?
	1
[ -d /proc/self/exe ]; echo $?
	1
[ -e /dev/null ]; echo $?
	0
[ -e /etc/passwd ]; echo $?
	0
[ -e /etc ]; echo $?
	0
[ -e /nonexistent ]; echo $?
	1
[ -e /dev/tty0x ]; echo $?
	1
[ -e /proc/self/exe ]; echo $?
	0
[ -f /dev/null ]; echo $?
	1
[ -f /etc/passwd ]; echo $?
	0
[ -f /etc ]; echo $?
	1
[ -f /nonexistent ]; echo $?
	1
[ -f /dev/tty0x ]; echo $?
	1
[ -f /proc/self/exe ]; echo $?
	0
[ -g /dev/null ]; echo $?
	1
[ -g /etc/passwd ]; echo $?
	1
[ -g /etc ]; echo $?
	1
[ -g /nonexistent ]; echo $?
	1
[ -g /dev/tty0x ]; echo $?
	1
[ -g /proc/self/exe ]; echo $?
	1
[ -h /dev/null ]; echo $?
	1
[ -h /etc/passwd ]; echo $?
	1
[ -h /etc ]; echo $?
	1
[ -h /nonexistent ]; echo $?
	1
[ -h /dev/tty0x ]; echo $?
	1
[ -h /proc/self/exe ]; echo $?
	0
[ -L /dev/null ]; echo $?
	1
[ -L /etc/passwd ]; echo $?
	1
[ -L /etc ]; echo $?
	1
[ -L /nonexistent ]; echo $?
	1
[ -L /dev/tty0x ]; echo $?
	1
[ -L /proc/self/exe ]; echo $?
	0
[ -p /dev/null ]; echo $?
	1
[ -p /etc/passwd ]; echo $?
	1
[ -p /etc ]; echo $?
	1
[ -p /nonexistent ]; echo $?
	1
[ -p /dev/tty0x ]; echo $?
	1
[ -p /proc/self/exe ]; echo $?
	1
[ -r /dev/null ]; echo $?
	0
[ -r /etc/passwd ]; echo $?
	0
[ -r /etc ]; echo $?
	0
[ -r /nonexistent ]; echo $?
	1
[ -r /dev/tty0x ]; echo $?
	1
[ -r /proc/self/exe ]; echo $?
	0
[ -S /dev/null ]; echo $?
	1
[ -S /etc/passwd ]; echo $?
	1
[ -S /etc ]; echo $?
	1
[ -S /nonexistent ]; echo $?
	1
[ -S /dev/tty0x ]; echo $?
	1
[ -S /proc/self/exe ]; echo $?
	1
[ -s /dev/null ]; echo $?
	1
[ -s /etc/passwd ]; echo $?
	0
[ -s /etc ]; echo $?
	0
[ -s /nonexistent ]; echo $?
	1
[ -s /dev/tty0x ]; echo $?
	1
[ -s /proc/self/exe ]; echo $?
	0
[ -u /dev/null ]; echo $?
	1
[ -u /etc/passwd ]; echo $?
	1
[ -u /etc ]; echo $?
	1
[ -u /nonexistent ]; echo $?
	1
[ -u /dev/tty0x ]; echo $?
	1
[ -u /proc/self/exe ]; echo $?
	1
[ -w /dev/null ]; echo $?
	0
[ -w /etc/passwd ]; echo $?
	0
[ -w /etc ]; echo $?
	0
[ -w /nonexistent ]; echo $?
	1
[ -w /dev/tty0x ]; echo $?
	1
[ -w /proc/self/exe ]; echo $?
	0
[ -x /dev/null ]; echo $?
	1
[ -x /etc/passwd ]; echo $?
	1
[ -x /etc ]; echo $?
	0
[ -x /nonexistent ]; echo $?
	1
[ -x /dev/tty0x ]; echo $?
	1
[ -x /proc/self/exe ]; echo $?
	0
[ ]; echo $?
	1
[ a -a b ]; echo $?
	0
[ -n a ] && [ -z "" ]; echo $?
	0
test; echo $?
	1
test 1 -eq x 2>/dev/null; echo $(($? > 1))
	1
[ 1 -lt 2 ] && echo y || echo n
	y
[ -t 0 ] </dev/null; echo $?
	1
[ /etc -ef /etc/. ]; echo $?
	0
[ a "<" b ]; echo $?
	0
[ "" -o a ]; echo $?
	0
