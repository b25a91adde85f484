# A script pays for nothing that it does not use: no library but libc is in memory.
for how in '-c :' "$0.empty" '-s'; do
	case $how in
	-s) maps=$(echo 'cat /proc/$$/maps' | "/proc/$$/exe" -s) ;;
	-c*) maps=$("/proc/$$/exe" -c 'cat /proc/$$/maps; :') ;;
	*)
		f=$(mktemp)
		echo 'cat /proc/$$/maps; :' >$f
		maps=$("/proc/$$/exe" $f)
		rm $f
		;;
	esac
	case $maps in
	*/libc*) ;;
	*) echo "not ok $how: no maps"; failed=1 ;;
	esac
	case $maps in
	*libedit* | *libssh* | *libsodium* | *msgpack* | *libtinfo* | *libcrypto*)
		echo "not ok $how loads too much"
		failed=1
		;;
	*) echo "ok $how: only libc" ;;
	esac
done
exit ${failed:-0}
