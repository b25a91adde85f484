"""A Kerberos realm, with a real KDC on gamma: whoever has a ticket goes on with it, and asks nobody."""

import contextlib
import os
import shutil
import sys

from mishtest import *
from sshsite import file, server, site_file

REALM = "MISH.TEST"
KRB5_CONF = """[libdefaults]
 default_realm = MISH.TEST
 dns_lookup_kdc = false
 dns_lookup_realm = false
 dns_canonicalize_hostname = false
 rdns = false
[realms]
 MISH.TEST = {
  kdc = gamma
 }
"""
KDC_CONF = """[realms]
 MISH.TEST = {
  database_name = /run/kdc/principal
  key_stash_file = /run/kdc/stash
  kdc_listen = 88
  kdc_tcp_listen = 88
  max_renewable_life = 7d
 }
"""
BY_TICKET = ("GSSAPIAuthentication yes", "PubkeyAuthentication no")
TICKET = "krbtgt/%s@%s" % (REALM, REALM)
DELEGATE = "GSSAPIAuthentication yes\nGSSAPIDelegateCredentials yes\n"


def realm(c):
    """A KDC; mia's password is "secret", and all hosts' keys are in the /etc that they share."""
    for name, text in (("krb5.conf", KRB5_CONF), ("kdc.conf", KDC_CONF)):
        with open(os.path.join(c.dir, "etc", name), "w") as f:
            f.write(text)
    admin = "export KRB5_KDC_PROFILE=/etc/kdc.conf; mkdir -p /run/kdc; "
    out = c.root("gamma", admin + "kdb5_util create -s -r %s -P master; kadmin.local addprinc -pw secret mia; "
                 "for n in alpha beta gamma; do kadmin.local addprinc -randkey host/$n; kadmin.local ktadd -k /etc/krb5.keytab host/$n; done; krb5kdc"
                 % REALM)
    wait_until("the KDC gives tickets (%s)" % out, lambda: TICKET in c.as_user("alpha", "echo secret | kinit 2>&1; klist; kdestroy -q"))


def ssh(c, *args):
    return c.as_user("alpha", "ssh -T -o BatchMode=yes %s 2>&1" % " ".join(args))


@contextlib.contextmanager
def ticket(c):
    c.as_user("alpha", "echo secret | kinit -f")
    try:
        yield
    finally:
        c.as_user("alpha", "kdestroy -q")


def caches(c, node):
    return c.root(node, "find /tmp /run -name '*krb5*' ! -path '/run/mish-cluster-*' 2>/dev/null").split()


def goes_on_with_the_ticket(c, transport, lines=BY_TICKET):
    with server(c, "beta", *lines), ticket(c), file(c, ".ssh/config", DELEGATE), file(c, ".config/mish/transport", transport):
        true("ssh has the ticket there", TICKET in ssh(c, "beta", "klist"))
        with Session(c) as s:
            before = s.run("echo x${KRB5CCNAME}x")[0]
            s.move("beta")
            there = s.run("echo $KRB5CCNAME", "beta")[0].strip()
            true("a path that stays: %s" % there, there.startswith("FILE:/tmp/mish-20077/mish-krb5-"))
            cache = c.root("beta", "readlink " + there[5:]).strip()
            true("to the node's own: %s" % cache, cache.startswith("/tmp/krb5cc_20077_"))
            equal("which is there, and not here", (cache in caches(c, "beta"), cache in caches(c, "alpha")), (True, False))
            true("the ticket", TICKET in s.run("klist", "beta")[0])
            s.move("home")
            equal("at home it is home's", s.run("echo x${KRB5CCNAME}x")[0], before)
            true("with its ticket", TICKET in s.run("klist")[0])
        wait_until("nothing is left there", lambda: caches(c, "beta") == [])


def a_ticket_comes_along(c):
    goes_on_with_the_ticket(c, "")


def a_ticket_comes_along_where_a_key_would_do(c):
    """ssh(1) tries tickets before keys."""
    goes_on_with_the_ticket(c, "", BY_TICKET[:1])


def a_ticket_comes_along_by_ssh(c):
    goes_on_with_the_ticket(c, "* openssh\n")


def a_ticket_comes_along_by_libssh(c):
    goes_on_with_the_ticket(c, "* libssh\n")


def what_is_not_delegated_stays(c):
    """The ticket opens the door, and that is all."""
    for transport in ("* libssh\n", "* openssh\n"):
        with server(c, "beta", *BY_TICKET), ticket(c), file(c, ".ssh/config", "GSSAPIAuthentication yes\n"), \
                file(c, ".config/mish/transport", transport):
            true("ssh has none", TICKET not in ssh(c, "beta", "klist"))
            with Session(c) as s:
                s.move("beta")
                equal("no cache", s.run("echo x${KRB5CCNAME}x", "beta")[0].strip(), "xx")
                true("no ticket", TICKET not in s.run("klist 2>&1", "beta")[0])
                s.move("home")


def without_a_ticket_nobody_goes(c):
    with server(c, "beta", *BY_TICKET), file(c, ".ssh/config", DELEGATE):
        for transport in ("", "* libssh\n", "* openssh\n"):
            with file(c, ".config/mish/transport", transport):
                true("ssh is refused", "Permission denied" in ssh(c, "beta", "true"))
                with Session(c) as s:
                    s.line("smigrate beta")
                    s.expect(r"mish: smigrate: beta: [^\r\n]*ermission denied[^\r\n]*\(staying on alpha\)\r\n")
                    s.prompt()


def a_ticket_goes_on_and_on(c):
    """With what came along ssh goes on from there, and so does smigrate."""
    with server(c, "beta", *BY_TICKET), server(c, "gamma", *BY_TICKET), ticket(c), file(c, ".ssh/config", DELEGATE), Session(c) as s:
        s.move("beta")
        out = s.run("ssh -T -o BatchMode=yes gamma klist 2>&1", "beta")[0]
        true("ssh goes on from there: %s" % out, TICKET in out)
        s.move("gamma")
        true("the ticket", TICKET in s.run("klist", "gamma")[0])
        s.move("home")


def a_ticket_outlives_a_cut(c):
    """sshd removes a connection's cache with it; the next one brings another."""
    with server(c, "beta", *BY_TICKET), ticket(c), file(c, ".ssh/config", DELEGATE), Session(c) as s:
        s.move("beta")
        s.run(":", "beta")
        c.root("beta", "pkill -f 'sshd: mia'")
        wait_until("the ticket again", lambda: TICKET in s.run("klist 2>&1", "beta")[0])
        s.run("kdestroy; echo secret | kinit -f", "beta")
        true("a ticket of its own", TICKET in s.run("klist 2>&1", "beta")[0])
        s.move("home")
    wait_until("nothing is left there", lambda: caches(c, "beta") == [])


if __name__ == "__main__":
    if shutil.which("krb5kdc") is None or shutil.which("kadmin.local") is None:
        print("skip: no krb5kdc and kadmin.local, for a realm (krb5-kdc, krb5-admin-server, krb5-user)")
        sys.exit(77)
    main([realm, a_ticket_comes_along, a_ticket_comes_along_where_a_key_would_do, a_ticket_comes_along_by_ssh, a_ticket_comes_along_by_libssh, what_is_not_delegated_stays,
          without_a_ticket_nobody_goes, a_ticket_goes_on_and_on, a_ticket_outlives_a_cut], tag="k")
