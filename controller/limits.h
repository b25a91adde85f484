#ifndef MISH_CONTROLLER_LIMITS_H
#define MISH_CONTROLLER_LIMITS_H

/*
 * Every maximum of the controller: the prefix names the module that enforces it, the
 * comment what it bounds and who is told when it is reached. Sizes that a format fixes
 * (DATAGRAM_MAX, FRAME_MAX) stand with their format; the quotas of one user's sessions
 * (RDV_MAX_SESSIONS, RDV_MAX_BYTES) with the rendezvous.
 */
enum {
	/* bytes of a node's name; a longer one is refused with the line of the configuration */
	VIEW_NAME_MAX = 63,
	/* nodes of the site; one more is refused with the line of the configuration */
	VIEW_NODES_MAX = 4096,
	/*
	 * Shells on their way to a node or from it while one is being emptied; otherwise one.
	 * The next one is refused with that reason, and is asked again.
	 */
	EXCHANGE_MAX = 6,
	/* exchanges that came here and are over; then a late request of an older one is a new one */
	EXCHANGE_PAST_MAX = 16,
	ACCOUNTS_NAME_MAX = 63,
	ACCOUNTS_MAX = 1024,
	ACCOUNTS_LOOKUPS_MAX = 2,
	METER_SITE_MAX = 32,
	SAMPLE_OWNERS_MAX = 16,
	CLIENT_MAX = 4096,
	CLIENT_PER_UID_MAX = 1024,
	CLIENT_REPLIES_MAX = 32 << 20,
	CLIENT_BYTES_PER_UID_MAX = 64 << 20,
	METRICS_REQUEST_MAX = 8192,
	METRICS_READERS_MAX = 16,
};

#endif
