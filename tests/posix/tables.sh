# Tables of one-line programs and what they print, by section of XCU 2 or utility; tables/*.t:
#
#	program, in which \\ is a backslash and \n a newline
#	<tab>line of output; the last one ends in \c when it has no newline
#	<tab>=exit status, when it is not 0
#
# The results are those on which dash and bash --posix agreed; where they do not, see tables/README.
LC_ALL=C.UTF-8 HOME=/root
export LC_ALL HOME
sh=${SHELL_UNDER_TEST:-$(readlink /proc/$$/exe)}
tables=$(cd "${tables:-${0%/*}/tables}" && pwd) # tests/mish/tables.sh names its own
failed=0 nl='
'
unset program

check_one() {
	case $want in
	*'\c') want=${want%??} ;;
	*) want=$want${any:+$nl} ;;
	esac
	want=$want=$status
	got=$(cd / && "$sh" -c "$program" 2>/dev/null </dev/null; echo "=$?.")
	got=${got%.}
	if [ "$got" = "$want" ]; then
		printf '%s\n' "ok $section: $source"
	else
		printf '%s\n' "not ok $section: $source"
		printf '# expected: %s\n# got:      %s\n' "$want" "$got" | tr '\n' '~'
		echo
		failed=1
	fi
}

for table in "$tables"/*.t; do
	section=${table##*/} section=${section%.t}
	while IFS= read -r line || [ -n "$line" ]; do
		case $line in
		'	='[0-9]*) status=${line#??} ;;
		'	'*) want=$want${any:+$nl}${line#?} any=1 ;;
		*)
			[ -z "${program+x}" ] || check_one
			source=$line want= status=0 any=
			program=$(printf '%b.' "$line") program=${program%.}
			;;
		esac
	done <"$table"
	check_one
	unset program
done
exit $failed
