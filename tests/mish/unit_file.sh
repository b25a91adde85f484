# The unit that is installed: it names a program, systemd loads it, and it may do little.
unit=${MISH_BUILDDIR:-.}/controller/etc/mishd.service
case $(grep '^ExecStart=' "$unit") in
ExecStart=/*/mishd\ -f) echo 'ok the unit names the program' ;;
*) echo "not ok the unit names the program: $(grep '^ExecStart=' "$unit")"; failed=1 ;;
esac
if ! command -v systemd-analyze >/dev/null; then
	echo 'skip systemd is not here'
	exit ${failed:-0}
fi
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
sed 's|^ExecStart=[^ ]*|ExecStart=/bin/true|; /^Documentation/d' "$unit" >"$dir/mishd.service"
said=$(systemd-analyze verify "$dir/mishd.service" 2>&1)
if [ -z "$said" ]; then echo 'ok systemd loads the unit'; else echo "not ok systemd loads the unit: $said"; failed=1; fi
level=$(systemd-analyze security --offline=true "$dir/mishd.service" 2>/dev/null |
	sed -n 's/.*exposure level[^:]*: \([0-9]*\)\.\([0-9]\).*/\1\2/p')
if [ "${level:-99}" -le 20 ]; then echo 'ok its exposure is 2.0 at most'; else echo "not ok its exposure is $level tenths"; failed=1; fi
exit ${failed:-0}
