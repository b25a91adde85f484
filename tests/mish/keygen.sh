# A node's key: made once, for its owner's eyes, and told the same each time.
. "${0%/*}/ok"
mishctl=${MISH_BUILDDIR:-.}/mishctl
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
umask 0
line=$("$mishctl" keygen "$dir/key" 2>&1)
case $line in
node\ *\ key=????????????????*) echo 'ok it prints the line for the list of nodes' ;;
*) echo "not ok it prints the line for the list of nodes: $line"; failed=1 ;;
esac
ok 'the file is for its owner' "$(stat -c %a "$dir/key")" 600
ok 'its public key is told again' "$("$mishctl" key "$dir/key" 2>&1)" "$line"
ok 'the secret is not in the line' "$(grep -cF "${line##*key=}" "$dir/key")" 0
before=$(cksum <"$dir/key")
ok 'a key that is there stays' "$("$mishctl" keygen "$dir/key" >/dev/null 2>&1; echo $?; cksum <"$dir/key")" "1
$before"
"$mishctl" keygen "$dir/other" >/dev/null
ok 'each is another' "$(cmp -s "$dir/key" "$dir/other"; echo $?)" 1
chmod 640 "$dir/key"
ok 'one that others can read is none' "$("$mishctl" key "$dir/key" >/dev/null 2>&1; echo $?)" 1
exit ${failed:-0}
