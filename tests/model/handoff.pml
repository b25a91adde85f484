/*
 * The handoff, for spin: a session's guardian, its links, the peers on two other nodes with
 * their shells, and the rendezvous; with crashes of each, lost connections, and a rendezvous
 * that forgets. Exhaustive within FAULTS (of anything) and MOVES (that are asked for).
 *
 * Checked here: no two that act hold the same epoch, and none acts with an older one
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

/*
 * -DTRACE: a simulation prints what each part hears and does; tests/unit/replay.c has the
 * cores of session/ do the same.
 */
#ifdef TRACE
#define T(...) printf(__VA_ARGS__);
#define FAULT	(faults > 0 && storm)
bool storm; /* else a simulation would have all its faults at once, and at the same places */
#else
#define T(...)
#define FAULT	(faults > 0)
#endif

mtype = { m_new, m_again, m_hello, m_ready, m_commit, m_abort, m_offer, m_release, m_resume,
	  m_attach, m_attached, m_gone, m_eof };
mtype = { absent, restoring, live, frozen };
mtype = { at_home, first, away, onward, recovering };

byte faults = FAULTS, moves = MOVES;

mtype gst = at_home;	/* enum guard_state in session/guard.h */
byte g_epoch = 1;	/* of the holder, as the guardian knows it: guard_epoch() */
byte cur, nxt;		/* the peers of the links LINK_CURRENT and LINK_NEXT */
bool attached;
byte offered, refused;	/* epochs of the offer under way, and of the last that failed */

mtype pst[2] = absent;	/* session/hold.c with shell/move/mover.c */
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
	:: atomic { FAULT && r_epoch > 0 -> faults--; r_epoch = 0; r_ticket = 0 }
	:: atomic { FAULT && r_ticket != 0 -> faults--; rdv_take(ok) }
	:: atomic { FAULT && r_ticket != 0 -> faults--; r_ticket = 0 } /* it expires */
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
		T("P %d hello %d\n", i, e)
		pst[i] = restoring; p_epoch[i] = e;
#ifdef COMMIT_EARLY
		pst[i] = live; check();
#endif
		from_peer[i]!m_ready(e) }
	:: atomic { to_peer[i]?m_commit(e) -> /* on_commit(): a second one changes nothing */
		T("P %d commit\n", i)
		if
		:: pst[i] == restoring -> pst[i] = live; check()
		:: else
		fi;
		T("P %d is %e\n", i, pst[i]) }
	:: atomic { to_peer[i]?m_attach(e) -> /* hold_attach() */
		T("P %d attach\n", i)
		T("P %d is %e\n", i, pst[i])
		if
		:: pst[i] == live -> from_peer[i]!m_attached(p_epoch[i])
		:: pst[i] == frozen -> from_peer[i]!m_attached(p_epoch[i]);
			from_peer[i]!m_offer(p_epoch[i]) /* say_again() */
		:: else -> from_peer[i]!m_gone(0)
		fi }
	:: atomic { to_peer[i]?m_release(e) -> /* await_verdict(): _exit() */
		T("P %d release\n", i)
		if
		:: pst[i] == frozen -> pst[i] = absent
		:: else
		fi;
		T("P %d is %e\n", i, pst[i]) }
	:: atomic { to_peer[i]?m_resume(e) -> /* move_from_peer(): the offer used an epoch up */
		T("P %d resume\n", i)
		if
		:: pst[i] == frozen -> p_epoch[i] = p_epoch[i] + 1; pst[i] = live; check()
		:: else
		fi;
		T("P %d is %e\n", i, pst[i]) }
	:: atomic { pst[i] == live && moves > 0 && carrying[i] && nfull(from_peer[i]) ->
		moves--; pst[i] = frozen; from_peer[i]!m_offer(p_epoch[i]); /* freeze(), OFFER */
		T("P %d offer\n", i)
		T("P %d is %e\n", i, pst[i]) }
	:: atomic { pst[i] != absent && FAULT -> /* peer, shell or node die */
		faults--; T("P %d dies\n", i) pst[i] = absent }
	od
}

