case '' in *) echo y;; *) echo n;; esac
	y
case 'a' in *) echo y;; *) echo n;; esac
	y
case 'abc' in *) echo y;; *) echo n;; esac
	y
case 'b' in *) echo y;; *) echo n;; esac
	y
case 'ac' in *) echo y;; *) echo n;; esac
	y
case 'a*c' in *) echo y;; *) echo n;; esac
	y
case '1' in *) echo y;; *) echo n;; esac
	y
case 'A' in *) echo y;; *) echo n;; esac
	y
case 'a]c' in *) echo y;; *) echo n;; esac
	y
case '[a-' in *) echo y;; *) echo n;; esac
	y
case 'x9' in *) echo y;; *) echo n;; esac
	y
case 'a.c' in *) echo y;; *) echo n;; esac
	y
case '*' in *) echo y;; *) echo n;; esac
	y
case '?' in *) echo y;; *) echo n;; esac
	y
case '\\' in *) echo y;; *) echo n;; esac
	y
case '' in ?) echo y;; *) echo n;; esac
	n
case 'a' in ?) echo y;; *) echo n;; esac
	y
case 'abc' in ?) echo y;; *) echo n;; esac
	n
case 'b' in ?) echo y;; *) echo n;; esac
	y
case 'ac' in ?) echo y;; *) echo n;; esac
	n
case 'a*c' in ?) echo y;; *) echo n;; esac
	n
case '1' in ?) echo y;; *) echo n;; esac
	y
case 'A' in ?) echo y;; *) echo n;; esac
	y
case 'a]c' in ?) echo y;; *) echo n;; esac
	n
case '[a-' in ?) echo y;; *) echo n;; esac
	n
case 'x9' in ?) echo y;; *) echo n;; esac
	n
case 'a.c' in ?) echo y;; *) echo n;; esac
	n
case '*' in ?) echo y;; *) echo n;; esac
	y
case '?' in ?) echo y;; *) echo n;; esac
	y
case '\\' in ?) echo y;; *) echo n;; esac
	y
case '' in a*) echo y;; *) echo n;; esac
	n
case 'a' in a*) echo y;; *) echo n;; esac
	y
case 'abc' in a*) echo y;; *) echo n;; esac
	y
case 'b' in a*) echo y;; *) echo n;; esac
	n
case 'ac' in a*) echo y;; *) echo n;; esac
	y
case 'a*c' in a*) echo y;; *) echo n;; esac
	y
case '1' in a*) echo y;; *) echo n;; esac
	n
case 'A' in a*) echo y;; *) echo n;; esac
	n
case 'a]c' in a*) echo y;; *) echo n;; esac
	y
case '[a-' in a*) echo y;; *) echo n;; esac
	n
case 'x9' in a*) echo y;; *) echo n;; esac
	n
case 'a.c' in a*) echo y;; *) echo n;; esac
	y
case '*' in a*) echo y;; *) echo n;; esac
	n
case '?' in a*) echo y;; *) echo n;; esac
	n
case '\\' in a*) echo y;; *) echo n;; esac
	n
case '' in *c) echo y;; *) echo n;; esac
	n
case 'a' in *c) echo y;; *) echo n;; esac
	n
case 'abc' in *c) echo y;; *) echo n;; esac
	y
case 'b' in *c) echo y;; *) echo n;; esac
	n
case 'ac' in *c) echo y;; *) echo n;; esac
	y
case 'a*c' in *c) echo y;; *) echo n;; esac
	y
case '1' in *c) echo y;; *) echo n;; esac
	n
case 'A' in *c) echo y;; *) echo n;; esac
	n
case 'a]c' in *c) echo y;; *) echo n;; esac
	y
case '[a-' in *c) echo y;; *) echo n;; esac
	n
case 'x9' in *c) echo y;; *) echo n;; esac
	n
case 'a.c' in *c) echo y;; *) echo n;; esac
	y
case '*' in *c) echo y;; *) echo n;; esac
	n
case '?' in *c) echo y;; *) echo n;; esac
	n
case '\\' in *c) echo y;; *) echo n;; esac
	n
case '' in a*c) echo y;; *) echo n;; esac
	n
