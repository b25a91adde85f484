# What is not POSIX's, but bash's: tables like those of tests/posix, with bash 5.2's results; tcsh.t has tcsh's,
# and at its end ours, where a line means something else here (mish(1), "Words of tcsh"). To see that
# a table is right: SHELL_UNDER_TEST=bash sh tests/mish/tables.sh
tables=${0%/*}/tables
. "${0%/*}/../posix/tables.sh"
