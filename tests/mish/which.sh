# which and where, as in tcsh; and what is ours alone is not there in POSIX mode's scripts.
mish=${MISH_BUILDDIR:-.}/mish
d=$(mktemp -d) || exit 99
trap 'rm -rf "$d"' EXIT
mkdir "$d/a" "$d/b" || exit 99
for f in a/tool b/tool b/which b/dirs b/echo; do
	printf '#!/bin/sh\necho "file %s $*"\n' "$f" >"$d/$f"
done
chmod 755 "$d"/?/*
check() { # NAME PROGRAM EXPECTED
	out=$(cd "$d" && PATH=$d/a:$d/b "$mish" -c "$2" 2>&1)
	if [ "$out" = "$3" ]; then
		echo "ok $1"
	else
		printf 'not ok %s\n# expected %s\n# got      %s\n' "$1" "$3" "$out"
		failed=1
	fi
}
case $mish in /*) ;; *) mish=$PWD/$mish ;; esac
check 'a file' 'which tool' "$d/a/tool"
check 'all files' 'which -a tool; where tool' "$d/a/tool
$d/b/tool
$d/a/tool
$d/b/tool"
check 'a path' 'which ./a/tool b/tool' "$d/a/tool
$d/b/tool"
check 'an alias, a builtin, a function, a word' 'alias ll="ls -l"; f() { :; }; which ll cd f if time' 'll: aliased to ls -l
cd: shell built-in command.
f: shell function
if: shell reserved word
time: shell reserved word'
check 'everything that a name is' 'echo() { :; }; where echo' "echo: shell function
echo: shell built-in command.
$d/b/echo"
check 'nothing' 'which tool nonesuch; command echo $?' "$d/a/tool
mish: which: nonesuch: not found
1"
check 'what a relative PATH finds' 'PATH=a:; which tool; cd a; which tool' "$d/a/tool
$d/a/tool"
check 'in POSIX mode it is the file' 'set -o posix; which x; dirs; history' "file b/which x
file b/dirs 
mish: history: not found"
check 'and type says so' 'type time which; set -o posix; type which; type time' "time is a shell keyword
which is a shell builtin
which is $d/b/which
mish: type: time: not found"
check 'hash agrees' 'set -o posix; hash dirs; hash | while read n f; do echo ${f##*/}; done; hash pushd' "dirs
mish: hash: pushd: not found"
exit ${failed:-0}
