"""What a shell is to the app: the leader of its terminal's session, which outlives it.

`python -m tests.ui.pty_shell REPORT CONTROL ARGV...` runs ARGV as the foreground job of the terminal on descriptor 0,
writes its process id and then its exit code to the descriptor REPORT, and ends when CONTROL is closed.
"""

import fcntl
import os
import signal
import sys
import termios


def main() -> None:
    report, control, argv = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        os.tcsetpgrp(0, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        # Ignored where the tests themselves were started in the background.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.execv(argv[0], argv)
    # The hangup of the terminal reaches the job as well; the shell has to live to tell how it ended.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    os.write(report, f"{job}\n".encode())
    _, status = os.waitpid(job, 0)
    os.write(report, f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os.read(control, 1)


if __name__ == "__main__":
    main()
