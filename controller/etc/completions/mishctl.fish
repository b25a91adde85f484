# mishctl(8) for fish
set -l words nodes sessions status why move drain undrain evict top keygen key
complete -c mishctl -f -l json -d 'for programs'
complete -c mishctl -f -n "not __fish_seen_subcommand_from $words" -a "$words"
complete -c mishctl -f -n '__fish_seen_subcommand_from why move' -a "(mishctl sessions 2>/dev/null | awk 'NR > 1 { print \$1 }')"
complete -c mishctl -f -n '__fish_seen_subcommand_from move drain undrain evict' -a "(mishctl nodes 2>/dev/null | awk 'NR > 1 { print \$1 }')"
complete -c mishctl -n '__fish_seen_subcommand_from keygen key' -F
