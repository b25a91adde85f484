/*
 * The handoff, for spin: a session's guardian, its links, the peers on two other nodes with
 * their shells, and the rendezvous; with crashes of each, lost connections, and a rendezvous
 * that forgets. Exhaustive within FAULTS (of anything) and MOVES (that are asked for).
 *
 * Checked (DESIGN 7): no two that act hold the same epoch, and none acts with an older one
 * while a link carries for it; an offered state is taken once; a fenced holder does not act
 * again; and when nothing can happen any more (no deadlock before), exactly one shell has
 * the session and nothing is left on any other node.
 *
 * Seeded errors, which must be found: -DCOMMIT_EARLY, -DTAKE_TWICE, -DNO_FENCE.
 *
 * A shell and its peer are one here: they die together (pty/peer.c sees to that). A node
 * has one peer at a time; real ones are told apart by their epoch (pty/attach.c).
 */
#ifndef FAULTS
#define FAULTS 2
#endif
#ifndef MOVES
#define MOVES 2
#endif

mtype = { m_new, m_again, m_hello, m_ready, m_commit, m_abort, m_offer, m_release, m_resume,
	  m_attach, m_attached, m_gone, m_eof };
mtype = { absent, restoring, live, frozen };
mtype = { at_home, first, away, onward };

byte faults = FAULTS, moves = MOVES;

mtype gst = at_home;	/* struct guardian in pty/guardian.h; at_home: the process is the shell */
byte g_epoch = 1;	/* of the holder, as the guardian knows it: handover_holds(&g->s) */
byte cur, nxt;		/* the peers of g->cur and g->next */
bool attached;
byte offered, refused;	/* epochs of the offer under way, and of the last that failed */

mtype pst[2] = absent;	/* pty/peer.c with shell/move/mover.c */
byte p_epoch[2];
bool carrying[2];	/* a link shows what this peer's shell prints */
bool idle_link[2] = true, killed[2], fence_on[2];

/* ---- who talks to whom ---- */
chan start[2] = [1] of { mtype, byte };	  /* child_start() */
chan to_link[2] = [2] of { mtype };	  /* guardian → link */
chan to_guard[2] = [2] of { mtype, byte }; /* link → guardian */
chan to_peer[2] = [2] of { mtype, byte };  /* link → peer */
chan from_peer[2] = [2] of { mtype, byte }; /* peer → link */

/* ---- the rendezvous: rendezvous/rdv.c ---- */
byte r_epoch, r_ticket;	/* 0 none, 1 open, 2 taken */
byte r_taken;

inline rdv_offer(e, ok)	/* rdv_offer() */
{
	if
	:: e < r_epoch || (r_ticket != 0 && e == r_epoch) -> ok = false
	:: else -> r_epoch = e; r_ticket = 1; r_taken = 0; ok = true
	fi
}

inline rdv_take(ok)	/* rdv_take() */
{
	if
#ifdef TAKE_TWICE
	:: r_ticket != 0 -> r_ticket = 2; r_taken++; ok = true
#else
	:: r_ticket == 1 -> r_ticket = 2; r_taken++; ok = true
#endif
	:: else -> ok = false
	fi;
	assert(r_taken <= 1)
}

inline rdv_commit(e, ok) /* rdv_commit(); one that forgot is offered to again: reach_commit() */
{
	ok = r_ticket == 2 && r_epoch == e;
	if
	:: !ok -> rdv_offer(e, ok)
	:: else
	fi;
	if
	:: ok -> r_ticket = 0; r_epoch = e + 1
	:: else
	fi
}

inline rdv_abort(e)	/* rdv_abort() */
{
	if
	:: r_epoch == e -> r_ticket = 0
	:: else
	fi
}

/* mishd ends and comes back; a thief who got hold of a ticket */
active proctype Rendezvous()
{
	bool ok;
end:
	do
	:: atomic { faults > 0 && r_epoch > 0 -> faults--; r_epoch = 0; r_ticket = 0 }
	:: atomic { faults > 0 && r_ticket != 0 -> faults--; rdv_take(ok) }
	:: atomic { faults > 0 && r_ticket != 0 -> faults--; r_ticket = 0 } /* it expires */
	od
}

/* ---- what must hold whenever somebody begins to act ---- */
#define ACTS(i) (pst[i] == live)

inline check()
{
	assert(!(ACTS(0) && ACTS(1) && p_epoch[0] == p_epoch[1]));
	assert(!(gst == at_home && ACTS(0) && (p_epoch[0] >= g_epoch || carrying[0])));
	assert(!(gst == at_home && ACTS(1) && (p_epoch[1] >= g_epoch || carrying[1])));
	assert(!(carrying[0] && carrying[1] && ACTS(0) && ACTS(1)))
}