case 'a' in a*c) echo y;; *) echo n;; esac
	n
case 'abc' in a*c) echo y;; *) echo n;; esac
	y
case 'b' in a*c) echo y;; *) echo n;; esac
	n
case 'ac' in a*c) echo y;; *) echo n;; esac
	y
case 'a*c' in a*c) echo y;; *) echo n;; esac
	y
case '1' in a*c) echo y;; *) echo n;; esac
	n
case 'A' in a*c) echo y;; *) echo n;; esac
	n
case 'a]c' in a*c) echo y;; *) echo n;; esac
	y
case '[a-' in a*c) echo y;; *) echo n;; esac
	n
case 'x9' in a*c) echo y;; *) echo n;; esac
	n
case 'a.c' in a*c) echo y;; *) echo n;; esac
	y
case '*' in a*c) echo y;; *) echo n;; esac
	n
case '?' in a*c) echo y;; *) echo n;; esac
	n
case '\\' in a*c) echo y;; *) echo n;; esac
	n
case '' in *b*) echo y;; *) echo n;; esac
	n
case 'a' in *b*) echo y;; *) echo n;; esac
	n
case 'abc' in *b*) echo y;; *) echo n;; esac
	y
case 'b' in *b*) echo y;; *) echo n;; esac
	y
case 'ac' in *b*) echo y;; *) echo n;; esac
	n
case 'a*c' in *b*) echo y;; *) echo n;; esac
	n
case '1' in *b*) echo y;; *) echo n;; esac
	n
case 'A' in *b*) echo y;; *) echo n;; esac
	n
case 'a]c' in *b*) echo y;; *) echo n;; esac
	n
case '[a-' in *b*) echo y;; *) echo n;; esac
	n
case 'x9' in *b*) echo y;; *) echo n;; esac
	n
case 'a.c' in *b*) echo y;; *) echo n;; esac
	n
case '*' in *b*) echo y;; *) echo n;; esac
	n
case '?' in *b*) echo y;; *) echo n;; esac
	n
case '\\' in *b*) echo y;; *) echo n;; esac
	n
case '' in [abc]) echo y;; *) echo n;; esac
	n
case 'a' in [abc]) echo y;; *) echo n;; esac
	y
case 'abc' in [abc]) echo y;; *) echo n;; esac
	n
case 'b' in [abc]) echo y;; *) echo n;; esac
	y
case 'ac' in [abc]) echo y;; *) echo n;; esac
	n
case 'a*c' in [abc]) echo y;; *) echo n;; esac
	n
case '1' in [abc]) echo y;; *) echo n;; esac
	n
case 'A' in [abc]) echo y;; *) echo n;; esac
	n
case 'a]c' in [abc]) echo y;; *) echo n;; esac
	n
case '[a-' in [abc]) echo y;; *) echo n;; esac
	n
case 'x9' in [abc]) echo y;; *) echo n;; esac
	n
case 'a.c' in [abc]) echo y;; *) echo n;; esac
	n
case '*' in [abc]) echo y;; *) echo n;; esac
	n
case '?' in [abc]) echo y;; *) echo n;; esac
	n
case '\\' in [abc]) echo y;; *) echo n;; esac
	n
case '' in [!a]*) echo y;; *) echo n;; esac
	n
case 'a' in [!a]*) echo y;; *) echo n;; esac
	n
case 'abc' in [!a]*) echo y;; *) echo n;; esac
	n
case 'b' in [!a]*) echo y;; *) echo n;; esac
	y
case 'ac' in [!a]*) echo y;; *) echo n;; esac
	n
case 'a*c' in [!a]*) echo y;; *) echo n;; esac
	n
case '1' in [!a]*) echo y;; *) echo n;; esac
	y
case 'A' in [!a]*) echo y;; *) echo n;; esac
	y
case 'a]c' in [!a]*) echo y;; *) echo n;; esac
	n
case '[a-' in [!a]*) echo y;; *) echo n;; esac
	y
case 'x9' in [!a]*) echo y;; *) echo n;; esac
	y
case 'a.c' in [!a]*) echo y;; *) echo n;; esac
	n
case '*' in [!a]*) echo y;; *) echo n;; esac
	y
