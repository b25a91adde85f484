#ifndef MISH_CONTROLLER_LIMITS_H
#define MISH_CONTROLLER_LIMITS_H

/*
 * Every maximum of the controller. The prefix names the module that enforces it; the
 * comment says what it bounds, and who hears of it when it is reached. Elsewhere stand
 * sizes that a format fixes (DATAGRAM_MAX, FRAME_MAX: with the format) and the quotas of
 * one user's sessions (RDV_MAX_SESSIONS, RDV_MAX_BYTES: with the rendezvous).
 */
enum {
	/* ---- the site: told with the line of the configuration, or of nodes_command ---- */

	/* nodes */
	VIEW_NODES_MAX = 4096,
	/* bytes of a node's name */
	VIEW_NAME_MAX = 63,
	/* bytes of mishd.conf, and of a key file; words of a line */
	CONF_BYTES_MAX = 1 << 20,
	KEYFILE_BYTES_MAX = 4096,
	CONF_WORDS_MAX = 256,

	/* ---- load ---- */

	/* bytes that nodes_command or load_command prints, and ms that it takes: a log line */
	COMMAND_TEXT_MAX = 1 << 18,
	COMMAND_MS_MAX = 10000,
	/* figures of load_command: a log line */
	FIGURES_MAX = 32,
	/* owners: a log line */
	SAMPLE_OWNERS_MAX = 16,
	/* threads of one process that are looked at in a sample: a log line */
	SAMPLE_THREADS_MAX = 256,

	/* ---- moves ---- */

	/*
	 * Shells on their way from a node, and to it, while one is being emptied; otherwise one.
	 * A node that asks for more is refused with that reason, which it logs, and asks again;
	 * `mishctl why` says which shells wait for it.
	 */
	EXCHANGE_MAX = 6,
	/*
	 * Exchanges to here that are remembered when they are over. Nobody hears of it: a
	 * request that arrives later than sixteen others begins a new exchange, which ends by
	 * itself in a few seconds.
	 */
	EXCHANGE_PAST_MAX = 16,
	/* users whose shells failed; the 65th puts the one out who has waited longest: nobody hears of it */
	PENALTY_MAX = 64,
	/* nodes in an answer to "which are the best": nobody misses the 33rd best */
	REQUEST_TARGETS_MAX = 32,

	/* ---- accounts ---- */

	/* bytes of a user's name; an account with a longer one cannot be looked up: a log line */
	ACCOUNTS_NAME_MAX = 63,
	/* answers that are kept; when all are being waited for, one more fails: a log line */
	ACCOUNTS_MAX = 1024,
	/* lookups at once, of libuv's four threads; the next waits for its turn */
	ACCOUNTS_LOOKUPS_MAX = 2,

	/* ---- the unix socket: the connection is closed, with a log line ---- */

	/* connections: of all users, and of one that is not root */
	CLIENT_MAX = 4096,
	CLIENT_PER_UID_MAX = 1024,
	/* of these, kept for users with few connections, and for root: four users cannot lock the others out */
	CLIENT_SPARE = 1024,
	CLIENT_FEW = 32,
	CLIENT_FOR_ROOT = 64,
	/* commands of one user's that wait for a place, each with a connection: the next ones ask again each second */
	PLACES_WAITING_MAX = 512,
	/* ms in which a connection has to ask something */
	CLIENT_SILENT_MS = 30000,
	/* bytes of answers that a client has not read yet */
	CLIENT_REPLIES_MAX = 32 << 20,
	/* bytes of all requests and answers of one user that are under way */
	CLIENT_BYTES_PER_UID_MAX = 64 << 20,
	/* who reads metrics at the same time: one more, and the first has to go; bytes of such a request */
	METRICS_READERS_MAX = 16,
	METRICS_REQUEST_MAX = 8192,
	/* descriptors that mishd asks for; when it may not have them: a log line at the start */
	MISHD_DESCRIPTORS_MAX = CLIENT_MAX + 256,
};

#endif
