#ifndef MISH_MIGRATE_HANDOVER_H
#define MISH_MIGRATE_HANDOVER_H

#include <signal.h>
#include <stdbool.h>

#include "migrate/programs.h"
#include "migrate/sealed.h"

/*
 * What one image of a session's process hands to the next, to a child or to a node, each a
 * struct with its record. Between processes of one node it goes in a memfd that never has a
 * name, so that secrets are in no argument and in no environment.
 *
 *     mish ──departure──> mish-stub ──errand──> mish-link ──hello──> mish-peer
 *     mish-peer or mish-stub ──arrival──> mish --restore      mish-stub <──kept──> a file
 */

enum { HANDOVER_SESSION = 32, HANDOVER_NODE = 256, HANDOVER_WISH = 1024, HANDOVER_SECRET = 32,
       HANDOVER_SOCKET = 16 };

enum errand {
	ERRAND_MOVE = 1,   /* take the session there */
	ERRAND_ASK = 2,	   /* would it be taken? smigrate -n */
	ERRAND_WARM = 3,   /* connect, and wait for another errand; smigrate --warm */
	ERRAND_ATTACH = 4, /* to the living peer of a session */
	ERRAND_FENCE = 5,  /* … to end it: the session is elsewhere */
	ERRAND_KEPT = 7,   /* stand at home for a job that stayed there; see pty/kept.h */
	ERRAND_PLACE = 6,  /* run the rest of the command line there, as a subshell would; see pty/placing.h */
};

/* The descriptors 0 to 9 of a placed command. */
enum terminals {
	TERMINALS_0 = 1,	   /* that bit, 2 and 4: it is the terminal */
	TERMINALS_OUT = 2,
	TERMINALS_IN_OUT = 3,
	TERMINALS_ANY = 7,
	TERMINALS_CLOSED_0 = 8,	   /* that bit, 16 and 32: it is closed */
	TERMINALS_ALIKE = 64,	   /* 2 is 1 */
	TERMINALS_FOREGROUND = 128, /* it begins in the foreground */
	TERMINALS_3 = 256,	   /* from that bit on, two for each of 3 to 9: */
	TERMINALS_MAX = (1 << 22) - 1,
};
enum { DESCRIPTORS = 10 /* a script's own: XCU 2.7 */ };
enum terminals_more { TERMINALS_CLOSED, TERMINALS_INPUT, TERMINALS_OUTPUT, TERMINALS_TERMINAL };

/* What descriptor fd, of 3 to 9, is. */
static inline enum terminals_more terminals_more(uint64_t bits, int fd)
{
	return (enum terminals_more)(bits / TERMINALS_3 >> 2 * (fd - 3) & 3);
}

/* Which lower descriptor `fd` is the same as, as by `fd>&lower`; -1: none. */
static inline int handover_same(uint64_t same, int fd)
{
	return fd < 3 ? -1 : (int)(same >> 4 * (fd - 3) & 15) - 1;
}

/* Is any of them the terminal? */
static inline bool terminals_any(uint64_t bits)
{
	bool any = (bits & TERMINALS_ANY) != 0;

	for (int i = 3; i < DESCRIPTORS; i++)
		any |= terminals_more(bits, i) == TERMINALS_TERMINAL;
	return any;
}

/* mish → mish-stub. A shell that is away says the same in FRAME_OFFER; the link adds `input`. */
struct departure {
	uint64_t errand; /* MOVE, ASK or WARM */
	char session[HANDOVER_SESSION];
	char origin[HANDOVER_NODE];
	char here[HANDOVER_NODE]; /* the node that it leaves */
	char wish[HANDOVER_WISH]; /* where to: names with blanks between, or "home" */
	uint64_t flags;		  /* enum msg_flag */
	struct sealed sealed;
	struct blob input; /* typed, but not yet read by the shell */
	struct blob modes; /* struct termios to fall back to */
	/* from the shell to its guardian only */
	uint64_t from;		  /* as `sealed` has it: so that it can be read as an arrival */
	struct programs programs;
	/* if jobs stay */
	struct blob jobs; /* its children: struct left_proc each */
	struct blob stays; /* … and those that are elsewhere: struct stay each */
	uint8_t socket[HANDOVER_SOCKET], secret[HANDOVER_SECRET]; /* elsewhere than at home: how the process that keeps them (pty/kept.h) is attached to */
};

/* mish-stub, or a shell that asks → mish-link. */
struct errand_order {
	uint64_t errand;
	char session[HANDOVER_SESSION];
	char origin[HANDOVER_NODE];
	char here[HANDOVER_NODE];
	char wish[HANDOVER_WISH]; /* ATTACH and FENCE: the node's address */
	char via[HANDOVER_NODE]; /* MOVE: where the shell is, "" here; what cannot be reached directly may be from there */
	uint64_t flags;
	uint64_t from; /* MOVE: whoever takes the session holds epoch_next() of this */
	struct sealed sealed;
	uint8_t socket[HANDOVER_SOCKET]; /* names the peer, which begins or is attached to */
	uint64_t seq;	     /* ATTACH: of the last checkpoint that the guardian has */
	uint8_t secret[HANDOVER_SECRET]; /* lets a link attach to the peer */
	uint8_t new_secret[HANDOVER_SECRET]; /* ATTACH: replaces `secret`; zeros: it stays */
	struct blob modes;
	uint64_t pid; /* PLACE: $$ */
	uint64_t own; /* … descriptors that its own redirections have just truncated: pty/files.h */
};