case '?' in [!a]*) echo y;; *) echo n;; esac
	y
case '\\' in [!a]*) echo y;; *) echo n;; esac
	y
case '' in [a-c]?) echo y;; *) echo n;; esac
	n
case 'a' in [a-c]?) echo y;; *) echo n;; esac
	n
case 'abc' in [a-c]?) echo y;; *) echo n;; esac
	n
case 'b' in [a-c]?) echo y;; *) echo n;; esac
	n
case 'ac' in [a-c]?) echo y;; *) echo n;; esac
	y
case 'a*c' in [a-c]?) echo y;; *) echo n;; esac
	n
case '1' in [a-c]?) echo y;; *) echo n;; esac
	n
case 'A' in [a-c]?) echo y;; *) echo n;; esac
	n
case 'a]c' in [a-c]?) echo y;; *) echo n;; esac
	n
case '[a-' in [a-c]?) echo y;; *) echo n;; esac
	n
case 'x9' in [a-c]?) echo y;; *) echo n;; esac
	n
case 'a.c' in [a-c]?) echo y;; *) echo n;; esac
	n
case '*' in [a-c]?) echo y;; *) echo n;; esac
	n
case '?' in [a-c]?) echo y;; *) echo n;; esac
	n
case '\\' in [a-c]?) echo y;; *) echo n;; esac
	n
case '' in a\\*c) echo y;; *) echo n;; esac
	n
case 'a' in a\\*c) echo y;; *) echo n;; esac
	n
case 'abc' in a\\*c) echo y;; *) echo n;; esac
	n
case 'b' in a\\*c) echo y;; *) echo n;; esac
	n
case 'ac' in a\\*c) echo y;; *) echo n;; esac
	n
case 'a*c' in a\\*c) echo y;; *) echo n;; esac
	y
case '1' in a\\*c) echo y;; *) echo n;; esac
	n
case 'A' in a\\*c) echo y;; *) echo n;; esac
	n
case 'a]c' in a\\*c) echo y;; *) echo n;; esac
	n
case '[a-' in a\\*c) echo y;; *) echo n;; esac
	n
case 'x9' in a\\*c) echo y;; *) echo n;; esac
	n
case 'a.c' in a\\*c) echo y;; *) echo n;; esac
	n
case '*' in a\\*c) echo y;; *) echo n;; esac
	n
case '?' in a\\*c) echo y;; *) echo n;; esac
	n
case '\\' in a\\*c) echo y;; *) echo n;; esac
	n
case '' in "*") echo y;; *) echo n;; esac
	n
case 'a' in "*") echo y;; *) echo n;; esac
	n
case 'abc' in "*") echo y;; *) echo n;; esac
	n
case 'b' in "*") echo y;; *) echo n;; esac
	n
case 'ac' in "*") echo y;; *) echo n;; esac
	n
case 'a*c' in "*") echo y;; *) echo n;; esac
	n
case '1' in "*") echo y;; *) echo n;; esac
	n
case 'A' in "*") echo y;; *) echo n;; esac
	n
case 'a]c' in "*") echo y;; *) echo n;; esac
	n
case '[a-' in "*") echo y;; *) echo n;; esac
	n
case 'x9' in "*") echo y;; *) echo n;; esac
	n
case 'a.c' in "*") echo y;; *) echo n;; esac
	n
case '*' in "*") echo y;; *) echo n;; esac
	y
case '?' in "*") echo y;; *) echo n;; esac
	n
case '\\' in "*") echo y;; *) echo n;; esac
	n
case '' in "a"*) echo y;; *) echo n;; esac
	n
case 'a' in "a"*) echo y;; *) echo n;; esac
	y
case 'abc' in "a"*) echo y;; *) echo n;; esac
	y
case 'b' in "a"*) echo y;; *) echo n;; esac
	n
case 'ac' in "a"*) echo y;; *) echo n;; esac
	y
case 'a*c' in "a"*) echo y;; *) echo n;; esac
	y
case '1' in "a"*) echo y;; *) echo n;; esac
	n
case 'A' in "a"*) echo y;; *) echo n;; esac
	n