/* ---- mish-link ---- */
#define FATE	:: killed[i] -> goto dead \
		:: atomic { FAULT -> faults--; to_guard[i]!m_eof(0) }; goto dead

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
		:: ok && FAULT -> atomic { faults--; rdv_abort(e) }; /* no way there */
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
		:: ok -> T("L %d reached 0\n", i) to_guard[i]!m_ready(e + 1)
		:: !ok -> to_guard[i]!m_abort(e); goto dead
		fi;
		if
		:: to_link[i]?m_commit -> T("L %d commit\n", i) to_peer[i]!m_commit(0); goto carry
		FATE
		fi
	:: start[i]?m_again(e) -> /* reach_attach() */
		if
		:: atomic { FAULT -> faults-- }; to_guard[i]!m_abort(0); goto dead
		:: to_peer[i]!m_attach(0)
		FATE
		fi;
		if
		:: from_peer[i]?m_attached(e) ->
			T("L %d reached %d\n", i, len(from_peer[i])) to_guard[i]!m_attached(e)
		:: from_peer[i]?m_gone(e) -> to_guard[i]!m_gone(e); goto dead
		:: pst[i] == absent && empty(to_peer[i]) && empty(from_peer[i]) ->
			to_guard[i]!m_abort(0); goto dead
		FATE
		fi;
		if
		:: to_link[i]?m_commit -> T("L %d commit\n", i) to_peer[i]!m_commit(0); goto carry
		FATE
		fi
	od;
carry:
	atomic { carrying[i] = true; check() };
end_carry:
	do
	:: from_peer[i]?m_offer(e) -> T("L %d offer\n", i) to_guard[i]!m_offer(e) /* on_offer() */
	:: to_link[i]?m_release -> T("L %d release\n", i) to_peer[i]!m_release(0);
		if
		:: pst[i] == absent && empty(to_peer[i]) -> to_guard[i]!m_release(0); goto dead
		FATE
		fi
	:: to_link[i]?m_resume -> T("L %d resume\n", i) to_peer[i]!m_resume(0)
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
		T("L %d ends\n", i)
		if
		:: pst[i] == restoring -> T("P %d unlinked\n", i) pst[i] = absent
		:: else
		fi;
		killed[i] = false; idle_link[i] = true; e = 0; ok = false
	};
	goto end
}

/* mish-link on ERRAND_FENCE: fence() in pty/link.c, hold_attach() in session/hold.c */
proctype Fence(byte i)
{
end:
	do
	:: atomic { fence_on[i] ->
		if
		:: pst[i] != absent -> T("P %d fenced\n", i) pst[i] = absent
		:: else
		fi;
		fence_on[i] = false }
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
	T("G do fence\n")
#ifndef NO_FENCE
	fence_on[i] = true
#else
	skip
#endif
}

inline go_home(e)	/* guard_go_home() */
{
	atomic { T("G do home %d\n", e) attached = false; gst = at_home; g_epoch = e; cur = 0; nxt = 0; offered = 0; check() }
}

inline lost_for_good(there)	/* lost_go_home() */
{
	if
	:: gst == onward -> end_link(nxt); g_epoch++ /* the offer used an epoch up */
	:: else
	fi;
	end_link(cur);
	if
	:: there -> fence(cur)
	:: !there
	fi;
	go_home(g_epoch + 1)
}

inline again()	/* lost_tend() */
{
	T("G do attach\n")
	launch(cur, m_again, 0)
}

inline begin_move(x, e)	/* guard_start_move() */
{
	T("G do move %d\n", e)
	atomic { nxt = x; offered = e };
	launch(x, m_new, e)
}

inline move_failed()	/* guard_move_failed() */
{
	end_link(nxt);
	if
	:: gst == first -> go_home(offered + 1)
	:: gst == recovering -> gst = away; again()
	:: gst == onward -> atomic { gst = away; refused = offered; g_epoch = offered + 1 };
		if
		:: attached -> T("G do resume\n") to_link[cur]!m_resume
		:: !attached /* the offer comes again with the next link: on_offer() */
		fi
	fi
}

