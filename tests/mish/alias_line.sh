# Text of a substitution that is parsed as it runs, for aliases, keeps its line.
got=$("/proc/$$/exe" -c 'alias a=b

echo $(echo $LINENO; :)')
if [ "$got" = 3 ]; then
	echo "ok LINENO with aliases"
else
	echo "not ok LINENO with aliases: $got"
	failed=1
fi
# A function that is defined where no tree runs: as ENV is expanded.
got=$(ENV='$(f() { echo /dev/null; }; f)' "/proc/$$/exe" -i -c 'echo fine' 2>&1)
case $got in
*egmentation*) echo "not ok function in ENV: $got"; failed=1 ;;
*fine*) echo "ok function in ENV" ;;
*) echo "not ok function in ENV: $got"; failed=1 ;;
esac
exit ${failed:-0}
