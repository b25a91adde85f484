# mishctl(8) for fish
set -l words nodes sessions status why move drain undrain evict top keygen key
set -l given "count (commandline -opc | string match -v -- '-*')" # with mishctl itself
complete -c mishctl -f -l json -d 'for programs'
complete -c mishctl -f
complete -c mishctl -n "not __fish_seen_subcommand_from $words" -a "$words"
complete -c mishctl -n "__fish_seen_subcommand_from why move; and test ($given) -eq 2" -a "(mishctl sessions 2>/dev/null | awk 'NR > 1 { print \$1 }')"
complete -c mishctl -n "__fish_seen_subcommand_from drain undrain evict" -a "(mishctl nodes 2>/dev/null | awk 'NR > 1 { print \$1 }')"
complete -c mishctl -n "__fish_seen_subcommand_from move; and test ($given) -eq 3" -a "(mishctl nodes 2>/dev/null | awk 'NR > 1 { print \$1 }')"
complete -c mishctl -n '__fish_seen_subcommand_from keygen key' -F
