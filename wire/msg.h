#ifndef MISH_WIRE_MSG_H
#define MISH_WIRE_MSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Control messages: one flat msgpack map from small numbers to unsigned integers and
 * byte strings. This is all of msgpack that our messages need, without the library: the
 * guardian links libc only, and msgpack-c reserves memory for the counts that a message
 * declares, before their bytes are there. Numbers are never reused; unknown ones are skipped,
 * whatever they hold. doc/PROTOCOL.md says the same for people.
 */

/* Every key of every message. */
enum msg_key {
	MSG_VERSION = 1,   /* uint: PROTOCOL_VERSION */
	MSG_SESSION = 2,   /* str: 16 hex digits */
	MSG_EPOCH = 3,	   /* uint */
	MSG_KEY = 4,	   /* bytes: 32, the key that the state is sealed with */
	MSG_STATE = 5,	   /* bytes: the sealed state */
	MSG_NODE = 6,	   /* str: a node's name; a wish has several, with blanks between */
	MSG_ORIGIN = 7,	   /* str: the session's origin */
	MSG_TERM = 8,	   /* str: $TERM */
	MSG_ROWS = 9,	   /* uint */
	MSG_COLS = 10,	   /* uint */
	MSG_FLAGS = 11,	   /* uint: enum msg_flag */
	MSG_TICKET = 12,   /* str: 32 hex digits */
	MSG_WHY = 13,	   /* str: for people, without a newline at the end */
	MSG_STATUS = 14,   /* uint: exit status */
	MSG_WARNINGS = 15, /* str: lines */
	MSG_DELIVERED = 16, /* uint: bytes of input that reached the pty */
	MSG_INPUT = 17,	   /* bytes: typed, not delivered */
	MSG_MODES = 18,	   /* bytes: struct termios of the origin; it never leaves that node */
	/* 19 was used before the first release */
	MSG_PID = 20,	   /* uint */
	MSG_USER = 21,	   /* str */
	MSG_STEPS = 22,	   /* str: lines, for smigrate -v */
	MSG_NAME = 23,	   /* str */
	MSG_ADDRESS = 24,  /* str */
	MSG_TTY = 25,	   /* str */
	MSG_COUNT = 26,	   /* uint */
	MSG_UPTIME = 27,   /* uint: seconds */
	/* 28 was used before the first release */
	MSG_DRAINING = 29, /* uint: 0 or 1 */
	/* 30 was used before the first release */
	MSG_PEER_NODE = 31, /* str: the node that a session leaves, or comes from */
	MSG_SECRET = 32,    /* bytes: 32, what lets a link attach to a living peer */
	MSG_FROM = 33,	    /* uint: whoever restores the state holds the epoch after this one */
	MSG_SEQ = 34,	    /* uint: number of a checkpoint; the handed-off state is 0 */
	MSG_PARTS = 35,	    /* bytes: checkpoints on top of MSG_STATE, see handover.h */
	MSG_COMMAND = 36,   /* str: the command that runs */
	MSG_SENT = 37,	    /* uint: bytes of output that the peer has read from the pty */
	MSG_RECEIVED = 38,  /* uint: bytes of the other direction that have arrived */
	/* 40 was used before the first release */
	MSG_NEW_SECRET = 39, /* bytes: 32, replaces MSG_SECRET from now on */
	/* a node's load: in thousandths where a line names no unit */
	MSG_QUEUE = 41,	      /* uint: thousandths of a task */
	MSG_EXPECTED = 42,    /* uint: thousandths of a task, and 1000000 for none: it may be negative */
	MSG_CPUS = 43,	      /* uint */
	MSG_SPEED = 44,	      /* uint */
	MSG_UTILISATION = 45, /* uint */
	MSG_MEMORY_TOTAL = 46, /* uint: KiB */
	MSG_MEMORY_FREE = 47, /* uint: KiB */
	MSG_PSI_CPU = 48,     /* uint: thousandths of a per cent */
	MSG_PSI_MEMORY = 49,  /* uint: thousandths of a per cent */
	MSG_PSI_IO = 50,      /* uint: thousandths of a per cent */
	MSG_SESSIONS = 51,    /* uint: shells */
	MSG_LOAD_FLAGS = 52,  /* uint: enum load_flag */
	MSG_BOOT = 53,	      /* uint: which run of a mishd */
	MSG_AGE = 54,	      /* uint: ms */
	MSG_TABLE = 55,	      /* bytes: messages, each after its length in 2 bytes, little endian */
	MSG_CLUSTER = 56,     /* str */
	MSG_CPU = 57,	      /* uint: CPU that a shell's commands use, thousandths of one CPU */
	MSG_RSS = 58,	      /* uint: KiB, the largest of a shell's commands */
	MSG_ID = 59,	      /* uint: names an exchange */
	MSG_KIND = 60,	      /* uint: enum datagram_kind */
	MSG_SHARED = 61,      /* str: lines, directories that all nodes have */
	MSG_INDEX = 62,	      /* uint: the load index */
	MSG_AVAILABILITY = 63, /* uint */
	MSG_ELIGIBLE = 64,    /* uint: 0 or 1 */
	MSG_CHALLENGE = 65,   /* uint */
	MSG_NEWS = 66,	      /* uint: 1: the row tells of a change */
	MSG_HERE = 67,	      /* uint: 1: this node */
	MSG_MOVES_IN = 68,    /* uint: since mishd runs */
	MSG_MOVES_OUT = 69,   /* uint */
	MSG_BUSY = 71,	      /* uint: part of the time that a shell runs a command, thousandths */
	MSG_TEXT = 70,	      /* str: lines, for people */
	MSG_ERRAND = 72,      /* uint: enum errand */
	MSG_LAST_SEQ = 73,    /* uint: number of the last checkpoint that the guardian has */
	MSG_STREAM = 74,      /* uint: of a session; 0 is its terminal */
	MSG_SOCKET = 76,      /* bytes: 16, names the socket of a peer, so that nobody can guess it */
	MSG_FORMAT = 75,      /* uint: PROTOCOL_VERSION of the program that wrote a memfd or a file */
	MSG_LEAST = 77,	      /* uint: the oldest version that can read this, and be read */
	MSG_PROGRAMS = 78,    /* bytes: struct programs; never leaves its node */
	MSG_ROW = 79,	      /* bytes: a message, as the node signed it that it tells of */
	MSG_SIGNATURE = 80,   /* bytes: 64 */
	MSG_VIA = 82,	      /* str: where the shell is, as ssh knows it: another way to the node */
	MSG_DISPLAY = 83,     /* str: X11's, by the newest connection */
	MSG_TERMINALS = 84,   /* uint: bits of a placed command's 0, 1 and 2: enum terminals */
	MSG_JOBS = 85,	      /* bytes: struct left_proc of each process that stays (OFFER: on the node that the shell leaves); in an arrival: struct stand_in */
	MSG_WAS = 90,	      /* uint: the first process of a job that stayed on NODE, for which PID stands now */
	MSG_USER_US = 86,     /* uint: CPU that a placed command took, and what it waited for */
	MSG_SYSTEM_US = 87,   /* … in the kernel */
	MSG_FILES = 88,	      /* bytes: files of a placed command that its node may have (pty/files.h) */
	MSG_OPENED = 89,      /* uint: 1 << each descriptor; READY: of those that are such files there; to mish-link: that the command's own `>' opened */
	MSG_SAME = 91,	      /* uint: four bits for each of a placed command's 3 to 9: 1 + a lower descriptor that is the same; 0: none is */
	MSG_STAYS = 92,	      /* bytes: struct stay of each job that is elsewhere than its session's terminal; in an OFFER it is not read */
	MSG_ARGS = 93,	      /* uint: hash of a command */
	MSG_DIR = 94,	      /* uint: … of a directory's name */
	MSG_ELAPSED = 95,     /* uint: ms */
	MSG_READ_KIB = 96,    /* uint: read from a disk */
	MSG_WRITTEN_KIB = 97, /* uint: … written */
	MSG_RESPONSE = 98,    /* uint: ms in which a command would end on a node */
	MSG_RESPONSE_HERE = 99, /* … and on this one */
	MSG_TIME = 81,	      /* uint: seconds since the Epoch; in a RECORD ms */
};

