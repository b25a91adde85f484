#ifndef MISH_EXEC_CALLS_H
#define MISH_EXEC_CALLS_H

#include "shell/expand/array.h"
#include "shell/shell.h"

/* What is being run: functions in files in functions, for FUNCNAME, BASH_SOURCE, BASH_LINENO and caller, as in bash. */
struct call {
	const struct call *outer; /* NULL: the shell's own input */
	const char *function; /* NULL: a file, by `.` */
	const char *file; /* where the function was defined, or that file */
	int line; /* of the call */
};

enum calls_what { CALLS_FUNCNAME, CALLS_SOURCE, CALLS_LINENO };
/* The array as it is now; the caller frees it. */
struct array *calls_array(const struct shell *sh, enum calls_what what);

/* The file that is read now, as a function is defined: "" for what is typed or -c. */
const char *calls_file(const struct shell *sh);

#endif