/* ---- mish-peer and mish --restore ---- */
proctype Peer(byte i)
{
	byte e;
end:
	do
	:: atomic { to_peer[i]?m_hello(e) -> /* begin_shell(), restore_session() */
		pst[i] = restoring; p_epoch[i] = e;
#ifdef COMMIT_EARLY
		pst[i] = live; check();
#endif
		from_peer[i]!m_ready(e) }
	:: atomic { to_peer[i]?m_commit(e) -> /* commit(): a second one changes nothing */
		if
		:: pst[i] == restoring -> pst[i] = live; check()
		:: else
		fi }
	:: atomic { to_peer[i]?m_abort(e) -> /* from_link(), detach(): committed ones wait */
		if
		:: pst[i] == restoring -> pst[i] = absent
		:: else
		fi }
	:: atomic { to_peer[i]?m_attach(e) -> /* resume_accept(), take_over() */
		if
		:: pst[i] == live -> from_peer[i]!m_attached(p_epoch[i])
		:: pst[i] == frozen -> from_peer[i]!m_attached(p_epoch[i]);
			from_peer[i]!m_offer(p_epoch[i]) /* say_again() */
		:: else -> from_peer[i]!m_gone(0)
		fi }
	:: atomic { to_peer[i]?m_release(e) -> /* await_verdict(): _exit() */
		if
		:: pst[i] == frozen -> pst[i] = absent
		:: else
		fi }
	:: atomic { to_peer[i]?m_resume(e) -> /* move_from_peer(): the offer used an epoch up */
		if
		:: pst[i] == frozen -> p_epoch[i] = p_epoch[i] + 1; pst[i] = live; check()
		:: else
		fi }
	:: atomic { pst[i] == live && moves > 0 && carrying[i] && nfull(from_peer[i]) ->
		moves--; pst[i] = frozen; from_peer[i]!m_offer(p_epoch[i]) } /* freeze(), OFFER */
	:: atomic { pst[i] != absent && faults > 0 -> /* peer, shell or node die */
		faults--; pst[i] = absent }
	od
}

/* ---- mish-link ---- */
#define FATE	:: killed[i] -> goto dead \
		:: atomic { faults > 0 -> faults--; to_guard[i]!m_eof(0) }; goto dead

proctype Link(byte i)
{
	byte e;
	bool ok;

end:
	do
	:: start[i]?m_new(e) -> /* reach_node() */
		atomic { rdv_offer(e, ok);
			if
			:: ok -> rdv_take(ok)
			:: else
			fi };
		if
		:: !ok -> to_guard[i]!m_abort(e); goto dead
		:: ok && faults > 0 -> atomic { faults--; rdv_abort(e) }; /* no way there */
			to_guard[i]!m_abort(e); goto dead
		:: ok -> to_peer[i]!m_hello(e + 1)
		FATE
		fi;
		if /* await_answer() */
		:: from_peer[i]?m_ready(_)
		:: pst[i] == absent && empty(to_peer[i]) && empty(from_peer[i]) ->
			atomic { rdv_abort(e) }; to_guard[i]!m_abort(e); goto dead
		FATE
		fi;
		atomic { rdv_commit(e, ok) };
		if
		:: ok -> to_guard[i]!m_ready(e + 1)
		:: !ok -> to_guard[i]!m_abort(e); goto dead
		fi;
		if
		:: to_link[i]?m_commit -> to_peer[i]!m_commit(0); goto carry
		FATE
		fi
	:: start[i]?m_again(e) -> /* reach_attach() */
		if
		:: atomic { faults > 0 -> faults-- }; to_guard[i]!m_abort(0); goto dead
		:: to_peer[i]!m_attach(0)
		FATE
		fi;
		if
		:: from_peer[i]?m_attached(e) -> to_guard[i]!m_attached(e)
		:: from_peer[i]?m_gone(e) -> to_guard[i]!m_gone(e); goto dead
		:: pst[i] == absent && empty(to_peer[i]) && empty(from_peer[i]) ->
			to_guard[i]!m_abort(0); goto dead
		FATE
		fi;
		if
		:: to_link[i]?m_commit -> to_peer[i]!m_commit(0); goto carry
		FATE
		fi
	od;
carry:
	atomic { carrying[i] = true; check() };
end_carry:
	do
	:: from_peer[i]?m_offer(e) -> to_guard[i]!m_offer(e) /* relay_offer() */
	:: to_link[i]?m_release -> to_peer[i]!m_release(0);
		if
		:: pst[i] == absent && empty(to_peer[i]) -> to_guard[i]!m_release(0); goto dead
		FATE
		fi
	:: to_link[i]?m_resume -> to_peer[i]!m_resume(0)
	:: pst[i] == absent && empty(from_peer[i]) -> to_guard[i]!m_eof(0); goto dead
	FATE
	od;
dead:	/* what it had not passed on is gone; a peer that was not committed ends */
	atomic {
		carrying[i] = false;
		do
		:: from_peer[i]?_,_
		:: to_peer[i]?_,_
		:: to_link[i]?_
		:: empty(from_peer[i]) && empty(to_peer[i]) && empty(to_link[i]) -> break
		od;
		if
		:: pst[i] == restoring -> pst[i] = absent
		:: else
		fi;
		killed[i] = false; idle_link[i] = true; e = 0; ok = false
	};
	goto end
}

/* mish-link with MSG_FENCE: fence() in pty/link.c, peer_end_fenced() in pty/peer.c */
proctype Fence(byte i)
{
end:
	do
	:: atomic { fence_on[i] -> pst[i] = absent; fence_on[i] = false }
	od
}

