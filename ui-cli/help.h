/*
 * help.h - help, the manual page and the shell's completion, all from the one table of commands.
 */
#ifndef SL_UI_HELP_H
#define SL_UI_HELP_H

#include "ui-cli/cli.h"

void sl_help_all(FILE *f);
/* sl_help_noun - every command of one noun. False: no such noun. */
bool sl_help_noun(const char *noun, FILE *f);
void sl_help_one(const struct sl_command *command, FILE *f);
/* sl_help_session - what may be done over SSH. */
void sl_help_session(FILE *f);
/* sl_help_asked - print what --version or --help ask for, over SSH what may be done there. False: neither is asked. */
bool sl_help_asked(const struct sl_args *args, bool session);
/* sl_help_manual - sluice(1) in roff. sl_help_completion, sl_help_completion_zsh - for bash, for zsh. */
void sl_help_manual(FILE *f);
void sl_help_completion(FILE *f);
void sl_help_completion_zsh(FILE *f);

/* Exit codes with their meaning, for help and manual. */
struct sl_help_exit {
	int code;
	const char *meaning;
};
extern const struct sl_help_exit sl_help_exits[14];

#endif
