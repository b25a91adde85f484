#ifndef MISH_PTY_ASKPASS_H
#define MISH_PTY_ASKPASS_H

/*
 * mish-link as ssh(1)'s SSH_ASKPASS: the session's terminal is raw, and nobody else may read what is typed ahead. The
 * variable says that it was started for that.
 */
#define ASKPASS_MARK "MISH_ASKPASS"

/* … of which nobody may be asked: not even by a process that ssh(1) starts. */
#define ASKPASS_NEVER "never"
/*
 * Before it asks, standard error gets this, with the variable's value in it, and is read by the link, which then shows what ssh(1)
 * has said so far: banners, instructions, why the last answer was none.
 */
#define ASKPASS_ASKS "\033_mish asks %s\033\\"
/* Shows a text of the server's, which must not steer the terminal. */
void askpass_show(int tty, const char *text);

/* Asks at the terminal, and writes the answer to standard output. An exit status: 0, or 1 where no answer was given. */
int askpass_main(const char *prompt);

#endif