/* ---- mish-stub ---- */
inline launch(i, how, e)	/* a child with sockets of its own */
{
	atomic { do
		:: to_link[i]?_
		:: empty(to_link[i]) -> break
		od;
		idle_link[i] = false; start[i]!how(e) }
}

inline end_link(i)	/* child_end(): killed, and nothing it said is read any more */
{
	if
	:: idle_link[i]
	:: else -> killed[i] = true; idle_link[i]
	fi;
	atomic { do
		:: to_guard[i]?_,_
		:: empty(to_guard[i]) -> break
		od;
		killed[i] = false }
}

inline fence(i)
{
#ifndef NO_FENCE
	fence_on[i] = true
#else
	skip
#endif
}

inline go_home(e)	/* guardian_become_shell() */
{
	atomic { attached = false; gst = at_home; g_epoch = e; cur = 0; nxt = 0; offered = 0; check() }
}

inline lost_for_good()	/* recover_here() */
{
	if
	:: gst == onward -> end_link(nxt)
	:: else
	fi;
	end_link(cur);
	fence(cur);
	go_home(g_epoch + 1)
}

inline move_failed()	/* guardian_move_failed() */
{
	end_link(nxt);
	if
	:: gst == first -> go_home(offered + 1)
	:: else -> atomic { gst = away; refused = offered; g_epoch = offered + 1 };
		if
		:: attached -> to_link[cur]!m_resume
		:: !attached /* the offer comes again with the next link: guardian_offer() */
		fi
	fi
}

inline move_done(e)	/* guardian_move_done(), release() */
{
	if
	:: gst == first
	:: gst == onward && attached -> to_link[cur]!m_release;
		if
		:: to_guard[cur]?m_release(_)
		:: to_guard[cur]?m_eof(_) -> fence(cur)
		:: to_guard[cur]?m_offer(_) -> fence(cur)
		fi;
		end_link(cur)
	:: gst == onward && !attached -> end_link(cur); fence(cur)
	fi;
	atomic { cur = nxt; gst = away; g_epoch = e; attached = true };
	to_link[cur]!m_commit
}

active proctype Guardian()
{
	byte e, x;

	run Peer(0); run Peer(1); run Link(0); run Link(1); run Fence(0); run Fence(1);
end:
	do
	:: gst == at_home && moves > 0 ->
		if
		:: x = 0
		:: x = 1
		fi;
		atomic { pst[x] == absent && !fence_on[x] && idle_link[x] ->
			moves--; gst = first; nxt = x; offered = g_epoch; launch(x, m_new, g_epoch) }
	:: gst == first || gst == onward ->
		if
		:: to_guard[nxt]?m_ready(e) -> move_done(e)
		:: to_guard[nxt]?m_abort(_) -> move_failed()
		:: to_guard[nxt]?m_eof(_) -> move_failed()
		:: gst == onward && to_guard[cur]?[m_eof(e)] -> to_guard[cur]?m_eof(_);
			end_link(cur); attached = false; launch(cur, m_again, 0)
		:: gst == onward && to_guard[cur]?[m_abort(e)] -> to_guard[cur]?m_abort(_);
			end_link(cur); launch(cur, m_again, 0)
		:: gst == onward && to_guard[cur]?[m_attached(e)] -> to_guard[cur]?m_attached(_);
			attached = true; to_link[cur]!m_commit
		:: gst == onward && to_guard[cur]?[m_offer(e)] -> to_guard[cur]?m_offer(_)
		:: gst == onward && to_guard[cur]?[m_gone(e)] -> lost_for_good()
		fi
	:: gst == away ->
end_away:	if
		:: to_guard[cur]?m_eof(_) -> /* recover_link_lost() */
			end_link(cur); attached = false; launch(cur, m_again, 0)
		:: to_guard[cur]?m_abort(_) ->
			end_link(cur);
			if
			:: launch(cur, m_again, 0)
			:: lost_for_good() /* the user, or nothing can be lost: may_recover() */
			fi
		:: to_guard[cur]?m_attached(_) -> attached = true; to_link[cur]!m_commit
		:: to_guard[cur]?m_gone(_) -> lost_for_good()
		:: to_guard[cur]?m_offer(e) -> /* guardian_offer() */
			x = 1 - cur;
			if
			:: e == refused -> to_link[cur]!m_resume
			:: e != refused -> to_link[cur]!m_release; /* move_home() */
				if
				:: to_guard[cur]?m_release(_)
				:: to_guard[cur]?m_eof(_) -> fence(cur)
				fi;
				end_link(cur); go_home(e + 1)
			:: atomic { e != refused && pst[x] == absent && !fence_on[x] && idle_link[x] ->
				gst = onward; nxt = x; offered = e; launch(x, m_new, e) }
			fi
		fi
	od
}

/* When nothing can happen any more. */
active proctype Monitor()
{
end:
	timeout ->
	assert(gst == at_home || (gst == away && pst[cur] == live && carrying[cur]));
	assert((gst == at_home && pst[0] == absent && pst[1] == absent) || (gst == away && pst[1 - cur] == absent))
}