case 'a]c' in "a"*) echo y;; *) echo n;; esac
	y
case '[a-' in "a"*) echo y;; *) echo n;; esac
	n
case 'x9' in "a"*) echo y;; *) echo n;; esac
	n
case 'a.c' in "a"*) echo y;; *) echo n;; esac
	y
case '*' in "a"*) echo y;; *) echo n;; esac
	n
case '?' in "a"*) echo y;; *) echo n;; esac
	n
case '\\' in "a"*) echo y;; *) echo n;; esac
	n
case '' in '?') echo y;; *) echo n;; esac
	n
case 'a' in '?') echo y;; *) echo n;; esac
	n
case 'abc' in '?') echo y;; *) echo n;; esac
	n
case 'b' in '?') echo y;; *) echo n;; esac
	n
case 'ac' in '?') echo y;; *) echo n;; esac
	n
case 'a*c' in '?') echo y;; *) echo n;; esac
	n
case '1' in '?') echo y;; *) echo n;; esac
	n
case 'A' in '?') echo y;; *) echo n;; esac
	n
case 'a]c' in '?') echo y;; *) echo n;; esac
	n
case '[a-' in '?') echo y;; *) echo n;; esac
	n
case 'x9' in '?') echo y;; *) echo n;; esac
	n
case 'a.c' in '?') echo y;; *) echo n;; esac
	n
case '*' in '?') echo y;; *) echo n;; esac
	n
case '?' in '?') echo y;; *) echo n;; esac
	y
case '\\' in '?') echo y;; *) echo n;; esac
	n
case '' in [[:alpha:]]*) echo y;; *) echo n;; esac
	n
case 'a' in [[:alpha:]]*) echo y;; *) echo n;; esac
	y
case 'abc' in [[:alpha:]]*) echo y;; *) echo n;; esac
	y
case 'b' in [[:alpha:]]*) echo y;; *) echo n;; esac
	y
case 'ac' in [[:alpha:]]*) echo y;; *) echo n;; esac
	y
case 'a*c' in [[:alpha:]]*) echo y;; *) echo n;; esac
	y
case '1' in [[:alpha:]]*) echo y;; *) echo n;; esac
	n
case 'A' in [[:alpha:]]*) echo y;; *) echo n;; esac
	y
case 'a]c' in [[:alpha:]]*) echo y;; *) echo n;; esac
	y
case '[a-' in [[:alpha:]]*) echo y;; *) echo n;; esac
	n
case 'x9' in [[:alpha:]]*) echo y;; *) echo n;; esac
	y
case 'a.c' in [[:alpha:]]*) echo y;; *) echo n;; esac
	y
case '*' in [[:alpha:]]*) echo y;; *) echo n;; esac
	n
case '?' in [[:alpha:]]*) echo y;; *) echo n;; esac
	n
case '\\' in [[:alpha:]]*) echo y;; *) echo n;; esac
	n
case '' in [[:digit:]]*) echo y;; *) echo n;; esac
	n
case 'a' in [[:digit:]]*) echo y;; *) echo n;; esac
	n
case 'abc' in [[:digit:]]*) echo y;; *) echo n;; esac
	n
case 'b' in [[:digit:]]*) echo y;; *) echo n;; esac
	n
case 'ac' in [[:digit:]]*) echo y;; *) echo n;; esac
	n
case 'a*c' in [[:digit:]]*) echo y;; *) echo n;; esac
	n
case '1' in [[:digit:]]*) echo y;; *) echo n;; esac
	y
case 'A' in [[:digit:]]*) echo y;; *) echo n;; esac
	n
case 'a]c' in [[:digit:]]*) echo y;; *) echo n;; esac
	n
case '[a-' in [[:digit:]]*) echo y;; *) echo n;; esac
	n
case 'x9' in [[:digit:]]*) echo y;; *) echo n;; esac
	n
case 'a.c' in [[:digit:]]*) echo y;; *) echo n;; esac
	n
case '*' in [[:digit:]]*) echo y;; *) echo n;; esac
	n
case '?' in [[:digit:]]*) echo y;; *) echo n;; esac
	n
case '\\' in [[:digit:]]*) echo y;; *) echo n;; esac
	n
