#ifndef MISH_PTY_ASKPASS_H
#define MISH_PTY_ASKPASS_H

/*
 * mish-link as ssh(1)'s SSH_ASKPASS: the session's terminal is raw, and nobody else may read what is typed ahead. The
 * variable says that it was started for that.
 */
#define ASKPASS_MARK "MISH_ASKPASS"

/* Asks at the terminal, and writes the answer to standard output. An exit status: 0, or 1 where no answer was given. */
int askpass_main(const char *prompt);

#endif
