# A setuid or setgid mish: the rights are given up at once, unless -p keeps them (as bash does).
. "${0%/*}/ok"
if [ "$(id -u)" -ne 0 ]; then
	echo "skip - needs root"
	exit 77
fi
d=$(mktemp -d /tmp/mish-privileged-XXXXXX)
trap 'rm -rf "$d"' EXIT
chmod 755 "$d"
cp "${MISH_BUILDDIR:-.}/mish" "$d/setuid" && chown 30001:30001 "$d/setuid" && chmod 4755 "$d/setuid"
cp "$d/setuid" "$d/setgid" && chown 30001:30001 "$d/setgid" && chmod 2755 "$d/setgid"
mkdir "$d/home" && echo 'echo "profile ran"' >"$d/home/.profile" && chmod -R a+rX "$d/home"
as() { # SHELL ARGUMENT…: as a user without rights
	shell=$1
	shift
	HOME=$d/home ENV=$d/home/.profile setpriv --reuid=30002 --regid=30002 --clear-groups "$d/$shell" "$@" 2>&1 |
		grep -v '^==[0-9]*==' # a sanitizer in a setuid program sees no options that silence it
}
if [ "$(setpriv --reuid=30002 --regid=30002 --clear-groups "$d/setuid" -p -c 'id -u' 2>&1)" != 30001 ]; then
	echo "skip - setuid files have no effect in /tmp here"
	exit 77
fi
ok "setuid: given up" "$(as setuid -c 'id -u; id -ru; id -g')" "30002
30002
30002"
ok "and cannot come back" "$(as setuid -c 'grep -E ^Uid /proc/self/status | tr -s "\t" " "')" "Uid: 30002 30002 30002 30002"
ok "setgid: given up" "$(as setgid -c 'id -g; id -rg')" "30002
30002"
ok "-p keeps the user" "$(as setuid -p -c 'id -u; id -ru')" "30001
30002"
ok "-p keeps the group" "$(as setgid -p -c 'id -g; id -rg')" "30001
30002"
ok "the last of -p and +p counts" "$(as setuid -p +p -c 'id -u')" "30002"
ok "-p reads no file of the user's" "$(as setuid -p -l -c 'echo only this')" "only this"
ok "without -p they are read" "$(as setuid -l -c 'echo and this' | tail -2)" "profile ran
and this"
ok "-p does not move" "$(as setuid -p -i -c 'smigrate beta' | tail -1)" "mish: smigrate: beta: it has another user's rights (mish -p) (staying on $(hostname))"
# what mish becomes or reads without a shell never has them
cat >"$d/mish-stub" <<'EOF'
#!/bin/sh
id -u
EOF
chmod 755 "$d/mish-stub"
ok "--sessions has none" "$(as setuid --sessions)" "30002"
ok "nor with -p" "$(as setuid -p --sessions)" "30002"
ok "without setuid -p is nothing" "$("${MISH_BUILDDIR:-.}/mish" -p -c 'id -u')" 0
exit ${failed:-0}