case '' in a[]]c) echo y;; *) echo n;; esac
	n
case 'a' in a[]]c) echo y;; *) echo n;; esac
	n
case 'abc' in a[]]c) echo y;; *) echo n;; esac
	n
case 'b' in a[]]c) echo y;; *) echo n;; esac
	n
case 'ac' in a[]]c) echo y;; *) echo n;; esac
	n
case 'a*c' in a[]]c) echo y;; *) echo n;; esac
	n
case '1' in a[]]c) echo y;; *) echo n;; esac
	n
case 'A' in a[]]c) echo y;; *) echo n;; esac
	n
case 'a]c' in a[]]c) echo y;; *) echo n;; esac
	y
case '[a-' in a[]]c) echo y;; *) echo n;; esac
	n
case 'x9' in a[]]c) echo y;; *) echo n;; esac
	n
case 'a.c' in a[]]c) echo y;; *) echo n;; esac
	n
case '*' in a[]]c) echo y;; *) echo n;; esac
	n
case '?' in a[]]c) echo y;; *) echo n;; esac
	n
case '\\' in a[]]c) echo y;; *) echo n;; esac
	n
case '' in a[!]]c) echo y;; *) echo n;; esac
	n
case 'a' in a[!]]c) echo y;; *) echo n;; esac
	n
case 'abc' in a[!]]c) echo y;; *) echo n;; esac
	y
case 'b' in a[!]]c) echo y;; *) echo n;; esac
	n
case 'ac' in a[!]]c) echo y;; *) echo n;; esac
	n
case 'a*c' in a[!]]c) echo y;; *) echo n;; esac
	y
case '1' in a[!]]c) echo y;; *) echo n;; esac
	n
case 'A' in a[!]]c) echo y;; *) echo n;; esac
	n
case 'a]c' in a[!]]c) echo y;; *) echo n;; esac
	n
case '[a-' in a[!]]c) echo y;; *) echo n;; esac
	n
case 'x9' in a[!]]c) echo y;; *) echo n;; esac
	n
case 'a.c' in a[!]]c) echo y;; *) echo n;; esac
	y
case '*' in a[!]]c) echo y;; *) echo n;; esac
	n
case '?' in a[!]]c) echo y;; *) echo n;; esac
	n
case '\\' in a[!]]c) echo y;; *) echo n;; esac
	n
case '' in [a-) echo y;; *) echo n;; esac
	n
case 'a' in [a-) echo y;; *) echo n;; esac
	n
case 'abc' in [a-) echo y;; *) echo n;; esac
	n
case 'b' in [a-) echo y;; *) echo n;; esac
	n
case 'ac' in [a-) echo y;; *) echo n;; esac
	n
case 'a*c' in [a-) echo y;; *) echo n;; esac
	n
case '1' in [a-) echo y;; *) echo n;; esac
	n
case 'A' in [a-) echo y;; *) echo n;; esac
	n
case 'a]c' in [a-) echo y;; *) echo n;; esac
	n
case 'x9' in [a-) echo y;; *) echo n;; esac
	n
case 'a.c' in [a-) echo y;; *) echo n;; esac
	n
case '*' in [a-) echo y;; *) echo n;; esac
	n
case '?' in [a-) echo y;; *) echo n;; esac
	n
case '\\' in [a-) echo y;; *) echo n;; esac
	n
case '' in *[0-9]) echo y;; *) echo n;; esac
	n
case 'a' in *[0-9]) echo y;; *) echo n;; esac
	n
case 'abc' in *[0-9]) echo y;; *) echo n;; esac
	n
case 'b' in *[0-9]) echo y;; *) echo n;; esac
	n
case 'ac' in *[0-9]) echo y;; *) echo n;; esac
	n
case 'a*c' in *[0-9]) echo y;; *) echo n;; esac
	n
case '1' in *[0-9]) echo y;; *) echo n;; esac
	y
case 'A' in *[0-9]) echo y;; *) echo n;; esac
	n
case 'a]c' in *[0-9]) echo y;; *) echo n;; esac
	n
case '[a-' in *[0-9]) echo y;; *) echo n;; esac
	n
