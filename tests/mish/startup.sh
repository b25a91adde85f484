# Start-up files: an error ends a command and not the file, and says where; what people's files look for.
mish=${MISH_BUILDDIR:-.}/mish
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
. "${0%/*}/ok"
start() { # start ARGUMENT…: an interactive shell with the files of $dir
	HOME=$dir HISTFILE='' ENV='' LC_ALL=C.UTF-8 "$mish" -i "$@" 2>&1 </dev/null | grep -v 'no job control here'
}
cat >"$dir/.mishrc" <<'EOF'
echo begin
set -o nothing_like_it
readonly R=1; R=2
no_such_command_here
echo ${a!b}
. $HOME/other
echo "end $R"
EOF
printf 'echo other\nif then\necho not reached\n' >"$dir/other"
ok 'errors in a start-up file' "$(start -c 'echo command')" "begin
mish: $dir/.mishrc: 2: set: nothing_like_it: unknown option
mish: $dir/.mishrc: 3: R: is read-only
mish: $dir/.mishrc: 4: no_such_command_here: not found
mish: 5: $dir/.mishrc: bad substitution (\${a!b})
other
mish: $dir/other: 2: syntax error: \`then' unexpected
end 1
command"
printf 'mishwho() { :; }\n' >"$dir/.mishrc"
ok 'slips of the hand' "$(start -c 'mishwo; msihwho; mishwhoo; mishwhx; zzqqxx; /usr; wait %9; fgg')" "mish: mishwo: not found; did you mean \`mishwho'?
mish: msihwho: not found; did you mean \`mishwho'?
mish: mishwhoo: not found; did you mean \`mishwho'?
mish: mishwhx: not found; did you mean \`mishwho'?
mish: zzqqxx: not found
mish: /usr: is a directory
mish: wait: %9: no such job
mish: fgg: not found; did you mean \`fg'?"
echo '[ -z "$PS1" ] && return; echo read' >"$dir/.mishrc"
ok 'PS1 is set' "$(start -c :)" read
echo 'echo $SHLVL ${MISH_VERSION:+versioned} ${BASH_VERSION-none}' >"$dir/.mishrc"
ok 'SHLVL counts' "$(SHLVL=4 start -c :)" '5 versioned none'
ok 'PWD and OLDPWD are exported' "$(cd / && env -i "$mish" -c 'cd /usr && env | grep PWD | sort')" 'OLDPWD=/
PWD=/usr'
ok 'OLDPWD not so in POSIX mode' "$(cd / && env -i "$mish" -o posix -c 'cd /usr && env | grep PWD')" 'PWD=/usr'
: >"$dir/.mishrc"
prompt() { # prompt PS1: what it looks like in /usr
	(cd /usr && echo exit | HOME=$dir HISTFILE='' ENV='' PS1=$1 "$mish" -i 2>&1 | grep -v 'no job control here' | head -1)
}
user=$(id -un) host=$(hostname) host=${host%%.*}
[ "$(id -u)" -eq 0 ] && mark='#' || mark='$'
ok "a prompt in bash's escapes" "$(USER=$user prompt '\u@\h:\w\$ ')" "$user@$host:/usr$mark "
ok 'with ours in it as they are' "$(prompt '\W 100% ')" 'usr 100% '
ok 'one in ours' "$(prompt '%c \$ ')" 'usr $ '
exit ${failed:-0}