enum msg_flag {
	MSG_FORCE = 1 << 0,	  /* smigrate -f */
	MSG_QUIET = 1 << 1,	  /* -q */
	MSG_VERBOSE = 1 << 2,	  /* -v */
	MSG_AUTOMATIC = 1 << 4,	  /* asked for by a controller: never prompts */
	MSG_LOGIN = 1 << 5,	  /* the shell is a login shell */
	MSG_LOST = 1 << 6,	  /* to mish --restore: the state is an old one; what was to be
				     run or read then, has been since. EXIT: the shell was killed */
	/* 1 << 3, 7, 8 and 15 were used before the first release */
	MSG_FRESH = 1 << 9,	  /* ERRAND_ATTACH: this terminal has seen nothing of the session yet */
	MSG_FROZEN = 1 << 10,	  /* READY to an attach: the shell waits for a verdict */
	MSG_WHOLE = 1 << 11,	  /* CHECKPOINT: it replaces the state and all checkpoints before */
	MSG_IDLE = 1 << 12,	  /* CHECKPOINT: at a prompt, without jobs; to mishd: at a prompt */
	MSG_PERSIST = 1 << 13,	  /* set -o persist */
	MSG_HANGUP = 1 << 14,	  /* to mish --restore: the terminal has gone meanwhile */
	MSG_STRANGER = 1 << 17,	  /* the state comes from a node that is not trusted: nothing of it runs by itself */
	MSG_KEEP = 1 << 18,	  /* JOB: it is to outlive the terminal (disown -h); in FROZEN, and RELEASE: jobs stay there, and who was the shell keeps them */
	MSG_FRONT = 1 << 19,	  /* JOB: it gets the terminal (fg) */
	MSG_OR_HERE = 1 << 20,	  /* to mish-link, PLACE: what no node takes runs here */
	MSG_HOLD = 1 << 21,	  /* GET_NODES: a command goes to the first of the BEST, and is counted there until the connection ends */
	MSG_QUEUED = 1 << 22,	  /* … and waits until a node has room for it; to mish-link, PLACE: it is in the background */
	MSG_PACKS = 1 << 23,	  /* HELLO and READY, PLACE: whoever says it takes PACKED */
	MSG_NO_TERMINAL = 1 << 24, /* READY to a link that stands for a job: who keeps that has none */
	MSG_NEAR = 1 << 25,	  /* HELLO of such a link: nothing can cut its connection, whose end is its own */
	MSG_BEST = 1 << 16,	  /* GET_NODES: those that would take a shell, best first */
};

