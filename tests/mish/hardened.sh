# What makes a fault harder to use is in each program and module, where the compiler has it.
. "${0%/*}/ok"
build=${MISH_BUILDDIR:-.}
if ! command -v readelf >/dev/null; then
	echo 'no readelf'
	exit 77
fi
if grep -q '^SAN_CFLAGS = .*-fsanitize' "$build/Makefile"; then
	echo 'a sanitizer has its own'
	exit 77
fi
cc=$(sed -n 's/^CC = //p' "$build/Makefile") cflags=$(sed -n 's/^CFLAGS = //p' "$build/Makefile")
takes() { # FLAG…: does the compiler?
	echo 'int main(void) { return 0; }' | $cc -Werror "$@" -x c - -o /dev/null 2>/dev/null
}
all='mish mish-stub mish-link mish-peer mishd mishctl mish-edit.so mish-move.so'
without() { # PATTERN READELF-OPTION…: the programs of which readelf does not say that
	pattern=$1
	shift
	for p in $all; do
		readelf -W "$@" "$build/$p" 2>&1 | grep -qE "$pattern" || echo "$p"
	done
}
ok 'relocations are read-only' "$(without 'GNU_RELRO' -l)" ''
ok '… all of them, before it begins' "$(without '(BIND_NOW|FLAGS.*NOW)' -d)" ''
ok 'at any address' "$(without 'Type: +DYN' -h)" ''
ok 'no stack is executable' "$(without 'GNU_STACK .* RW ' -l)" ''
if takes -fstack-protector-strong; then
	ok 'stacks are protected' "$(without '__stack_chk_fail' --dyn-syms)" ''
fi
case $cflags in
*-O[123s]*) ok 'copies are checked' "$(without '__[a-z]+_chk(@|$)' --dyn-syms)" '' ;;
esac
# the start-up files of some systems have no mark, and then no program has: so the places are counted that may be jumped to
places() { objdump -d "$1" 2>/dev/null | grep -c endbr64; }
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
if [ "$(uname -m)" = x86_64 ] && command -v objdump >/dev/null && takes -fcf-protection &&
	echo 'int main(void) { return 0; }' | $cc -fcf-protection=none -x c - -o "$dir/none"; then
	ok 'jumps are checked' "$(for p in $all; do [ "$(places "$build/$p")" -gt "$(places "$dir/none")" ] || echo "$p"; done)" ''
fi
exit ${failed:-0}