case 'x9' in *[0-9]) echo y;; *) echo n;; esac
	y
case 'a.c' in *[0-9]) echo y;; *) echo n;; esac
	n
case '*' in *[0-9]) echo y;; *) echo n;; esac
	n
case '?' in *[0-9]) echo y;; *) echo n;; esac
	n
case '\\' in *[0-9]) echo y;; *) echo n;; esac
	n
case '' in ??) echo y;; *) echo n;; esac
	n
case 'a' in ??) echo y;; *) echo n;; esac
	n
case 'abc' in ??) echo y;; *) echo n;; esac
	n
case 'b' in ??) echo y;; *) echo n;; esac
	n
case 'ac' in ??) echo y;; *) echo n;; esac
	y
case 'a*c' in ??) echo y;; *) echo n;; esac
	n
case '1' in ??) echo y;; *) echo n;; esac
	n
case 'A' in ??) echo y;; *) echo n;; esac
	n
case 'a]c' in ??) echo y;; *) echo n;; esac
	n
case '[a-' in ??) echo y;; *) echo n;; esac
	n
case 'x9' in ??) echo y;; *) echo n;; esac
	y
case 'a.c' in ??) echo y;; *) echo n;; esac
	n
case '*' in ??) echo y;; *) echo n;; esac
	n
case '?' in ??) echo y;; *) echo n;; esac
	n
case '\\' in ??) echo y;; *) echo n;; esac
	n
case '' in a?c) echo y;; *) echo n;; esac
	n
case 'a' in a?c) echo y;; *) echo n;; esac
	n
case 'abc' in a?c) echo y;; *) echo n;; esac
	y
case 'b' in a?c) echo y;; *) echo n;; esac
	n
case 'ac' in a?c) echo y;; *) echo n;; esac
	n
case 'a*c' in a?c) echo y;; *) echo n;; esac
	y
case '1' in a?c) echo y;; *) echo n;; esac
	n
case 'A' in a?c) echo y;; *) echo n;; esac
	n
case 'a]c' in a?c) echo y;; *) echo n;; esac
	y
case '[a-' in a?c) echo y;; *) echo n;; esac
	n
case 'x9' in a?c) echo y;; *) echo n;; esac
	n
case 'a.c' in a?c) echo y;; *) echo n;; esac
	y
case '*' in a?c) echo y;; *) echo n;; esac
	n
case '?' in a?c) echo y;; *) echo n;; esac
	n
case '\\' in a?c) echo y;; *) echo n;; esac
	n
case '' in *.?) echo y;; *) echo n;; esac
	n
case 'a' in *.?) echo y;; *) echo n;; esac
	n
case 'abc' in *.?) echo y;; *) echo n;; esac
	n
case 'b' in *.?) echo y;; *) echo n;; esac
	n
case 'ac' in *.?) echo y;; *) echo n;; esac
	n
case 'a*c' in *.?) echo y;; *) echo n;; esac
	n
case '1' in *.?) echo y;; *) echo n;; esac
	n
case 'A' in *.?) echo y;; *) echo n;; esac
	n
case 'a]c' in *.?) echo y;; *) echo n;; esac
	n
case '[a-' in *.?) echo y;; *) echo n;; esac
	n
case 'x9' in *.?) echo y;; *) echo n;; esac
	n
case 'a.c' in *.?) echo y;; *) echo n;; esac
	y
case '*' in *.?) echo y;; *) echo n;; esac
	n
case '?' in *.?) echo y;; *) echo n;; esac
	n
case '\\' in *.?) echo y;; *) echo n;; esac
	n
case '' in \\a*) echo y;; *) echo n;; esac
	n
case 'a' in \\a*) echo y;; *) echo n;; esac
	y
case 'abc' in \\a*) echo y;; *) echo n;; esac
	y
case 'b' in \\a*) echo y;; *) echo n;; esac
	n
case 'ac' in \\a*) echo y;; *) echo n;; esac
	y
case 'a*c' in \\a*) echo y;; *) echo n;; esac
	y
case '1' in \\a*) echo y;; *) echo n;; esac
	n
case 'A' in \\a*) echo y;; *) echo n;; esac
	n
case 'a]c' in \\a*) echo y;; *) echo n;; esac
	y