/* MSG_STATUS of an ABORT that answers an attach. */
enum msg_attach {
	MSG_ATTACH_FAILED = 1, /* the peer could not be reached: try again */
	MSG_ATTACH_GONE = 2,   /* there is no such session */
	MSG_ATTACH_DENIED = 4, /* … when somebody is there who can log in */
	MSG_ATTACH_TAKEN = 3,  /* another link has it, with another secret */
};

struct msg {
	uint8_t *buf;
	size_t len, cap;
	uint32_t n;
	bool failed; /* no memory: msg_done() tells */
};

void msg_init(struct msg *m);
void msg_release(struct msg *m); /* wipes: there may be keys inside */
void msg_uint(struct msg *m, enum msg_key key, uint64_t v);
void msg_bytes(struct msg *m, enum msg_key key, const void *s, size_t len);
void msg_str(struct msg *m, enum msg_key key, const char *s); /* NULL: left out */
/* Finishes the map; returns 0 or -ENOMEM. The bytes are m->buf, m->len. */
int msg_done(struct msg *m);

/* A message that was checked from end to end; borrows the bytes. */
struct msg_view {
	const uint8_t *buf;
	size_t len;
	uint32_t n;
};

/* Returns 0 or -EBADMSG. */
int msg_parse(struct msg_view *v, const uint8_t *buf, size_t len);

/* All return 0, -ENOENT (not there) or -EBADMSG (not so, or too large). */
int msg_get_uint(const struct msg_view *v, enum msg_key key, uint64_t max, uint64_t *ret);
int msg_get_bytes(const struct msg_view *v, enum msg_key key, const uint8_t **ret,
		  size_t *ret_len);
/* A string without NUL into buf; -EBADMSG when it does not fit. */
int msg_get_str(const struct msg_view *v, enum msg_key key, char *buf, size_t size);
/* A string without NUL of any length (caller frees); -ENOMEM too. */
int msg_get_strdup(const struct msg_view *v, enum msg_key key, char **ret);

#endif
