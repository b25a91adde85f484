#ifndef MISH_PTY_DIAL_H
#define MISH_PTY_DIAL_H

#include <libssh/libssh.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <termios.h>

#include "pty/carried.h"
#include "pty/ssh_config.h"
#include "wire/node.h"

enum { DIAL_COOKIE = 17 };

/*
 * An SSH connection to a node with one exec channel that runs `mish --peer`, by the user's own configuration, keys and agent.
 * libssh makes it where it can without a question, and does as ssh(1) would; else ssh(1) itself does (ssh_config.h).
 */
struct dial {
	const struct dial_ops *ops; /* NULL: there is none */
	/* by libssh */
	ssh_session session;
	ssh_channel channel;
	/* by ssh(1) */
	int fd, err; /* its standard input and output, and its messages; -1 none */
	int tcp;     /* its connection, to look at and to steer; -1: none that is known, as with a proxy */
	bool looked; /* … for that one; by libssh: the channel is open */
	bool shared; /* … which may be others', too: not to be steered */
	pid_t job;   /* ssh(1) itself */
	int tty;     /* to be taken back from it, with these modes; -1 none */
	struct termios modes;
	pid_t pid;   /* its keeper's; 0: it has ended, … */
	int status;  /* … with that, or -1 */
	bool ended;  /* nothing more comes */
	bool forwards; /* the configuration has ports to forward, which stay with the user's own ssh */
	bool unreachable; /* the network, or the name: there may be another way */
	bool denied; /* it was the login that failed: somebody may have to be asked */
	const char *command; /* what its channels run; NULL: there is one, and can be no other */
	struct carried carried; /* where mish is not installed there */
	int patience_ms; /* for a login that may ask a person; 0: as usual */
	int64_t look_ms; /* when dial_tend() has something to do; 0: never */
	char operands[NODE_DESTINATION_MAX]; /* of ssh(1), to go there, for messages */
	char ask[NODE_DESTINATION_MAX + 16]; /* by ssh(1): a command that asks, for those */
	char key[NODE_NAME_MAX + 16]; /* … and as known_hosts has it */
	char cookie[DIAL_COOKIE]; /* in what askpass says */
};

enum dial_how {
	DIAL_KNOWN_ONLY = 1 << 0, /* whatever the configuration says of unknown host keys, they are refused */
	DIAL_PATIENT = 1 << 1,	  /* a server that has taken the connection may be slow to greet, as where there is a tty: nobody else is kept waiting */
};

/* Called after each step, for smigrate -v. */
typedef void dial_step(void *arg, const char *step);

/*
 * Connects to a node_destination(). With `tty` >= 0 questions may be asked there (a manual move); -1 never.
 * Returns 0, or -1 with *why (caller frees) saying what failed and what to do.
 */
int dial_open(struct dial *d, const char *node, int tty, enum dial_how how, dial_step *step, void *arg, char **why);
void dial_close(struct dial *d);
static inline bool dial_is_open(const struct dial *d)
{
	return d->ops != NULL;
}

/* ---- several channels of one connection ---- */

/* Can it have others beside its first? */
static inline bool dial_is_shared(const struct dial *d)
{
	return d->command != NULL;
}
/*
 * Another channel, in whose `d` the caller leaves all zero before the first call: 1 when the peer is asked for, 0 to be called again when there is news,
 * -1 the server wants no more. To be closed before the connection, as is what dial_split() makes.
 */
int dial_another(struct dial *first, struct dial *d);
/* The first channel by itself; in `first` the connection stays, if it can have several. */
void dial_split(struct dial *first, struct dial *ret);
/* Bytes so far taken off the socket, by whichever call, for whichever channel: one that takes none leaves nothing behind that poll() cannot know of. */
uint64_t dial_taken(const struct dial *first);
/* Takes what has come while there is no channel: the end of the last one, keepalives, the connection's own end. */
void dial_take(struct dial *first);
/* One that another process carries, over this socket. */
void dial_socket(struct dial *d, int fd, const char *node);

/* How long the peer's first words may take, in ms: they may wait for a person. */
int dial_patience(const struct dial *d, int usual);

/* What a connection needs that is still being made, at look_ms. */
void dial_tend(struct dial *d);

/* ---- the channel, without blocking ---- */

/* Where the kernel tells of unacknowledged packets; what else it is does not matter. */
int dial_tcp(const struct dial *d);
/* To sleep on; and on what, where `more` is to be written. Calls may take packets off the socket. */
int dial_fd(const struct dial *d);
short dial_events(struct dial *d, bool more);
/* Is something there that poll() cannot know of: data, or the end? */
bool dial_has_more(struct dial *d);
/* Bytes read or written; 0: none now; -1: the connection is lost. */
long dial_read(struct dial *d, void *buf, size_t size);
long dial_read_error(struct dial *d, void *buf, size_t size);
long dial_write(struct dial *d, const void *s, size_t len);
bool dial_is_connected(struct dial *d); /* false: it is lost */
bool dial_has_ended(struct dial *d);	 /* nothing more comes from there */
/* The exit status of the peer; -1: not known yet. */
int dial_status(struct dial *d);
/* Why there is no connection, from what ssh(1) wrote last (caller frees); NULL: there is one, or nobody knows. */
char *dial_why(struct dial *d, const char *messages);

/*
 * Sets how soon the kernel gives a silent connection up: within some ten seconds, or, for a
 * session that nobody uses (not `brisk`), by one probe a minute. No process wakes for that.
 */
void dial_watch(struct dial *d, bool brisk);

/* ---- for by_libssh.c and by_openssh.c ---- */

struct dial_ops {
	int (*fd)(const struct dial *d);
	int (*tcp)(const struct dial *d);
	short (*events)(struct dial *d, bool more);
	bool (*has_more)(struct dial *d);
	long (*read)(struct dial *d, void *buf, size_t size);
	long (*read_error)(struct dial *d, void *buf, size_t size);
	long (*write)(struct dial *d, const void *s, size_t len);
	bool (*is_connected)(struct dial *d);
	bool (*has_ended)(struct dial *d);
	int (*status)(struct dial *d);
	char *(*why)(struct dial *d, const char *messages);
	void (*watch)(struct dial *d, bool brisk);
	void (*tend)(struct dial *d);
	uint64_t (*taken)(void);
	void (*take)(struct dial *first);
	int (*another)(struct dial *first, struct dial *d);
	void (*split)(struct dial *first, struct dial *ret);
	void (*close)(struct dial *d);
};

struct dial_want {
	const struct node_destination *to;
	const char *command; /* to run there, by the user's login shell */
	bool known_only;
	bool patient; /* DIAL_PATIENT, or somebody waits, and calls it off if it takes too long */
	bool shares, probes, timed, sessions; /* ssh_config.h */
};
/* As dial_open(); *again: ssh(1) may get there all the same. */
int by_libssh_open(struct dial *d, const struct dial_want *want, const struct ssh_settings *settings, dial_step *step, void *arg,
		   bool *again, char **why);
int by_openssh_open(struct dial *d, const struct dial_want *want, int tty, char **why);
/* Fills d->key. */
void dial_key_name(struct dial *d, const struct node_destination *to);

#endif
