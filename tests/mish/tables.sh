# What is not POSIX's, but bash's: tables like those of tests/posix, with bash 5.2's results. To see that
# a table is right: SHELL_UNDER_TEST=bash sh tests/mish/tables.sh
tables=${0%/*}/tables
. "${0%/*}/../posix/tables.sh"