/* The signal by which a shell stops a placed command for good: SIGSTOP would stop its mish-link, and nothing there. By default it does nothing. */
enum { PLACED_STOP = SIGURG };
/* By which a guardian tells who stands for a job, with a value (sigqueue(3)), whether its session persists; or to pass SIGKILL on, which he could not. */
enum { PLACED_WORD = SIGPWR };
enum placed_word { PLACED_PERSIST_NOT, PLACED_PERSIST, PLACED_KILL };

/* A process that stays, and its process group. A negative pid: it is to outlive the terminal. `stopped`: as from wait4(2), which nobody will say again; 0: it runs. */
struct left_proc {
	int32_t pid, stopped, group;
};

enum { KEPT_MOST = 256 /* processes that may stay on a node that is not home */ };

/* At home `pid` stands for the process group that `was` is the first of, which stayed on another node (ERRAND_KEPT). */
struct stand_in {
	int32_t was, pid;
	char node[HANDOVER_NODE];
};

/* A job that is kept on another node than where its session's terminal is (pty/kept.h), for who attaches to the session. */
struct stay {
	int32_t was, group;    /* the first of its processes that were left, and their process group */
	int32_t stopped, keep; /* as in struct left_proc, when it was left; disown -h */
	int32_t pid;	       /* who stands for it where the terminal is (at home: it itself); 0: nobody yet, -1: nobody can */
	uint64_t turn;	       /* larger for each who attached (from the clock), 0 nobody did: of several links the one of the last turn stands for it */
	char node[HANDOVER_NODE], address[HANDOVER_NODE];
	uint8_t socket[HANDOVER_SOCKET], secret[HANDOVER_SECRET];
};
enum { STAYS_MOST = 1024 };

/* mish-link, of a placed command → its shell, in a file: this, and what was typed and not read. One after the other, if there are several. */
struct brought {
	uint64_t user_us, system_us; /* CPU that it took there */
	uint64_t typed;		     /* bytes that follow */
};

/* mish-link → mish-peer, FRAME_HELLO. */
struct hello {
	uint64_t version; /* PROTOCOL_VERSION */
	uint64_t least;	  /* PROTOCOL_LEAST */
	uint64_t errand;  /* not WARM */
	char session[HANDOVER_SESSION];
	char origin[HANDOVER_NODE];
	char here[HANDOVER_NODE];
	uint64_t flags;
	uint64_t from;
	struct sealed sealed;
	uint8_t socket[HANDOVER_SOCKET];
	uint64_t seq;
	uint8_t secret[HANDOVER_SECRET];
	uint8_t new_secret[HANDOVER_SECRET];
	uint64_t received; /* ATTACH: bytes of output that the link's side has */
	char term[64];
	uint16_t rows, cols;
	uint64_t terminals; /* PLACE: enum terminals */
	struct blob files;  /* … pty/files.h */
	uint64_t same;	    /* … handover_same() */
	uint64_t pid;	    /* … and $$ */
	char *display; /* ATTACH, on its way to the peer that has the session: the display of this connection, NULL none */
};

/* mish-peer or mish-stub → mish --restore. */
struct arrival {
	char session[HANDOVER_SESSION];
	char origin[HANDOVER_NODE];
	char here[HANDOVER_NODE]; /* the node that it comes from */
	uint64_t flags;
	uint64_t from;
	struct sealed sealed;
	uint64_t pid; /* of a command that is placed here: $$ */
	/* at home only */
	char *why;	   /* what to tell the user, NULL nothing */
	char *steps;	   /* … and the steps of smigrate -v */
	char *command;	   /* what was running when the state was lost */
	uint64_t status;   /* the exit status of smigrate */
	struct blob input; /* typed, but not yet read by the shell */
	struct programs programs;
	struct blob jobs;  /* its children that stand for jobs elsewhere: struct stand_in each */
	struct blob stays; /* … and how those are found again: struct stay each */
	uint64_t errand;   /* not 0: a departure, which the guardian could not read and gives back */
};

/* The file of a session that persists; see migrate/keep.h. */
struct kept {
	char session[HANDOVER_SESSION];
	char origin[HANDOVER_NODE];
	char address[HANDOVER_NODE]; /* of the node where it is, as ssh knows it */
	uint64_t flags;
	uint64_t from; /* the holder's epoch is epoch_next() of this */
	struct sealed sealed;
	uint64_t time;	  /* when the state came: seconds since the Epoch; 0: not known */
	int64_t as_of_ms; /* the same by the guardian's monotonic clock; not in the file */
	uint8_t socket[HANDOVER_SOCKET];
	uint8_t secret[HANDOVER_SECRET];
	uint8_t new_secret[HANDOVER_SECRET];
	struct blob stays; /* its jobs that are elsewhere: struct stay each */
};

extern const struct record departure_record, errand_record, hello_record, arrival_record, kept_record;

/* A memfd (close-on-exec) to write one to, or -errno. */
int handover_file(void);
/* Writes `what` into the memfd, in place of what is there. 0 or -errno. */
int handover_write_to(const struct record *r, const void *what, int fd);
/* Makes a memfd, writes it and seals the memfd: the descriptor, or -errno. */
int handover_write(const struct record *r, const void *what);
/* -errno of handover_read() and the like, for people. */
const char *handover_error(int err);
/* Moves it above the script's own descriptors if possible; it survives exec there. The descriptor, or -errno. */
int handover_keep(int fd);
/*
 * Reads and checks; the descriptor stays the caller's. 0; -EPROTO when another version wrote
 * it; or -errno. On failure *ret is all zeros.
 */
int handover_read(const struct record *r, int fd, void *ret);

#endif