case '[a-' in \\a*) echo y;; *) echo n;; esac
	n
case 'x9' in \\a*) echo y;; *) echo n;; esac
	n
case 'a.c' in \\a*) echo y;; *) echo n;; esac
	y
case '*' in \\a*) echo y;; *) echo n;; esac
	n
case '?' in \\a*) echo y;; *) echo n;; esac
	n
case '\\' in \\a*) echo y;; *) echo n;; esac
	n
case '' in []a]*) echo y;; *) echo n;; esac
	n
case 'a' in []a]*) echo y;; *) echo n;; esac
	y
case 'abc' in []a]*) echo y;; *) echo n;; esac
	y
case 'b' in []a]*) echo y;; *) echo n;; esac
	n
case 'ac' in []a]*) echo y;; *) echo n;; esac
	y
case 'a*c' in []a]*) echo y;; *) echo n;; esac
	y
case '1' in []a]*) echo y;; *) echo n;; esac
	n
case 'A' in []a]*) echo y;; *) echo n;; esac
	n
case 'a]c' in []a]*) echo y;; *) echo n;; esac
	y
case '[a-' in []a]*) echo y;; *) echo n;; esac
	n
case 'x9' in []a]*) echo y;; *) echo n;; esac
	n
case 'a.c' in []a]*) echo y;; *) echo n;; esac
	y
case '*' in []a]*) echo y;; *) echo n;; esac
	n
case '?' in []a]*) echo y;; *) echo n;; esac
	n
case '\\' in []a]*) echo y;; *) echo n;; esac
	n
case '' in a[b-c]*) echo y;; *) echo n;; esac
	n
case 'a' in a[b-c]*) echo y;; *) echo n;; esac
	n
case 'abc' in a[b-c]*) echo y;; *) echo n;; esac
	y
case 'b' in a[b-c]*) echo y;; *) echo n;; esac
	n
case 'ac' in a[b-c]*) echo y;; *) echo n;; esac
	y
case 'a*c' in a[b-c]*) echo y;; *) echo n;; esac
	n
case '1' in a[b-c]*) echo y;; *) echo n;; esac
	n
case 'A' in a[b-c]*) echo y;; *) echo n;; esac
	n
case 'a]c' in a[b-c]*) echo y;; *) echo n;; esac
	n
case '[a-' in a[b-c]*) echo y;; *) echo n;; esac
	n
case 'x9' in a[b-c]*) echo y;; *) echo n;; esac
	n
case 'a.c' in a[b-c]*) echo y;; *) echo n;; esac
	n
case '*' in a[b-c]*) echo y;; *) echo n;; esac
	n
case '?' in a[b-c]*) echo y;; *) echo n;; esac
	n
case '\\' in a[b-c]*) echo y;; *) echo n;; esac
	n
case '' in *\\) echo y;; *) echo n;; esac
	=2
case 'a' in *\\) echo y;; *) echo n;; esac
	=2
case 'abc' in *\\) echo y;; *) echo n;; esac
	=2
case 'b' in *\\) echo y;; *) echo n;; esac
	=2
case 'ac' in *\\) echo y;; *) echo n;; esac
	=2
case 'a*c' in *\\) echo y;; *) echo n;; esac
	=2
case '1' in *\\) echo y;; *) echo n;; esac
	=2
case 'A' in *\\) echo y;; *) echo n;; esac
	=2
case 'a]c' in *\\) echo y;; *) echo n;; esac
	=2
case '[a-' in *\\) echo y;; *) echo n;; esac
	=2
case 'x9' in *\\) echo y;; *) echo n;; esac
	=2
case 'a.c' in *\\) echo y;; *) echo n;; esac
	=2
case '*' in *\\) echo y;; *) echo n;; esac
	=2
case '?' in *\\) echo y;; *) echo n;; esac
	=2
case '\\' in *\\) echo y;; *) echo n;; esac
	=2
case '' in [[:upper:]]) echo y;; *) echo n;; esac
	n
case 'a' in [[:upper:]]) echo y;; *) echo n;; esac
	n
case 'abc' in [[:upper:]]) echo y;; *) echo n;; esac
	n
