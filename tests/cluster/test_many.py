#!/usr/bin/env python3
"""Many sessions on one node, and the node dies: all of them go on."""

from mishtest import *

SESSIONS = int(os.environ.get("MISH_TEST_SESSIONS", "20"))


def pump_all(sessions, seconds):
    """Reads what comes to any of them, so that nobody waits for a reader."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        ready = select.select([s.fd for s in sessions], [], [], 0.1)[0]
        for s in sessions:
            if s.fd in ready:
                s.pump(0)


def all_go_on_when_their_node_is_killed(c):
    sessions = []
    try:
        for i in range(SESSIONS):
            s = Session(c)
            sessions.append(s)
            s.move("beta")
            s.run("mark=kept%d" % i, "beta")
            s.line(":")
            s.prompt("beta")
        equal("guests", len([p for p in c.session_processes("beta") if "mish-peer" in p]), SESSIONS)
        pump_all(sessions, 0.5)
        starts = [len(s.log) for s in sessions]
        c.tool("kill", "beta")
        noticed, back = {}, {}
        end = time.monotonic() + 100 * PATIENCE
        while len(back) < SESSIONS and time.monotonic() < end:
            pump_all(sessions, 0.1)
            for i, s in enumerate(sessions):
                new = bytes(s.log[starts[i]:])
                if i not in noticed and b"no answer for 3 s" in new:
                    noticed[i] = time.monotonic() - 3
                if i not in back and b"continues on alpha" in new and b"[alpha]> " in new:
                    back[i] = time.monotonic()
        equal("back (%r)" % bytes(sessions[0].log[starts[0]:])[-600:], len(back), SESSIONS)
        worst = max(back[i] - noticed.get(i, back[i]) for i in back)
        true("within 10 s of the loss being noticed (%.1f)" % worst, worst <= 10 * PATIENCE)
        for i, s in enumerate(sessions):
            s.mark = starts[i]
            s.prompt("alpha")
            equal("state", s.run("echo $mark $(hostname)")[0], "kept%d alpha\n" % i)
            s.line("exit")
            equal("exit status", s.finish(), 0)
        print("# the slowest came back %.1f s after its loss was noticed" % worst)
    finally:
        for s in sessions:
            s.kill()
        c.tool("boot", "beta", check=False)


if __name__ == "__main__":
    main([all_go_on_when_their_node_is_killed], nodes=2, tag="n")
