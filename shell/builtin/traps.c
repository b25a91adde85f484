#include <config.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/builtin/builtin.h"
#include "shell/exec/trap.h"
#include "shell/expand/quote.h"
#include "shell/jobs/sigs.h"

static void print_trap(const struct shell *sh, int signo, bool defaults)
{
	const char *action = trap_get(sh, signo);
	char buf[16], *q;

	if (action == NULL && !defaults)
		return;
	if (action == NULL) {
		printf("trap -- - %s\n", sigs_name(signo, buf));
		return;
	}
	q = quote_always(action);
	printf("trap -- %s %s\n", q, sigs_name(signo, buf));
	free(q);
}

static void print_event(const struct shell *sh, enum trap_event e)
{
	const char *action = trap_event_get(sh, e);
	char *q;

	if (action == NULL)
		return;
	q = quote_always(action);
	printf("trap -- %s %s\n", q, trap_event_name(e));
	free(q);
}

static int bad_signal(struct shell *sh, const char *name)
{
	sh_warn(sh, "trap: %s: unknown signal", name);
	return 1;
}

/* `all`: also conditions that have no trap, as `trap -p` does (POSIX.1-2024 XCU trap). */
static int print_traps(struct shell *sh, bool all, int argc, char **argv)
{
	int status = 0;

	for (int i = 0; argc == 0 && i <= SIGRTMAX; i++)
		/* those from __SIGRTMIN to SIGRTMIN are libc's own */
		if (i != SIGKILL && i != SIGSTOP && (i < __SIGRTMIN || i >= SIGRTMIN))
			print_trap(sh, i, all);
	for (int i = 0; argc == 0 && i < TRAP_EVENTS; i++)
		print_event(sh, (enum trap_event)i);
	for (int i = 0; i < argc; i++) {
		int signo = sigs_number(argv[i]), event = trap_event_number(argv[i]);

		if (event >= 0)
			print_event(sh, (enum trap_event)event);
		else if (signo < 0)
			status = bad_signal(sh, argv[i]);
		else
			print_trap(sh, signo, true);
	}
	return status;
}

int builtin_trap(struct shell *sh, int argc, char **argv)
{
	const char *action = NULL;
	int i = 1, status = 0;
	char *end;

	if (i < argc && strcmp(argv[i], "-p") == 0) /* bash tells of those that are set */
		return print_traps(sh, opt(sh, OPT_POSIX), argc - 2, argv + 2);
	if (i < argc && strcmp(argv[i], "-l") == 0 && !opt(sh, OPT_POSIX))
		return builtin_kill(sh, 2, (char *[]){ argv[0], argv[i], NULL });
	if (i < argc && strcmp(argv[i], "--") == 0)
		i++;
	if (i >= argc)
		return print_traps(sh, false, 0, NULL);
	/* a number as the first operand is no action: all operands are reset (XCU trap) */
	(void)strtoull(argv[i], &end, 10);
	if (argv[i][0] >= '0' && argv[i][0] <= '9' && *end == '\0')
		action = NULL;
	else if (i + 1 >= argc && sigs_number(argv[i]) >= 0)
		action = NULL;
	else
		action = strcmp(argv[i], "-") == 0 ? (i++, NULL) : argv[i++];
	if (i >= argc)
		return builtin_usage(sh, "trap");
	for (; i < argc; i++) {
		int signo = sigs_number(argv[i]), event = opt(sh, OPT_POSIX) ? -1 : trap_event_number(argv[i]);

		if (event >= 0)
			trap_event_set(sh, (enum trap_event)event, action);
		else if (signo < 0)
			status = bad_signal(sh, argv[i]);
		else
			trap_set(sh, signo, action);
	}
	return status; /* a bad signal does not end the shell (XCU trap) */
}
