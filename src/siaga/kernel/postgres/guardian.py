"""Stops an embedded server when its last user is gone. Run as a bare script; imports only the
standard library's smallest parts, for it waits as long as the server lives.

Arguments: users.lock, pg_ctl, data folder, uid, gid.
"""

import fcntl
import os
import sys


def main() -> None:
    lock, pg_ctl, data, uid, gid = sys.argv[1:]
    if os.fork():
        os._exit(0)
    os.setsid()
    descriptor = os.open(lock, os.O_RDWR)
    os.set_inheritable(descriptor, True)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    os.chdir("/")
    # The lock stays with pg_ctl: who comes now waits until the server is down, then starts it anew.
    os.execv(
        pg_ctl,
        [pg_ctl, "stop", "--pgdata", data, "--mode", "fast", "--wait", "--silent"],
    )


if __name__ == "__main__":
    main()
