# mishctl's completion for fish: which operand is a session and which a node, and files only where they are wanted.
command -v fish >/dev/null || { echo 'skip: fish is not here'; exit 77; }
src=$(cd "${MISH_SRCDIR:-.}" && pwd) dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 99
cat >mishctl <<'EOF'
#!/bin/sh
case $1 in
nodes) printf 'NODE\nbeta 1\ngamma 2\n' ;;
sessions) printf 'SESSION\n7f3a x\n8b2c y\n' ;;
esac
EOF
chmod +x mishctl
touch file

# $1: what was typed, $2: what is offered
check() {
	got=$(HOME=$dir PATH=$dir:$PATH fish -c "source '$src/controller/etc/completions/mishctl.fish'; complete -C 'mishctl $1'" | cut -f 1 | tr '\n' ' ')
	if [ "$got" = "$2" ]; then echo "ok mishctl $1"; else echo "not ok mishctl $1: $got"; failed=1; fi
}

check 'mo' 'move '
check 'move ' '7f3a 8b2c '
check 'move 7f3a ' 'beta gamma '
check '--json move 7f3a ' 'beta gamma '
check 'move 7f3a beta ' ''
check 'why ' '7f3a 8b2c '
check 'drain ' 'beta gamma '
check 'top ' ''
check 'key ' 'file mishctl '
exit ${failed:-0}