inline move_done(e)	/* move_done(), release_holder() */
{
	if
	:: gst == first
	:: gst == onward && attached -> T("G do release\n") to_link[cur]!m_release;
		if
		:: to_guard[cur]?m_release(_)
		:: to_guard[cur]?m_eof(_) -> fence(cur)
		:: to_guard[cur]?m_offer(_) -> fence(cur)
		fi;
		end_link(cur)
	:: gst != first && !attached -> end_link(cur); fence(cur)
	fi;
	atomic { cur = nxt; gst = away; g_epoch = e; attached = true };
	T("G do commit\n")
	to_link[cur]!m_commit
}

#define IS	T("G is %e %d %d\n", gst, g_epoch, attached)

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
			moves--; gst = first; T("G begins %d\n", g_epoch) begin_move(x, g_epoch) }; IS
	:: gst == first || gst == onward || gst == recovering ->
		if
		:: to_guard[nxt]?m_ready(e) -> T("G next ready\n") move_done(e)
		:: to_guard[nxt]?m_abort(_) -> T("G next abort\n") move_failed()
		:: to_guard[nxt]?m_eof(_) -> T("G next eof\n") move_failed()
		:: gst == onward && to_guard[cur]?[m_eof(e)] -> to_guard[cur]?m_eof(_);
			T("G current eof\n") end_link(cur); attached = false; again()
		:: gst == onward && to_guard[cur]?[m_abort(e)] -> to_guard[cur]?m_abort(_);
			T("G current abort\n") end_link(cur); again()
		:: gst == onward && to_guard[cur]?[m_attached(e)] -> to_guard[cur]?m_attached(_);
			T("G current ready\n") attached = true; T("G do commit\n") to_link[cur]!m_commit
		:: gst == onward && to_guard[cur]?[m_offer(e)] -> to_guard[cur]?m_offer(_);
			T("G current offer again\n")
		:: gst == onward && to_guard[cur]?[m_gone(e)] -> to_guard[cur]?m_gone(_);
			T("G current gone\n") lost_for_good(false)
		fi; IS
	:: gst == away ->
end_away:	if
		:: to_guard[cur]?m_eof(_) -> /* lost_begin() */
			T("G current eof\n") end_link(cur); attached = false; again()
		:: to_guard[cur]?m_abort(_) ->
			end_link(cur);
			x = 1 - cur;
			if
			:: T("G current abort\n") again()
			:: T("G current abort, recover home\n") lost_for_good(true) /* the user, or nothing can be lost */
			:: atomic { moves > 0 && pst[x] == absent && !fence_on[x] && idle_link[x] ->
				moves--; /* lost_recover() */
				T("G current abort, recover there\n") gst = recovering; begin_move(x, g_epoch) }
			fi
		:: to_guard[cur]?m_attached(_) -> T("G current ready\n") attached = true;
			T("G do commit\n") to_link[cur]!m_commit
		:: to_guard[cur]?m_gone(_) -> T("G current gone\n") lost_for_good(false)
		:: to_guard[cur]?m_offer(e) -> /* on_offer() */
			x = 1 - cur;
			if
			:: e == refused -> T("G current offer refused\n") T("G do resume\n")
				to_link[cur]!m_resume
			:: e != refused -> T("G current offer home\n") T("G do release\n")
				to_link[cur]!m_release; /* move_home() */
				if
				:: to_guard[cur]?m_release(_)
				:: to_guard[cur]?m_eof(_) -> fence(cur)
				fi;
				end_link(cur); go_home(e + 1)
			:: atomic { e != refused && pst[x] == absent && !fence_on[x] && idle_link[x] ->
				T("G current offer onward\n") gst = onward; begin_move(x, e) }
			fi
		fi; IS
	od
}

#ifdef TRACE
active proctype Weather()
{
	short n;
end:
	do
	:: n < 1000 -> n++; storm = false
	:: n < 1000 -> n++; storm = false
	:: n < 1000 -> n++; storm = false
	:: n < 1000 -> n++; storm = false
	:: n < 1000 -> n++; storm = false
	:: n < 1000 -> n++; storm = true; storm = false
	od
}
#endif

/* When nothing can happen any more. */
active proctype Monitor()
{
end:
	timeout ->
	assert(gst == at_home || (gst == away && pst[cur] == live && carrying[cur]));
	assert((gst == at_home && pst[0] == absent && pst[1] == absent) || (gst == away && pst[1 - cur] == absent))
}