case 'b' in [[:upper:]]) echo y;; *) echo n;; esac
	n
case 'ac' in [[:upper:]]) echo y;; *) echo n;; esac
	n
case 'a*c' in [[:upper:]]) echo y;; *) echo n;; esac
	n
case '1' in [[:upper:]]) echo y;; *) echo n;; esac
	n
case 'A' in [[:upper:]]) echo y;; *) echo n;; esac
	y
case 'a]c' in [[:upper:]]) echo y;; *) echo n;; esac
	n
case '[a-' in [[:upper:]]) echo y;; *) echo n;; esac
	n
case 'x9' in [[:upper:]]) echo y;; *) echo n;; esac
	n
case 'a.c' in [[:upper:]]) echo y;; *) echo n;; esac
	n
case '*' in [[:upper:]]) echo y;; *) echo n;; esac
	n
case '?' in [[:upper:]]) echo y;; *) echo n;; esac
	n
case '\\' in [[:upper:]]) echo y;; *) echo n;; esac
	n
case '' in abc) echo y;; *) echo n;; esac
	n
case 'a' in abc) echo y;; *) echo n;; esac
	n
case 'abc' in abc) echo y;; *) echo n;; esac
	y
case 'b' in abc) echo y;; *) echo n;; esac
	n
case 'ac' in abc) echo y;; *) echo n;; esac
	n
case 'a*c' in abc) echo y;; *) echo n;; esac
	n
case '1' in abc) echo y;; *) echo n;; esac
	n
case 'A' in abc) echo y;; *) echo n;; esac
	n
case 'a]c' in abc) echo y;; *) echo n;; esac
	n
case '[a-' in abc) echo y;; *) echo n;; esac
	n
case 'x9' in abc) echo y;; *) echo n;; esac
	n
case 'a.c' in abc) echo y;; *) echo n;; esac
	n
case '*' in abc) echo y;; *) echo n;; esac
	n
case '?' in abc) echo y;; *) echo n;; esac
	n
case '\\' in abc) echo y;; *) echo n;; esac
	n
case '' in "") echo y;; *) echo n;; esac
	y
case 'a' in "") echo y;; *) echo n;; esac
	n
case 'abc' in "") echo y;; *) echo n;; esac
	n
case 'b' in "") echo y;; *) echo n;; esac
	n
case 'ac' in "") echo y;; *) echo n;; esac
	n
case 'a*c' in "") echo y;; *) echo n;; esac
	n
case '1' in "") echo y;; *) echo n;; esac
	n
case 'A' in "") echo y;; *) echo n;; esac
	n
case 'a]c' in "") echo y;; *) echo n;; esac
	n
case '[a-' in "") echo y;; *) echo n;; esac
	n
case 'x9' in "") echo y;; *) echo n;; esac
	n
case 'a.c' in "") echo y;; *) echo n;; esac
	n
case '*' in "") echo y;; *) echo n;; esac
	n
case '?' in "") echo y;; *) echo n;; esac
	n
case '\\' in "") echo y;; *) echo n;; esac
	n
case '' in a""bc) echo y;; *) echo n;; esac
	n
case 'a' in a""bc) echo y;; *) echo n;; esac
	n
case 'abc' in a""bc) echo y;; *) echo n;; esac
	y
case 'b' in a""bc) echo y;; *) echo n;; esac
	n
case 'ac' in a""bc) echo y;; *) echo n;; esac
	n
case 'a*c' in a""bc) echo y;; *) echo n;; esac
	n
case '1' in a""bc) echo y;; *) echo n;; esac
	n
case 'A' in a""bc) echo y;; *) echo n;; esac
	n
case 'a]c' in a""bc) echo y;; *) echo n;; esac
	n
case '[a-' in a""bc) echo y;; *) echo n;; esac
	n
case 'x9' in a""bc) echo y;; *) echo n;; esac
	n
case 'a.c' in a""bc) echo y;; *) echo n;; esac
	n
case '*' in a""bc) echo y;; *) echo n;; esac
	n
case '?' in a""bc) echo y;; *) echo n;; esac
	n
case '\\' in a""bc) echo y;; *) echo n;; esac
	n
